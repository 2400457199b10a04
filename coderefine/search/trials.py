"""Tries the ideas of the search: in order, within its limits, each counted."""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coderefine.budget import Meter
from coderefine.errors import BudgetExhausted
from coderefine.judge.report import TestReport
from coderefine.judge.tracing import with_evidence
from coderefine.judge.verdict import Verdict
from coderefine.pipeline.graph import FULL, Pipeline
from coderefine.problem.problem import Problem
from coderefine.search.given.evidence import Evidence
from coderefine.search.given.kind import SearchedKind
from coderefine.search.state import Idea, State
from coderefine.search.table import TABLE

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge


_IMPORTS = re.compile(r"^(?:import|from)\s", re.MULTILINE)
_BUSY = 3
"""How many times as long a step may take where other programs use the processors."""
_COMPARED = 10
"""How many times the usual time a program gets where it is compared with others on many inputs."""
_TRACED, _PER_TRACED = 6, 100
"""How many states have their lines recorded: so many at first, and one more for every 100 candidates."""
_PATIENCE, _PER = 10_000, 20_000
"""The search ends after 10,000 candidates without progress, for each 20,000 that it may try. Planted bugs were repaired
after up to 6,000.
"""


class Trials:
    """Tries steps until a limit is reached; `left` may be lowered meanwhile."""

    def __init__(
        self,
        problem: Problem,
        report: TestReport,
        judge: Judge,
        meter: Meter,
        *,
        max_candidates: int,
        max_seconds: float,
        pipeline: Pipeline = FULL,
    ) -> None:
        """`report` is that of the program to repair; `pipeline` says which families of operators are tried."""
        self.table = tuple(it for it in TABLE if pipeline.has(f"{it.family} -> search"))
        self.undoes_copying = pipeline.has("pasted -> search")
        self.compares = pipeline.has("search -> comparison")
        self.left = max_candidates
        self.patience = _PATIENCE * max(1, max_candidates // _PER)
        """How many candidates to try after the last one that came nearer to passing."""
        self.ended = ""
        """Which limit was reached, in words; "" before one is."""
        self.tried = Counter[str]()
        """How many steps of each operator were tried."""
        self._traced = 0
        self.plan = SearchedKind.of(problem).search_plan(problem, report)
        self._judge, self._report = judge, report
        self._meter = meter
        self._max_candidates, self._max_seconds = max_candidates, max_seconds
        self._started_s, self._started_cpu_s = time.monotonic(), self._cpu_s()

    def run(self, steps: Iterable[Idea]) -> Generator[State]:
        """Yield the state after each step, in order; ends early, without an error, where a limit is reached.

        A report that is accepted is the judge's own; others are on the first tests of the plan.
        """
        begun: deque[Idea] = deque()
        sources = self._affordable(steps, begun)
        first, slice_s = self.plan.first, self.plan.slice_s
        if slice_s is None:
            reports = self._judge.run_many(first, sources, stop_at_first_failure=True)
        else:
            reports = self._judge.screen(first, sources, slice_s)
        for report in reports:
            step = begun.popleft()
            yield State.of(step, self._sure(step.source, report))

    def first(self, source: str) -> State | None:
        """Return the state of the program to repair; None where a limit is reached before it is tried.

        It shows whether screening is reliable for programs like this one: where it disagrees with the judge even
        without a tight time limit, each program is judged by itself. It also shows how long such programs take.
        """
        patient = self.plan.patient()
        if self.plan.slice_s and self._report.verdict is Verdict.CE and _IMPORTS.search(source):
            self.plan = patient  # its imports may take long, once
        for plan in (self.plan, patient, self.plan.unscreened()) if self.plan.slice_s else (self.plan,):
            self.plan, before_s = plan, self._judge.screened_cpu_s
            root = next(self.run([Idea(source, focus=self.plan.tests.suite.suspects)]), None)
            if root is None or plan.slice_s is None:
                return root
            if self._agrees(root.report, in_haste=plan is not patient):
                if all(case.answered for case in root.report.cases):
                    self.plan = plan.timed(self._judge.screened_cpu_s - before_s)
                return root
        raise AssertionError("unreachable")

    def _agrees(self, screened: TestReport, *, in_haste: bool) -> bool:
        """Whether a screened program passed and answered the same as before the judge.

        Tests after one that ran out of time were left out. `in_haste` says that the program may only have had too
        little time.
        """
        judged = {case.name: case for case in self._report.cases}
        for case in screened.cases:
            other = judged.get(case.name)
            if other is None:
                continue
            if (case.verdict is Verdict.AC) != (other.verdict is Verdict.AC):
                return False
            if case.answered and other.answered and case.got != other.got:
                return False
            if case.verdict is Verdict.TLE:
                return not (in_haste and (other.answered or other.verdict is Verdict.RE))
        return True

    def interrupt(self) -> None:
        """Try nothing more because of Ctrl-C; the run ends once it has the results."""
        self._meter.interrupted = True
        self.stop("the search was interrupted")

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the trials."""
        return self._meter.interrupted

    def stop(self, why: str) -> None:
        """Try nothing more; the first reason is kept."""
        self.left, self.ended = 0, self.ended or why

    def _sure(self, source: str, report: TestReport) -> TestReport:
        """Return the judge's report of a program that passes the first tests; where the judge disagrees, the one on
        these alone.
        """
        if not report.accepted or self.plan.first is self.plan.tests:
            return report
        judged = self.judge(source)
        return judged if judged.accepted else replace(report, complete=False)

    def judge(self, source: str) -> TestReport:
        """Judge a program on all visible tests, within the search's time limit."""
        return self._judge.run(self.plan.tests, source)

    def compare(self, problem: Problem, sources: Sequence[str]) -> list[TestReport]:
        """Return the reports of programs on other tests, each within the time of several programs, only to compare
        them.
        """
        assert self.plan.slice_s is not None
        return list(self._judge.screen(problem, sources, _COMPARED * self.plan.slice_s))

    def traced(self, state: State) -> TestReport:
        """Return the report of a state with the lines that ran, where they can be recorded, and only for few of many
        states.

        It takes as long as screening about a hundred programs.
        """
        is_dear = self._traced > _TRACED + self.tried.total() // _PER_TRACED
        is_traced = any(case.coverage for case in state.report.cases)
        if self.plan.slice_s is None or state.report.verdict is Verdict.CE or is_dear or is_traced:
            return state.report
        self._traced += 1
        return with_evidence(self._judge, self.plan.first, state.source, state.report)

    def evidence(self, state: State) -> Evidence:
        """Return what operators may look at besides the program of a state."""
        return Evidence(self.plan.tests, state.report, self.plan.is_alone)

    def _is_over(self) -> bool:
        """Whether the step's time is spent, on the clock and on the processors, so that load changes little."""
        passed_s = time.monotonic() - self._started_s
        if passed_s < self._max_seconds or self.plan.slice_s is None:
            return passed_s >= self._max_seconds
        return self._cpu_s() - self._started_cpu_s >= self._max_seconds or passed_s >= _BUSY * self._max_seconds

    def _cpu_s(self) -> float:
        return time.process_time() + self._judge.screened_cpu_s

    def _affordable(self, steps: Iterable[Idea], begun: deque[Idea]) -> Iterator[str]:
        for step in steps:
            if self.left <= 0:
                self.stop(f"the limit of {self._max_candidates:,} programs a step is reached")
                return
            if self._is_over():
                self.stop(f"the {self._max_seconds:g} s of a step are spent (--max-seconds gives the last engine more)")
                return
            try:
                self._meter.check_time()
                self._meter.check_count(2)  # one is reserved for the final judge
            except BudgetExhausted as error:
                self.stop(str(error))
                return
            self._meter.add_candidate()
            self.left -= 1
            if step.notes:
                self.tried[step.notes[-1].partition(":")[0]] += 1
            begun.append(step)
            yield step.source
