"""The judge: runs candidates on a problem's tests, in a sandbox, and reports what happened.

A verdict is about the candidate. A failure of the judge or of its environment is not a verdict: the run is repeated
once on a fresh worker, and a second failure is raised as JudgeError.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Self, TypeVar

from coderefine import interrupts
from coderefine.errors import JudgeError, SandboxUnavailable
from coderefine.judge import screening, versions
from coderefine.judge.evaluators import Evaluators, OpenEvaluator
from coderefine.judge.kind import JudgedKind, Ran, RunPlan, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Worker, WorkerFault
from coderefine.parallel import in_order
from coderefine.problem.problem import Problem, Tests

_T = TypeVar("_T")
_MAX_BATCH = 64
"""Sources that one process screens at most."""
_MAX_WARNINGS = 1000
"""Warnings about problems that a judge gives at most."""


class Judge:
    """Runs candidates on tests; a context manager that owns its workers, made by `open_judge`."""

    def __init__(
        self,
        backend: str,
        open_worker: Callable[[int], Worker],
        *,
        open_suite: Callable[[int], Worker] | None = None,
        open_evaluator: OpenEvaluator | None = None,
        workers: int | None = None,
        note: str = "",
        at_end: Callable[[], None] = lambda: None,
        otherwise: Callable[[], Judge] | None = None,
        remedy: str = "",
    ) -> None:
        """`open_worker` starts a sandbox for candidates of so many MiB, `open_suite` one in which pytest runs.

        `open_evaluator` starts a sandbox for an evaluator that needs packages or a program; None where that is not
        allowed. `at_end` is called when all sandboxes have ended. `otherwise` opens another judge, for programs that
        this interpreter compiles and the sandbox's Python does not; `remedy` tells the user how else to get another
        Python.
        """
        self._otherwise, self._remedy = otherwise, remedy
        self._other: Judge | None = None
        self._elsewhere: set[str] = set()
        """The slugs of the problems that the other judge judges."""
        self._choosing = threading.Lock()
        self._at_end = at_end
        self.backend = backend
        """ "docker" or "local"."""
        self.note = note
        """Why this backend, in words for the user."""
        self.workers = workers or min(os.cpu_count() or 1, 8)
        self.warn: Callable[[str], None] = lambda _: None
        """Called once for each thing that the author of a problem should look at."""
        self._warned: set[str] = set()
        self.screened, self.screened_cpu_s = 0, 0.0
        """How many programs were screened, and how many CPU seconds that took in the sandboxes."""
        testers = Pool(open_worker, self.workers)
        self.sandboxes = Sandboxes(
            candidates=Pool(open_worker, self.workers),
            testers=testers,
            suites=Pool(open_suite or _no_suite, self.workers),
            evaluators=Evaluators(testers, open_evaluator, self.workers),
        )
        """The pools that a plan takes its workers from (see `JudgedKind`)."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @interrupts.uninterrupted
    def close(self) -> None:
        """End all sandboxes."""
        self.sandboxes.candidates.close()
        self.sandboxes.testers.close()
        self.sandboxes.suites.close()
        self.sandboxes.evaluators.close()
        if self._other is not None:
            self._other.close()
        self._at_end()

    @interrupts.uninterrupted
    def prefetch(self, problem: Problem) -> None:
        """Start all workers in the background; worth it where many candidates are to come."""
        if pool := JudgedKind.of(problem).pool(self.sandboxes):
            pool.prefetch(problem.limits.memory_mib)

    @interrupts.uninterrupted
    def run(
        self,
        problem: Problem,
        source: str,
        tests: Tests = "visible",
        *,
        stop_at_first_failure: bool = False,
        evidence: bool = False,
    ) -> TestReport:
        """Judge one candidate; raises JudgeError where the judge itself failed twice.

        `evidence` records which lines ran in each case and the last values of their variables. It takes several times
        as long. A case that is stopped at a limit has no evidence, and neither has a session of pytest.
        """
        planned = partial(_plan, problem, tests, stop=stop_at_first_failure, evidence=evidence)
        return self._run(problem, tests, planned, planned(self.sandboxes), source)

    def run_many(
        self,
        problem: Problem,
        sources: Iterable[str],
        tests: Tests = "visible",
        *,
        stop_at_first_failure: bool = False,
    ) -> Iterator[TestReport]:
        """Judge many candidates on all workers; yield their reports in the order of the sources, as they become known.

        `sources` is consumed lazily, a few ahead. Closing the iterator early drops the sources that have not begun.
        """
        planned = partial(_plan, problem, tests, stop=stop_at_first_failure, evidence=False)
        run = partial(self._run, problem, tests, planned, planned(self.sandboxes))
        yield from in_order((partial(run, source) for source in sources), self.workers, ahead=2)

    def screen(self, problem: Problem, sources: Iterable[str], slice_s: float) -> Iterator[TestReport]:
        """Run many sources on the visible tests; yield their reports in the order of the sources, as they become known.

        This is several times as fast as `run_many`, but gives no verdicts: the sources share processes
        (`judge/screening.py`). Each gets `slice_s` seconds of CPU for all tests. `sources` is consumed lazily, in
        batches that grow. Only for problems for which `screening.can_screen` is true.
        """
        if self._other is not None and problem.slug in self._elsewhere:
            yield from self._other.screen(problem, sources, slice_s)
            return
        program, known = screening.program(problem, slice_s), screening.Known()

        def run(batch: list[str]) -> screening.Screened:
            with self.sandboxes.candidates.lease(problem.limits.memory_mib) as worker:
                return screening.run(worker, problem, program, batch, known)

        tasks = (partial(self._attempt, partial(run, batch)) for batch in _batches(sources))
        for batch in in_order(tasks, self.workers):
            self.screened += len(batch.results)
            self.screened_cpu_s += batch.cpu_s
            for cases in batch.results:
                yield TestReport(problem.slug, "visible", cases, self.backend, assurance="screened")

    def _run(
        self, problem: Problem, tests: Tests, planned: Callable[[Sandboxes], RunPlan], plan: RunPlan, source: str
    ) -> TestReport:
        ran = self._attempt(lambda: plan(source))
        cases, reason = ran.cases, self._mismatch(ran, source)
        if reason:
            if other := self._other_for(source):
                self._elsewhere.add(problem.slug)
                return other._run(problem, tests, planned, planned(other.sandboxes), source)
            cases = [_refused(case, reason) for case in cases]
        for warning in ran.warnings:
            if warning not in self._warned and len(self._warned) < _MAX_WARNINGS:
                self._warned.add(warning)
                self.warn(warning)
        return TestReport(
            problem=problem.slug,
            tests=tests,
            cases=tuple(cases),
            backend=self.backend,
            peak_memory_mib=round(ran.peak_kib / 1024, 1),
            complete=ran.complete,
            assurance=JudgedKind.of(problem).assurance,
            reach=ran.reach,
            left=ran.left,
            warnings=ran.warnings,
            session_s=ran.session_s,
            measured=ran.measured,
        )

    def _mismatch(self, ran: Ran, source: str) -> str:
        """Return why the sandbox's Python is the wrong one for a program that did not compile; "" where it is the right
        one.
        """
        if not any(case.verdict is Verdict.CE for case in ran.cases):
            return ""
        python = ran.python
        if not python:
            with self.sandboxes.candidates.lease(0) as worker:
                python = worker.hello["python"]
        return versions.mismatch(source, python, self.backend, self._remedy)

    def _other_for(self, source: str) -> Judge | None:
        """Return a judge whose Python compiles a program that this judge's does not; None where there is none."""
        if self._otherwise is None or not versions.compiles(source):
            return None
        with self._choosing:
            if self._other is None:
                try:
                    self._other = self._otherwise()
                    here = "{}.{}".format(*versions.HERE)
                    self.warn(f"what only Python {here} can compile is judged in the {self._other.backend} sandbox")
                except SandboxUnavailable:
                    self._otherwise = None
        return self._other

    def _attempt(self, run: Callable[[], _T]) -> _T:
        for attempt in (1, 2):
            try:
                return run()
            except WorkerFault as fault:
                if attempt == 2:
                    raise JudgeError(f"the {self.backend} sandbox failed twice: {fault}") from None
        raise AssertionError("unreachable")


def _plan(problem: Problem, tests: Tests, sandboxes: Sandboxes, *, stop: bool, evidence: bool) -> RunPlan:
    return JudgedKind.of(problem).plan(sandboxes, problem, tests, stop=stop, evidence=evidence)


def _refused(case: CaseResult, reason: str) -> CaseResult:
    """Return the result of a case that needs another Python than the sandbox's."""
    return replace(case, verdict=Verdict.JE, error=None, reason=reason) if case.verdict is Verdict.CE else case


def _batches(sources: Iterable[str]) -> Iterator[list[str]]:
    """Yield the sources in batches that grow, so that the likeliest, which come first, are known soon."""
    upcoming, size = iter(sources), 8
    while batch := list(itertools.islice(upcoming, size)):
        yield batch
        size = min(2 * size, _MAX_BATCH)


def _no_suite(memory_mib: int) -> Worker:
    raise SandboxUnavailable("this judge runs no pytest; open one with `open_judge`")
