"""A missing guard at the beginning of a function.

Without it, an empty argument makes the function crash, return None or recurse endlessly.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from coderefine.judge.report import CaseResult
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import bound
from coderefine.search.facts.statements import prepended, returns_value, stands_alone
from coderefine.search.given.evidence import Evidence

_SIMPLE: tuple[Any, ...] = (0, 1, -1, "", [], None, False, True)
_CRASHES = frozenset(
    {
        *("IndexError", "KeyError", "AttributeError", "ZeroDivisionError"),
        *("ValueError", "TypeError", "UnboundLocalError", "StopIteration"),
    }
)
_STARTS = {ast.Add: "0", ast.Mult: "1", ast.Or: "False", ast.And: "True"}
_TRIED = 3
"""The most parameters for which a guard is tried."""


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    answers = dict.fromkeys(_answers(evidence))
    for node in program.code:
        if isinstance(node, ast.FunctionDef) and stands_alone(program, node.body[0]):
            names = [it.arg for it in node.args.args if it.arg not in ("self", "cls")][:_TRIED]
            if _calls_itself(node):
                yield from _bases(program, node, names)
            elif answers:
                yield from _guards(program, node, names, list(answers) if returns_value(node) else [""])


def _answers(evidence: Evidence) -> Iterator[str]:
    """Yield the right answers in tests with an empty argument on which the program fails, likeliest first.

    It fails where it crashes, or where it returns None.
    """
    for case in evidence.report.failures:
        failed = case.error.type in _CRASHES if case.error else case.answered and case.got is None
        if failed and _is_simple(case.expected) and _has_nothing(case):
            yield repr(case.expected)


def _has_nothing(case: CaseResult) -> bool:
    sized = (int, float, str, list, tuple, dict)
    return any(value is None or (isinstance(value, sized) and not value) for value in case.args)


def _is_simple(value: Any) -> bool:
    return any(type(value) is type(other) and value == other for other in _SIMPLE)


def _guards(program: Program, node: ast.FunctionDef, names: list[str], answers: list[str]) -> Iterator[Change]:
    first, indent = node.body[0], _step(program, node)
    for at, name in enumerate(names):
        for number, answer in enumerate(answers):
            yield prepended(program, first, f"if not {name}:\n{indent}return {answer}".rstrip(), 0.8**at * 0.7**number)


def _bases(program: Program, node: ast.FunctionDef, names: list[str]) -> Iterator[Change]:
    """Yield base cases for a recursive function."""
    first, indent = node.body[0], _step(program, node)
    has_base = any(isinstance(it, ast.If | ast.IfExp | ast.For | ast.While) for it in ast.walk(node))
    weight = 0.3 if has_base else 5.0
    starts = _starts(node)
    for at, name in enumerate(names):
        is_number = program.kinds.get(name) == "number"
        forms: dict[str, float] = {}
        for number, start in enumerate(starts):
            if is_number:
                forms[f"if {name} == 0:\n{{}}return {start}"] = 0.9**number
                forms[f"if {name} <= 1:\n{{}}return {start}"] = 0.8 * 0.9**number
            else:
                forms[f"if not {name}:\n{{}}return {start}"] = 0.9**number
                forms[f"if {name} is None:\n{{}}return {start}"] = 0.5 * 0.9**number
        forms[f"if {name} < 2:\n{{}}return {name}" if is_number else f"if len({name}) < 2:\n{{}}return {name}"] = 0.6
        for form, likely in forms.items():
            yield prepended(program, first, form.format(indent), weight * likely * 0.7**at)


def _starts(node: ast.FunctionDef) -> list[str]:
    """Return the values of an empty case, likeliest first: those neutral for the operation that joins the calls."""
    found: dict[str, None] = {}
    for inner in ast.walk(node):
        match inner:
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _STARTS:
                if any(isinstance(side, ast.List | ast.ListComp) for side in (left, right)):
                    found["[]"] = None
                if any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (left, right)):
                    found['""'] = None
                found[_STARTS[type(op)]] = None
            case ast.BoolOp(op=op):
                found[_STARTS[type(op)]] = None
            case _:
                pass
    return list(found | dict.fromkeys(("0", "1", "None", "[]", '""', "True", "False")))


def _calls_itself(node: ast.FunctionDef) -> bool:
    for inner in ast.walk(node):
        match inner:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
                if name == node.name and node.name not in bound(node)[0]:
                    return True
            case _:
                pass
    return False


def _step(program: Program, node: ast.FunctionDef) -> str:
    """Return one step of indentation, as in the function's own block."""
    outer, inner = (program.lines[it.lineno - 1] for it in (node, node.body[0]))
    width = len(inner) - len(inner.lstrip()), len(outer) - len(outer.lstrip())
    step = inner[width[1] : width[0]] if node.lineno != node.body[0].lineno else "    "
    return inner[: width[0]] + step
