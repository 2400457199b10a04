"""What one engine hands to the next, where it found no program that passes: what it tried, and what came near.

A lesson that an engine states itself (`StepReport.lesson`) takes precedence; for other engines it is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coderefine.judge.report import TestReport
from coderefine.patch import make_diff
from coderefine.prompting import fenced
from coderefine.rendering import cut, printable
from coderefine.result import Candidate, Iteration

_TOLD = 2
"""Edits that are shown."""
_DIFF_CHARS, _NOTE_CHARS = 1200, 200
_MENDED = 2
"""Programs from which the search continues."""


def lesson_of(steps: Sequence[Iteration], best: Candidate) -> str:
    """Return the lesson of steps in which nothing passed, for an engine that begins with `best`.

    "" where nothing was tested, or the engine itself has stated it.
    """
    tried = [candidate for candidate in _nearest(steps) if candidate.source != best.source]
    if not tried or any(step.step_report.lesson for step in steps):
        return ""
    parts = [f"Another engine tried {_edits(len(tried))} of this program in vain. The nearest to passing:"]
    for candidate in tried[:_TOLD]:
        diff = make_diff(best.source, candidate.source)
        shown = fenced(diff, "diff") if len(diff) <= _DIFF_CHARS else "(too long to be shown)"
        parts.append(f"{_result(candidate.report, best.report)}:\n{shown}")
    return "\n\n".join(parts)


def nearly_right(steps: Iterable[Iteration], done: Iterable[str]) -> list[Candidate]:
    """Return programs of some steps that may be one edit away from passing, nearest first, without those in `done`."""
    left = [candidate for candidate in _nearest(steps) if candidate.source not in set(done)]
    return left[:_MENDED]


def _nearest(steps: Iterable[Iteration]) -> list[Candidate]:
    """Return the tested programs that fail, each once, those that pass most tests first."""
    found: dict[str, Candidate] = {}
    for step in steps:
        found |= {it.source: it for it in step.tested if not it.report.accepted}
    return sorted(found.values(), key=lambda it: it.report.standing, reverse=True)


def _edits(count: int) -> str:
    return "one edit" if count == 1 else f"{count} edits"


def _result(report: TestReport, before: TestReport) -> str:
    """Return a line on the test results of a program."""
    said = f"It passes {report.passed} of {report.total} tests"
    if lost := len(before.passing - report.passing):
        said += f", but fails {lost} that this program passes"
    error = next((case.error for case in report.failures if case.error is not None), None)
    if error is not None:
        said += f"; it ends in `{cut(printable(f'{error.type}: {error.message}'), _NOTE_CHARS)}`"
    return said
