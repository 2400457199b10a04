"""Decides whether a patch makes sense, which no test can: code that only serves to pass is no repair."""

from __future__ import annotations

from collections.abc import Iterator

from coderefine.problem.problem import Problem
from coderefine.search.facts.program import Program
from coderefine.search.given.kind import SearchedKind
from coderefine.search.sense import constants, effects, loss
from coderefine.search.sense.finding import Finding


def nonsense(before: Program, after: Program, problem: Problem) -> str:
    """Return in words what in `after` makes no sense and was not in `before`; "" where all does.

    Of a `before` that does not parse, only its text is known.
    """
    own = {finding.key for finding in _findings(before)}
    written = {line.strip() for line in before.lines} if before.error else set()
    for finding in _findings(after):
        is_written = before.error and (finding.key in before.text or after.lines[finding.line - 1].strip() in written)
        if finding.key not in own and not is_written:
            return f"{finding.words} in line {finding.line}"
    if SearchedKind.of(problem).keeps_statements and (lost := loss.fewer_statements(before, after)):
        return lost
    return loss.hidden_code(before, after) or constants.unexplained(before, after, problem)


def _findings(program: Program) -> Iterator[Finding]:
    yield from effects.rebound(program)
    yield from effects.without_effect(program)
    yield from effects.foregone(program)
