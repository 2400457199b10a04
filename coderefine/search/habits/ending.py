"""A function that returns a value on one path and nothing on another: the `return` at its end is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import LEAVES
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import inserted, stands_alone
from coderefine.search.given.evidence import Evidence

_USUAL = {"0": 0.5, "-1": 0.6, "None": 0.1, "[]": 0.3, '""': 0.2}
_TRUTHS = {"True": True, "False": False}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, ast.FunctionDef) or not stands_alone(program, node.body[-1]):
            continue
        values = [it.value for it in ast.walk(node) if isinstance(it, ast.Return) and it.value is not None]
        values = [value for value in values if program.around(value, ast.FunctionDef, ast.Lambda) is node]
        if not values or not _falls_through(node.body[-1]):
            continue
        for text, weight in _results(program, node, values).items():
            yield inserted(program, node.body[-1], f"return {text}", weight)


def _falls_through(last: ast.stmt) -> bool:
    """Whether the end of a function may be reached."""
    match last:
        case ast.While(test=ast.Constant(value=True)):
            return False
        case ast.If(body=body, orelse=orelse):
            return not orelse or _falls_through(body[-1]) or _falls_through(orelse[-1])
    return not isinstance(last, LEAVES)


def _results(program: Program, function: ast.FunctionDef, values: list[ast.expr]) -> dict[str, float]:
    """Return what a function that returns `values` elsewhere may return at its end, with weights."""
    truths = [it.value for it in values if isinstance(it, ast.Constant) and isinstance(it.value, bool)]
    found: dict[str, float] = {}
    if truths:
        for text, truth in _TRUTHS.items():
            found[text] = 1.0 if truth not in truths else 0.3
        return found
    loops = [node for node in function.body if isinstance(node, ast.For | ast.While)]
    for argument in function.args.args:
        if argument.arg != "self" and program.kinds.get(argument.arg) != "number":
            found[f"len({argument.arg})"] = 1.0 if loops else 0.5
        if argument.arg != "self":
            found[argument.arg] = 0.5
    for statement in function.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = 0.8
            case ast.For(target=ast.Name(id=name)):
                found[f"{name} + 1"] = 0.3
            case _:
                pass
    for value in values:
        found.setdefault(program.segment(value), 0.3)
    return {**_USUAL, **found}
