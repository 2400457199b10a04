"""Oversights: unintended failures on inputs of which the statement does not say whether they are valid.

An index out of range, a name that was never bound, or a missing `return` is a sign of a bug even where the right answer
is unknown. Because it is only a sign, a change that mends an oversight may change no answer of the program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

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
_NOTHING = re.compile(r"\b(?:None|null|nil)\b|\bif (?:there (?:is|are) )?any\b")
_SIZED = frozenset({list, tuple, str, dict, set})
_NEUTRAL = _SIZED | {int, float}
"""Types whose default value is neutral: 0, or an empty collection."""


def call_of(args: Args) -> str:
    """Return the call with these arguments as a test writes it."""
    return f"candidate({', '.join(map(repr, args))})"


def find_oversights(
    problem: Problem, inputs: Sequence[Args], report: TestReport, source: str, *, certain: int
) -> tuple[str, ...]:
    """Return the calls that are oversights of the program, the shortest first.

    `report` is of the program `source` on these inputs. The first `certain` inputs are valid; at most MAX_CALLS calls
    are returned for them, and then as many for the others. None are returned where the statement has constraints,
    because these decide whether an input is valid.
    """
    if not problem.params or any(param.type.nodes for param in problem.params) or read_constraints(problem).stated:
        return ()
    meant = _Meant.by(problem, source, report.cases[:certain])
    calls = [
        call_of(args) if case.args == args and _is_oversight(problem, case, meant) else ""
        for args, case in zip(inputs, report.cases, strict=False)
    ]
    groups = ([call for call in group if 0 < len(call) <= MAX_CHARS] for group in (calls[:certain], calls[certain:]))
    return tuple(call for group in groups for call in sorted(group, key=len)[:MAX_CALLS])


def oversight_test(name: str, call: str, problem: Problem) -> TestCase:
    """Return a test case that a program with the oversight fails.

    The expected answer to a call with an empty argument is 0 or an empty collection, as is most frequent, provided that
    the visible answers have one such type. Any other call may be answered with anything but None.
    """
    known = {type(case.expected) for case in problem.visible if not case.code}
    if len(known) == 1 and known <= _NEUTRAL:
        args = _arguments(call)
        if any(type(arg) in _SIZED and not arg for arg in args):
            return TestCase(name, args, known.pop()())
    return TestCase(name, code=f"{_NOTE}\n{call}" if type(None) in known else f"{_NOTE}\nassert {call} is not None")


def _arguments(call: str) -> Args:
    """Return the arguments of a call; () where one of them is no literal."""
    try:
        parsed = parse_python(call, "eval").body
        return tuple(map(ast.literal_eval, parsed.args)) if isinstance(parsed, ast.Call) else ()
    except (SyntaxError, ValueError):
        return ()


def only_adds(before: str, after: str) -> bool:
    """Whether `after` has all lines of `before`, in their order, and so most likely keeps its behaviour."""
    rest = iter(after.split("\n"))
    return all(line in rest for line in before.split("\n"))


@dataclass(frozen=True, slots=True)
class _Meant:
    """The failures that the author of a program may mean."""

    lines: frozenset[int]
    """The lines of statements that raise or assert."""
    words: str
    """The statement and the program; an error that these name may be part of what is asked for."""
    nothing: bool
    """Whether None may be an answer."""

    @classmethod
    def by(cls, problem: Problem, source: str, valid: Sequence[CaseResult]) -> Self:
        """Read a program and its reports on valid inputs; where it cannot be parsed, None may be an answer."""
        words = f"{problem.statement}\n{source}"
        try:
            nodes = list(ast.walk(parse_python(source)))
        except SyntaxError:
            return cls(frozenset(), words, nothing=True)
        raising = [node for node in nodes if isinstance(node, ast.Raise | ast.Assert)]
        lines = {line for it in raising for line in range(it.lineno, (it.end_lineno or it.lineno) + 1)}
        nothing = (
            any(_answers_none(node) for node in nodes)
            or _NOTHING.search(problem.statement) is not None
            or any(case.answered and case.got is None for case in valid)
        )
        return cls(frozenset(lines), words, nothing)


def _answers_none(node: ast.AST) -> bool:
    """Whether a node returns None, or nothing, or says that a function may."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        said = ast.walk(node.returns) if node.returns else ()
        return any(ast.unparse(part) in ("None", "Optional", "typing.Optional") for part in said)
    if not isinstance(node, ast.Return):
        return False
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def _is_oversight(problem: Problem, case: CaseResult, meant: _Meant) -> bool:
    """Whether a program crashed and nothing says that it may, or returned None though that is never an answer."""
    if answer(problem, case) is not None or case.verdict not in (Verdict.AC, Verdict.WA, Verdict.RE):
        return False
    if case.error is None:
        return case.got is None and not meant.nothing
    named = re.search(rf"\b{re.escape(case.error.type)}\b", meant.words) is not None
    return not named and case.error.line not in meant.lines and case.error.type != "SystemExit"
