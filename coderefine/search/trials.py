"""Where the search has its ideas tried: in order, within its limits, every one counted.

Tests that are calls are screened, many programs in a process, and what passes is judged. Suites of pytest are run
without the tests that passed, and what passes is judged on all. Other kinds of tests are judged right away.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coderefine.budget import Meter
from coderefine.errors import BudgetExhausted
from coderefine.judge.report import TestReport
from coderefine.judge.screening import can_screen
from coderefine.judge.tracing import with_evidence
from coderefine.judge.verdict import Verdict
from coderefine.problem import values
from coderefine.problem.problem import Problem
from coderefine.search.facts.program import Edits
from coderefine.search.templates.table import Base

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge

_FASTEST_S = 0.1
_SLACK = 10
_MIN_SLICE_S, _MAX_SLICE_S, _SLICE_SLACK = 0.003, 0.2, 4
"""CPU seconds that a program gets when it is screened, and how much more that is than the slowest passing test."""
_FASTEST_SUITE_S = 0.5  # a session of pytest takes some 0.1 s with nothing to do
_SUITE_SLACK = 10
_CORE, _CORE_FAILING, _CORE_BYTES = 8, 5, 200_000
"""Tests to screen on, how many of them at most because they fail, and the most that a test's arguments may take."""


@dataclass(frozen=True, slots=True)
class State:
    """A program on the way from the one to repair: how it came about, and what became of it in the tests."""

    source: str
    notes: tuple[str, ...]
    prior: float
    report: TestReport
    base: Base | None = None
    """What it was made from by `edits`; None for a program that is to be read for itself."""
    edits: Edits = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An idea for a state."""

    origin: State
    source: str
    note: str
    prior: float
    base: Base | None = None
    edits: Edits = ()


class Trials:
    """Tries steps until a limit is reached; `left` may be lowered on the way."""

    def __init__(
        self,
        problem: Problem,
        report: TestReport,
        judge: Judge,
        meter: Meter,
        *,
        max_candidates: int,
        max_seconds: float,
    ) -> None:
        """`report` is that of the program to repair."""
        self.left = max_candidates
        self.tried = Counter[str]()
        """How many steps of each template were tried."""
        self.problem = quick(problem, report)
        self._core = core(self.problem) if can_screen(problem) else None
        self._first = _failing_alone(self.problem, report) if problem.kind == "pytest" else self.problem
        self._slice_s = min(_MAX_SLICE_S, max(_MIN_SLICE_S, _SLICE_SLACK * _slowest_s(report)))
        self._judge = judge
        self._meter = meter
        self._deadline = time.monotonic() + max_seconds

    @property
    def screens(self) -> bool:
        """Whether candidates are screened, so that they cost next to nothing."""
        return self._core is not None

    @property
    def is_alone(self) -> bool:
        """Whether a program is all there is, and not a module of a project."""
        return self.problem.kind != "pytest"

    def run(self, steps: Iterable[Step]) -> Iterator[State]:
        """Yield the state after each step, in order; ends early, and quietly, where a limit is reached.

        An accepted report is the judge's own; others are on the core of the tests.
        """
        begun: deque[Step] = deque()
        sources = self._affordable(steps, begun)
        if self._core is None:
            reports = self._judge.run_many(self._first, sources, stop_at_first_failure=True)
        else:
            reports = self._judge.screen(self._core, sources, self._slice_s)
        for report in reports:
            step = begun.popleft()
            notes = (*step.origin.notes, step.note) if step.note else step.origin.notes
            sure = self._sure(step.source, report)
            yield State(step.source, notes, step.prior, sure, step.base, step.edits)

    def _sure(self, source: str, report: TestReport) -> TestReport:
        """What passes some tests is judged on all; where others fail, or the judge disagrees, it passes those alone."""
        if not report.accepted or (self._core is None and self._first is self.problem):
            return report
        judged = self.judge(source)
        return judged if judged.accepted else replace(report, complete=False)

    def judge(self, source: str) -> TestReport:
        """Judge a program on all visible tests, within the search's limit of time."""
        return self._judge.run(self.problem, source)

    def evidence(self, state: State) -> TestReport:
        """Return the report of a state with the lines that ran, where they can be recorded."""
        if self._core is None or state.report.verdict is Verdict.CE:
            return state.report
        return with_evidence(self._judge, self._core, state.source, state.report)

    def _affordable(self, steps: Iterable[Step], begun: deque[Step]) -> Iterator[str]:
        for step in steps:
            if self.left <= 0 or time.monotonic() >= self._deadline:
                return
            try:
                self._meter.check_time()
                self._meter.check_count(2)  # one is for whoever judges what is found
            except BudgetExhausted:
                self.left = 0
                return
            self._meter.add_candidate()
            self.left -= 1
            if step.note:
                self.tried[step.note.partition(":")[0]] += 1
            begun.append(step)
            yield step.source


def core(problem: Problem) -> Problem:
    """The problem with the few tests to screen on: some of the first ones, which fail, and short ones of the others."""
    sizes = {case.name: len(case.code) + len(values.encode(list(case.args))) for case in problem.visible}
    small = [case for case in problem.visible if sizes[case.name] < _CORE_BYTES] or list(problem.visible[:1])
    first = sorted(small[:_CORE_FAILING], key=lambda case: sizes[case.name])
    others = sorted(small[_CORE_FAILING:], key=lambda case: sizes[case.name])
    return replace(problem, visible=tuple((first + others)[:_CORE]))


def quick(problem: Problem, report: TestReport) -> Problem:
    """The problem as the search tests it: what failed comes first, and a loop that does not end is soon found out.

    The time limit falls to a multiple of the slowest case that passed. Whoever takes a patch judges it by the real
    limits.
    """
    if problem.kind == "pytest":
        return _quick_suite(problem, report)
    failing = [case.index for case in report.failures if case.index < len(problem.visible)]
    order = failing + [index for index in range(len(problem.visible)) if index not in failing]
    time_s = min(problem.limits.time_s, max(_FASTEST_S, _SLACK * _slowest_s(report)))
    visible = tuple(problem.visible[index] for index in order)
    return replace(problem, visible=visible, hidden=(), limits=replace(problem.limits, time_s=time_s))


def _slowest_s(report: TestReport) -> float:
    """CPU seconds of the slowest case that passed."""
    return max((case.cpu_s for case in report.cases if case.verdict is Verdict.AC), default=0.0)


def _quick_suite(problem: Problem, report: TestReport) -> Problem:
    """The same for files of tests, whose limit is for all of them together."""
    failing = {case.name.partition("::")[0] for case in report.failures}
    visible = sorted(problem.visible, key=lambda file: file.name not in failing)
    passed_s = sum(max(case.cpu_s, case.wall_s) for case in report.cases if case.verdict is Verdict.AC)  # or waited
    time_s = min(problem.limits.time_s, max(_FASTEST_SUITE_S, _SUITE_SLACK * passed_s))
    return replace(problem, visible=tuple(visible), hidden=(), limits=replace(problem.limits, time_s=time_s))


def _failing_alone(problem: Problem, report: TestReport) -> Problem:
    """A suite of the tests that failed: most candidates fail them as well, and need not go through the others first."""
    failing = {case.name.partition("[")[0] for case in report.failures}
    others = {case.name.partition("[")[0] for case in report.cases} - failing
    files = {name.partition("::")[0] for name in failing}
    visible = tuple(file for file in problem.visible if file.name in files)
    suite = replace(problem.suite, deselected=(*problem.suite.deselected, *sorted(others)))
    return replace(problem, visible=visible, suite=suite)
