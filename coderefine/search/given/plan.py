"""Which tests programs are tried on, and how.

Tests that are calls or inputs are screened on a few of them, many programs in a process. Suites of pytest are run
without the tests that passed. A program that passes these is judged on all tests. Other kinds of tests are judged at
once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coderefine.judge.report import TestReport
from coderefine.judge.screening import can_screen
from coderefine.judge.verdict import Verdict
from coderefine.problem import values
from coderefine.problem.problem import Problem

_FASTEST_S = 0.1
_SLACK = 10
_UNKNOWN_S = 1.0
"""The time limit where nothing passes, so that it is not known how long such programs and their imports take."""
_MIN_SLICE_S, _MAX_SLICE_S, _SLICE_SLACK = 0.003, 0.2, 4
"""The least and the most CPU seconds of a screened program, and how many times the slowest passing test it may take."""
_LEAST_SLICE_S, _ROOT_SLACK = 0.002, 8
"""The same where it is known how long the program to repair takes when it is screened."""
_FASTEST_SUITE_S = 0.5  # a session of pytest takes about 0.1 s with nothing to do
_UNKNOWN_SUITE_S = 5.0
"""The time limit of a suite where nothing passes."""
_STOPPED_SUITE_S = 2.0
"""The least limit of a suite that was stopped at its own, by an endless loop: how long its imports take is not known.
"""
_SUITE_SLACK = 10
_SESSION_SLACK = 3
"""How many times as long as before the rest of a session may take besides its tests: imports are slow on a busy
machine.
"""
_CORE, _CORE_FAILING, _CORE_BYTES = 8, 5, 200_000
"""The most tests to screen on, how many of these fail, and the most bytes of a test's arguments."""
_AFTERWARDS = 400
"""Candidates to try after the first plausible one, where they are screened."""
_LEAST_AFTERWARDS = 20
"""The least number where each is judged, and someone waits; else as many as the first plausible one took."""


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How programs are tried on the visible tests of a problem."""

    tests: Problem
    """All of the tests, those that failed first, so that an endless loop is soon found."""
    first: Problem
    """The problem with the tests to try first; the same as `tests` where that would gain nothing."""
    slice_s: float | None = None
    """CPU seconds of a program where many share a process; None where each is judged by itself."""
    is_alone: bool = True
    """Whether a program stands alone, and is not a module of a project."""

    def unscreened(self) -> SearchPlan:
        """Return the plan for programs that have to be judged one by one."""
        return replace(self, first=self.tests, slice_s=None)

    def patient(self) -> SearchPlan:
        """Return the plan for programs that take longer when screened than was assumed."""
        return replace(self, slice_s=_MAX_SLICE_S)

    def timed(self, root_s: float) -> SearchPlan:
        """Return the plan for the time that the program to repair took to answer all tests; others may take
        some more.
        """
        least_s = max(_LEAST_SLICE_S, _ROOT_SLACK * root_s)
        return replace(self, slice_s=least_s if self.slice_s is None else min(self.slice_s, least_s))

    def afterwards(self, tried: int) -> int:
        """Return how many candidates to try after the first plausible one, which came after `tried` others."""
        return _AFTERWARDS if self.slice_s is not None else min(_AFTERWARDS, max(_LEAST_AFTERWARDS, tried))


def of_cases(problem: Problem, report: TestReport) -> SearchPlan:
    """Return the plan for cases that are judged one by one."""
    tests = _quick(problem, report)
    if can_screen(problem):
        return SearchPlan(tests, core(tests), min(_MAX_SLICE_S, max(_MIN_SLICE_S, _SLICE_SLACK * _slowest_s(report))))
    return SearchPlan(tests, tests)


def of_suite(problem: Problem, report: TestReport) -> SearchPlan:
    """Return the plan for files of tests, on a module of a project."""
    tests = _quick_suite(problem, report)
    return SearchPlan(tests, failing_first(tests, report), is_alone=False)


def core(problem: Problem) -> Problem:
    """Return the problem with the few tests to screen on: short ones among the first, failing ones and others."""
    sizes = {case.name: len(case.code) + len(values.encode(list(case.args))) for case in problem.visible}
    small = [case for case in problem.visible if sizes[case.name] < _CORE_BYTES] or list(problem.visible[:1])
    first = sorted(small[:_CORE_FAILING], key=lambda case: sizes[case.name])
    others = sorted(small[_CORE_FAILING:], key=lambda case: sizes[case.name])
    return replace(problem, visible=tuple((first + others)[:_CORE]))


def failing_first(problem: Problem, report: TestReport) -> Problem:
    """Return a suite of the failed tests: most candidates fail them, too, and need not run the others."""
    failing = {case.name.partition("[")[0] for case in report.failures}
    others = {case.name.partition("[")[0] for case in report.cases} - failing
    files = {name.partition("::")[0] for name in failing}
    visible = tuple(file for file in problem.visible if file.name in files)
    suite = replace(problem.suite, deselected=(*problem.suite.deselected, *sorted(others)))
    return replace(problem, visible=visible, suite=suite)


def _quick(problem: Problem, report: TestReport) -> Problem:
    """Return the problem with failed tests first, and a multiple of the slowest passing case as its time limit."""
    failing = [case.index for case in report.failures if case.index < len(problem.visible)]
    order = failing + [index for index in range(len(problem.visible)) if index not in failing]
    slowest_s = _slowest_s(report)
    time_s = min(problem.limits.time_s, max(_FASTEST_S, _SLACK * slowest_s) if slowest_s else _UNKNOWN_S)
    visible = tuple(problem.visible[index] for index in order)
    return replace(problem, visible=visible, hidden=(), limits=replace(problem.limits, time_s=time_s))


def _quick_suite(problem: Problem, report: TestReport) -> Problem:
    """Return the same for files of tests, whose limit holds for all of them together, with their imports."""
    failing = {case.name.partition("::")[0] for case in report.failures}
    visible = sorted(problem.visible, key=lambda file: file.name not in failing)
    # or waited so long
    passed_s = sum(max(case.cpu_s, case.wall_s) for case in report.cases if case.verdict is Verdict.AC)
    failed_s = sum(max(case.cpu_s, case.wall_s) for case in report.failures)
    rest_s = max(0.0, report.session_s - passed_s - failed_s)
    least_s = _FASTEST_SUITE_S if passed_s else _UNKNOWN_SUITE_S
    if any(case.verdict is Verdict.TLE for case in report.failures):  # else all of its time would be taken for imports
        least_s, rest_s = max(least_s, _STOPPED_SUITE_S), 0.0
    time_s = min(problem.limits.time_s, max(least_s, _SUITE_SLACK * passed_s + _SESSION_SLACK * rest_s))
    return replace(problem, visible=tuple(visible), hidden=(), limits=replace(problem.limits, time_s=time_s))


def _slowest_s(report: TestReport) -> float:
    """Return the CPU seconds of the slowest passing case."""
    return max((case.cpu_s for case in report.cases if case.verdict is Verdict.AC), default=0.0)
