"""Accidents: unintended failures on inputs of which the statement does not say whether they are valid.

An index out of range, a name that was never bound, or a missing `return` is a sign of a bug even where the right answer
is unknown. Because it is only a sign, a change that mends an accident may change no answer of the program.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from coderefine.harden.bounds import Args
from coderefine.harden.constraints import read_constraints
from coderefine.harden.vote import answer
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.outside import parse_python
from coderefine.problem.problem import Problem, TestCase

MAX_CALLS = 3
"""The most failing inputs of one kind that a further step is shown."""
MAX_CHARS = 400
"""The most characters of a call that is shown."""
_NOTE = "# A small input that nothing rules out. The right answer is not known, but this is no way to fail."
_SIZED = frozenset({list, tuple, str, dict, set})
_NEUTRAL = _SIZED | {int, float}
"""Types whose default value is neutral: 0, or an empty collection."""


def call_of(args: Args) -> str:
    """Return the call with these arguments as a test writes it."""
    return f"candidate({', '.join(map(repr, args))})"


def find_accidents(
    problem: Problem, inputs: Sequence[Args], report: TestReport, source: str, *, certain: int
) -> tuple[str, ...]:
    """Return the calls that are accidents of the program, the shortest first.

    `report` is of the program `source` on these inputs. The first `certain` inputs are valid; at most MAX_CALLS calls
    are returned for them, and then as many for the others. None are returned where the statement has constraints,
    because these decide whether an input is valid.
    """
    if not problem.params or any(param.type.nodes for param in problem.params) or read_constraints(problem).stated:
        return ()
    lines, may_be_none = source.split("\n"), _returns_none(source)
    calls = [
        call_of(args) if case.args == args and _is_accident(problem, case, lines, may_be_none) else ""
        for args, case in zip(inputs, report.cases, strict=False)
    ]
    groups = ([call for call in group if 0 < len(call) <= MAX_CHARS] for group in (calls[:certain], calls[certain:]))
    return tuple(call for group in groups for call in sorted(group, key=len)[:MAX_CALLS])


def accident_test(name: str, call: str, problem: Problem, *, neutral: bool) -> TestCase:
    """Return a test case that a program with the accident fails.

    With `neutral`, the expected answer to a call with an empty argument is 0 or an empty collection, as is most
    frequent, provided that the visible answers have one such type.
    """
    known = {type(case.expected) for case in problem.visible if not case.code}
    if neutral and len(known) == 1 and known <= _NEUTRAL:
        args = tuple(map(ast.literal_eval, _arguments(call)))
        if any(type(arg) in _SIZED and not arg for arg in args):
            return TestCase(name, args, known.pop()())
    return TestCase(name, code=f"{_NOTE}\n{call}" if type(None) in known else f"{_NOTE}\nassert {call} is not None")


def _arguments(call: str) -> list[ast.expr]:
    parsed = ast.parse(call, mode="eval").body
    return parsed.args if isinstance(parsed, ast.Call) else []


def only_adds(before: str, after: str) -> bool:
    """Whether `after` has all lines of `before`, in their order, and so most likely keeps its behaviour."""
    rest = iter(after.split("\n"))
    return all(line in rest for line in before.split("\n"))


def _returns_none(source: str) -> bool:
    """Whether a program has a `return` of None or without a value; also true of a program that cannot be parsed."""
    try:
        tree = parse_python(source)
    except SyntaxError:
        return True
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    return any(value is None or (isinstance(value, ast.Constant) and value.value is None) for value in values)


def _is_accident(problem: Problem, case: CaseResult, lines: Sequence[str], may_be_none: bool) -> bool:
    """Whether a program crashed in a line that is no `raise` or `assert`, or returned None without a `return` of it."""
    if answer(problem, case) is not None or case.verdict not in (Verdict.AC, Verdict.WA, Verdict.RE):
        return False
    if case.error is None:
        return case.got is None and not may_be_none
    number = case.error.line or 0
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return not line.lstrip().startswith(("raise", "assert")) and case.error.type != "SystemExit"
