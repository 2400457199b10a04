"""Runs the tests of a project session by session: the nearest to a change first, the others while time lasts."""

from __future__ import annotations

import time
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from coderefine.hook.project import NO_MODULE, CheckOutcome, Project
from coderefine.judge.judge import Judge
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem

_LEAST_S = 0.5
_LONGER = 2
"""How many times as long as all tests the nearest may take on top of that, as long as they get on."""
_STUCK = 0.4
"""The part of the time for all tests after which one that is still running is taken to hang."""


def run(project: Project, judge: Judge, deadline: float, without: Iterable[str] = ()) -> CheckOutcome:
    """Run all tests but those `without`, the nearest first; `deadline` is a time of the monotonic clock.

    Past it, only the near ones go on, for up to twice that time more, while none of them seems to hang. None of the
    others is begun after the soft limit of the settings.
    """
    return Run(project, judge, deadline, frozenset(without)).all()


def run_whole(project: Project, outcome: CheckOutcome, judge: Judge, deadline: float) -> tuple[Project, CheckOutcome]:
    """Rerun, whole, the files with failed tests from which others were left out as unaffected; return what was run.

    Tests may depend on what others of their file leave behind, and then fail for want of those, with the commit and
    without it. Where the time is over first, nothing changes.
    """
    files = {case.name.partition("::")[0] for case in outcome.failed}
    missing = frozenset(name for name in project.spared if name.partition("::")[0] in files)
    if not missing:
        return project, outcome
    files = {name.partition("::")[0] for name in missing}
    wider = replace(project, spared=project.spared - missing)
    part = replace(wider, tests={path: text for path, text in project.tests.items() if path in files})
    again = run(part, judge, deadline)
    if again.is_late or again.left:
        return project, outcome
    others = [(problem, _without(report, files)) for problem, report in outcome.sessions]
    sessions = (*others, *again.sessions)
    left = tuple(name for name in outcome.left if name.partition("::")[0] not in files)
    return wider, replace(outcome, sessions=sessions, left=left, spared=outcome.spared - len(missing))


def _without(report: TestReport, files: Container[str]) -> TestReport:
    """Return a report without the tests of some files."""
    return replace(report, cases=tuple(case for case in report.cases if case.name.partition("::")[0] not in files))


@dataclass(slots=True)
class Run:
    """One run of the tests of a project, session by session."""

    project: Project
    judge: Judge
    deadline: float
    without: frozenset[str] = frozenset()
    """Tests that are not run."""
    sessions: list[tuple[Problem, TestReport]] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def all(self) -> CheckOutcome:
        """Run all of them."""
        now = time.monotonic()
        soft = min(self.deadline, now + self.project.plan.settings.soft_timeout)
        near = self.project.plan.near
        for tests in self.project.groups():
            if tests[0] in near:
                self._run_near(tests, self.deadline - now)
            else:
                self._run_far(tests, soft, self.deadline - now)
        return CheckOutcome(
            tuple(self.sessions),
            tuple(self.late),
            tuple(self.left),
            self.project.plan.unaffected,
            unreadable=self.project.unreadable,
        )

    def _run_near(self, tests: list[str], timeout: float) -> None:
        last = self.deadline + _LONGER * timeout
        until = self.deadline
        if time.monotonic() > self.deadline - _LEAST_S and not self._hangs(timeout):
            until = min(last, time.monotonic() + timeout)
        if until - time.monotonic() < _LEAST_S:
            self.late.extend(tests)
            return
        self._session(tests, until, self.without)
        while self._is_cut() and not self._hangs(timeout) and time.monotonic() < last - _LEAST_S:
            done = self._drop_unfinished()
            self._session(tests, min(last, time.monotonic() + timeout), done)

    def _run_far(self, tests: list[str], soft: float, timeout: float) -> None:
        left = soft - time.monotonic()
        if left < _LEAST_S:
            self.left.extend(tests)
            return
        self._session(tests, self.deadline, self.without, round(left, 1))
        self.left.extend(self.sessions[-1][1].left)
        if self._is_cut() and not self._hangs(timeout):
            unfinished = [case.name for case in self.sessions[-1][1].cases if case.verdict is Verdict.TLE]
            self._drop_unfinished()
            self.left.extend(unfinished)

    def _session(self, tests: list[str], until: float, done: Iterable[str], soft_s: float = 0.0) -> None:
        module = next(iter(self.project.modules), NO_MODULE)
        problem = self.project.problem(module, tests, round(until - time.monotonic(), 1), done)
        problem = replace(problem, suite=replace(problem.suite, reach=True, soft_s=soft_s))
        self.sessions.append((problem, self.judge.run(problem, self.project.source(module))))

    def _is_cut(self) -> bool:
        """Whether the time ended the last session."""
        return bool(self.sessions) and any(case.verdict is Verdict.TLE for case in self.sessions[-1][1].cases)

    def _hangs(self, timeout: float) -> bool:
        """Whether the last session was ended in a test that had run for a good part of the time."""
        if not self._is_cut():
            return False
        _, report = self.sessions[-1]
        rows = sum(case.wall_s for case in report.cases if case.verdict is not Verdict.TLE)
        return report.session_s - rows > _STUCK * timeout

    def _drop_unfinished(self) -> set[str]:
        """Leave only what was finished of the last session; return the tests of it that need not be run again."""
        problem, report = self.sessions[-1]
        finished = tuple(case for case in report.cases if case.verdict is not Verdict.TLE)
        begun = {case.name.partition("[")[0] for case in report.cases if case.verdict is Verdict.TLE}
        done = {case.name.partition("[")[0] for case in finished} - begun
        self.sessions[-1] = (problem, replace(report, cases=finished))
        return done | set(problem.suite.deselected)
