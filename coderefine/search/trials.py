"""Where the search has its ideas judged: in order, within its limits, every run counted."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coderefine.budget import Meter
from coderefine.errors import BudgetExhausted
from coderefine.judge import values
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem import Problem

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge

_Outcome = tuple[int | str, Verdict, str, str]

_FASTEST_S = 0.02
_FASTEST_SUITE_S = 0.5  # a session of pytest takes some 0.1 s with nothing to do
_SLACK = 4


@dataclass(frozen=True, slots=True)
class State:
    """A program on the way from the one to repair: how it came about, and what became of it in the tests."""

    source: str
    notes: tuple[str, ...]
    prior: float
    report: TestReport
    changed: bool = True
    """Whether the first failure differs from the one before the last step."""


@dataclass(frozen=True, slots=True)
class Step:
    """An idea for a state."""

    origin: State
    source: str
    note: str
    prior: float


class Trials:
    """Judges steps until a limit is reached; `left` may be lowered on the way."""

    def __init__(
        self, problem: Problem, judge: Judge, meter: Meter, *, max_candidates: int, max_seconds: float
    ) -> None:
        self.left = max_candidates
        self._problem = problem
        self._judge = judge
        self._meter = meter
        self._deadline = time.monotonic() + max_seconds

    def run(self, steps: Iterable[Step], *, complete: bool = False) -> Iterator[State]:
        """Yield the state after each step, in order; ends early, and quietly, where a limit is reached."""
        begun: deque[Step] = deque()
        sources = self._affordable(steps, begun)
        reports = self._judge.run_many(self._problem, sources, tests="visible", stop_at_first_failure=not complete)
        for report in reports:
            step = begun.popleft()
            notes = (*step.origin.notes, step.note) if step.note else step.origin.notes
            yield State(step.source, notes, step.prior, report, _failure(report) not in _outcomes(step.origin.report))

    def _affordable(self, steps: Iterable[Step], begun: deque[Step]) -> Iterator[str]:
        for step in steps:
            if self.left <= 0 or time.monotonic() >= self._deadline:
                return
            try:
                self._meter.check_candidate()
            except BudgetExhausted:
                self.left = 0
                return
            self._meter.add_candidate()
            self.left -= 1
            begun.append(step)
            yield step.source


def _failure(report: TestReport) -> _Outcome | None:
    return next(iter(_outcomes(report)), None)


def _outcomes(report: TestReport) -> list[_Outcome]:
    found = report.assurance == "in-process"  # such cases are known by their names; see TestReport.passing
    return [
        (
            case.name if found else case.index,
            case.verdict,
            str(case.error and (case.error.type, case.error.message)),
            values.encode(case.got),
        )
        for case in report.failures
    ]


def quick(problem: Problem, report: TestReport) -> Problem:
    """The problem as the search tests it: what failed comes first, and a loop that does not end is soon found out.

    The time limit falls to ten times the slowest case that passed. Whoever takes a patch judges it by the real limits.
    """
    if problem.kind == "pytest":
        return _quick_suite(problem, report)
    failing = [case.index for case in report.failures if case.index < len(problem.visible)]
    order = failing + [index for index in range(len(problem.visible)) if index not in failing]
    slowest = max((case.cpu_s for case in report.cases if case not in report.failures), default=0.0)
    time_s = min(problem.limits.time_s, max(_FASTEST_S, _SLACK * slowest))
    visible = tuple(problem.visible[index] for index in order)
    return replace(problem, visible=visible, hidden=(), limits=replace(problem.limits, time_s=time_s))


def _quick_suite(problem: Problem, report: TestReport) -> Problem:
    """The same for files of tests, whose limit is for all of them together."""
    failing = {case.name.partition("::")[0] for case in report.failures}
    visible = sorted(problem.visible, key=lambda file: file.name not in failing)
    passed_s = sum(case.cpu_s for case in report.cases if case.verdict is Verdict.AC)
    time_s = min(problem.limits.time_s, max(_FASTEST_SUITE_S, _SLACK * passed_s))
    return replace(problem, visible=tuple(visible), hidden=(), limits=replace(problem.limits, time_s=time_s))
