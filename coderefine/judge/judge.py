"""The judge: runs candidates on a problem's tests, in a sandbox, and says what happened.

A verdict is about the candidate. A failure of ours or of the environment is none: it is retried once on a fresh
worker and then raised as JudgeError.
"""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from coderefine.errors import JudgeError, ProblemError, SandboxUnavailable
from coderefine.judge import codetests, interpret, screening, suites
from coderefine.judge.pool import Pool
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Program, Worker, WorkerFault, plain_spec
from coderefine.problem import values
from coderefine.problem.problem import Problem, TestCase, Tests

if TYPE_CHECKING:
    from concurrent.futures import Future


_T = TypeVar("_T")
_Case = tuple[int, TestCase, bytes]
"""A test's number, the test, and its arguments as they are sent to the sandbox."""
_MAX_BATCH = 64
"""Sources that one process screens."""
_Plan = Callable[[Worker, str], suites.Ran]
"""Judges a source on a worker."""


class Judge:
    """Runs candidates; a context manager that owns its workers. Made by `open_judge`."""

    def __init__(
        self,
        backend: str,
        open_worker: Callable[[int], Worker],
        *,
        open_suite: Callable[[int], Worker] | None = None,
        workers: int | None = None,
        note: str = "",
    ) -> None:
        """`open_worker` starts a sandbox for candidates of so many MiB, `open_suite` one in which pytest runs."""
        self.backend = backend
        """ "docker" or "local"."""
        self.note = note
        """Why this backend, in words for the user."""
        self.workers = workers or min(os.cpu_count() or 1, 8)
        self.screened, self.screened_cpu_s = 0, 0.0
        """How many programs were screened, and the CPU seconds that it took in the sandboxes."""
        self._pool = Pool(open_worker, self.workers)
        # The code of tests runs in sandboxes of its own; a pool of its own, so that no run waits for itself.
        self._testers = Pool(open_worker, self.workers)
        # Confined otherwise, with files to write and pytest warm; opened only where a problem asks for it.
        self._suites = Pool(open_suite or _no_suite, self.workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """End all sandboxes."""
        self._pool.close()
        self._testers.close()
        self._suites.close()

    def lease(self, memory_mib: int) -> AbstractContextManager[Worker]:
        """Lend a warm worker, for what is not a candidate on tests."""
        return self._pool.lease(memory_mib)

    def prefetch(self, problem: Problem) -> None:
        """Start all workers in the background; worth it where many candidates are to come."""
        self._pool_for(problem).prefetch(problem.limits.memory_mib)

    def _pool_for(self, problem: Problem) -> Pool:
        return self._suites if problem.kind == "pytest" else self._pool

    def run(
        self,
        problem: Problem,
        source: str,
        tests: Tests = "visible",
        *,
        stop_at_first_failure: bool = False,
        evidence: bool = False,
    ) -> TestReport:
        """Judge one candidate. Raises JudgeError where the judge itself failed twice.

        `evidence` records which lines ran in each case and the last values of their variables; it takes several times
        as long, and a case that is stopped at a limit has none. A session of pytest records none either.
        """
        plan = self._plan(problem, tests, stop=stop_at_first_failure, evidence=evidence)
        return self._run(problem, tests, plan, source)

    def run_many(
        self,
        problem: Problem,
        sources: Iterable[str],
        tests: Tests = "visible",
        *,
        stop_at_first_failure: bool = False,
    ) -> Iterator[TestReport]:
        """Judge many candidates on all workers; yield their reports in input order, as they become known.

        `sources` is consumed lazily, a few ahead. Closing the iterator early drops what was not yet begun.
        """
        plan = self._plan(problem, tests, stop=stop_at_first_failure)
        yield from self._in_parallel((partial(self._run, problem, tests, plan, source) for source in sources), ahead=2)

    def screen(self, problem: Problem, sources: Iterable[str], slice_s: float) -> Iterator[TestReport]:
        """Run many sources on the visible tests; yield their reports in input order, as they become known.

        Several times as fast as `run_many`, and no verdict: the sources share processes (`judge/screening.py`). Each
        gets so many seconds of CPU for all tests. `sources` is consumed lazily, in batches that grow. For problems of
        which `screening.can_screen` is true.
        """
        program, known = screening.program(problem, slice_s), screening.Known()

        def run(batch: list[str]) -> screening.Screened:
            return self._attempt(problem, lambda worker: screening.run(worker, problem, program, batch, known))

        for batch in self._in_parallel((partial(run, batch) for batch in _batches(sources)), ahead=1):
            self.screened += len(batch.results)
            self.screened_cpu_s += batch.cpu_s
            for cases in batch.results:
                yield TestReport(problem.slug, "visible", cases, self.backend, assurance="screened")

    def _in_parallel(self, tasks: Iterable[Callable[[], _T]], ahead: int) -> Iterator[_T]:
        """Run tasks on all workers; yield what they return, in order. They are taken lazily, so many ahead a worker."""
        from concurrent.futures import ThreadPoolExecutor  # 10 ms that a single run does not need

        upcoming = iter(tasks)
        pending: deque[Future[_T]] = deque()
        executor = ThreadPoolExecutor(self.workers, thread_name_prefix="judge")

        def submit(count: int) -> None:
            for task in itertools.islice(upcoming, count):
                pending.append(executor.submit(task))

        try:
            submit(ahead * self.workers)
            while pending:
                yield pending.popleft().result()
                submit(1)
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def _run(self, problem: Problem, tests: Tests, plan: _Plan, source: str) -> TestReport:
        def run(worker: Worker) -> TestReport:
            results, complete, reach = plan(worker, source)
            return TestReport(
                problem=problem.slug,
                tests=tests,
                cases=tuple(results),
                backend=self.backend,
                peak_memory_mib=round(worker.peak_kib / 1024, 1),
                complete=complete,
                assurance="in-process" if problem.kind == "pytest" else "isolated",
                reach=reach,
            )

        return self._attempt(problem, run)

    def _attempt(self, problem: Problem, run: Callable[[Worker], _T]) -> _T:
        for attempt in (1, 2):
            try:
                with self._pool_for(problem).lease(problem.limits.memory_mib) as worker:
                    return run(worker)
            except WorkerFault as fault:
                if attempt == 2:
                    raise JudgeError(f"the {self.backend} sandbox failed twice: {fault}") from None
        raise AssertionError("unreachable")

    def _plan(self, problem: Problem, tests: Tests, *, stop: bool, evidence: bool = False) -> _Plan:
        """Return what judges a source on a worker, with all made ready that is the same for every source."""
        if problem.kind == "pytest":
            return lambda worker, source: suites.run(worker, problem, source, tests, stop)
        cases = [
            (index, case, values.encode(list(case.args)).encode()) for index, case in enumerate(problem.cases(tests))
        ]

        def run(worker: Worker, source: str) -> suites.Ran:
            program = interpret.candidate_program(problem, source, evidence=evidence)
            results = self._judge(worker, problem, program, cases, stop)
            return results, len(results) == len(cases), None

        return run

    def _judge(
        self, worker: Worker, problem: Problem, program: Program, cases: Sequence[_Case], stop: bool
    ) -> list[CaseResult]:
        results = self._run_values(worker, problem, program, [it for it in cases if not it[1].code], stop)
        coded = [(index, case) for index, case, _ in cases if case.code]
        if coded and not (stop and _failed(results)):
            with self._testers.lease(problem.limits.memory_mib) as tester:
                results += codetests.run(worker, tester, problem, program, coded, stop)
        results.sort(key=lambda result: result.index)
        return _until_failure(results) if stop else results

    def _run_values(
        self, worker: Worker, problem: Problem, program: Program, cases: Sequence[_Case], stop: bool
    ) -> list[CaseResult]:
        """Run the tests that are arguments and an expected value; compare here, or have the checker decide."""
        if not cases:
            return []
        results: list[CaseResult] = []
        events = worker.run(program, [payload for _, _, payload in cases])
        uses_checker = problem.compare.mode == "checker"
        for event in events:
            while len(results) < len(cases):
                index, case, _ = cases[len(results)]
                results.append(interpret.case_result(problem, index, case, event))
                if event.case >= 0:
                    break
                # The source could not be loaded: that is the outcome of every case that is left.
            if stop and _failed(results[-1:]) and not (uses_checker and results[-1].answered):
                events.close()  # type: ignore[attr-defined]
                break
        if uses_checker:
            peak_kib = worker.peak_kib
            results = self._check(worker, problem, results)
            worker.peak_kib = peak_kib  # the candidate's, not the checker's
        return results

    def _check(self, worker: Worker, problem: Problem, results: list[CaseResult]) -> list[CaseResult]:
        """Have the problem's checker decide, in a fresh process in which no candidate ever ran."""
        answered = [result for result in results if result.answered]
        if not answered:
            return results
        payloads = [values.encode([list(r.args), r.expected, r.got]).encode() for r in answered]
        limits = interpret.runner_limits(replace(problem.limits, time_s=max(10.0, problem.limits.time_s)))
        checker = Program(plain_spec("check", 3), limits, problem.compare.checker)
        decided = {}
        for result, event in zip(answered, worker.run(checker, payloads), strict=False):
            message = _checker_message(event.message)
            match message:
                case ["value", True]:
                    decided[result.index] = replace(result, verdict=Verdict.AC)
                case ["value", False]:
                    decided[result.index] = result
                case ["value", str(reason)]:
                    decided[result.index] = replace(result, reason=reason)
                case ["error", name, text, line, _] if event.case >= 0:
                    reason = f"the checker raised {name}: {text} (line {line})"
                    decided[result.index] = replace(result, reason=reason)
                case _ if event.case >= 0 and event.status != "answer":  # an answer may be made to be hard to check
                    decided[result.index] = replace(result, reason="the checker did not end with this answer")
                case _:
                    where = problem.path or problem.slug
                    raise ProblemError(where, "checker", f"expected check(args, expected, got), but {message}")
        return [decided.get(result.index, result) for result in results]


def _batches(sources: Iterable[str]) -> Iterator[list[str]]:
    """Small ones first: what is likeliest comes first, and is waited for."""
    upcoming, size = iter(sources), 8
    while batch := list(itertools.islice(upcoming, size)):
        yield batch
        size = min(2 * size, _MAX_BATCH)


def _no_suite(memory_mib: int) -> Worker:
    raise SandboxUnavailable("this judge runs no pytest; open one with `open_judge`")


def _checker_message(message: bytes) -> Any:
    try:
        return values.decode(message) if message else ["it did not answer"]
    except values.Malformed:
        return ["it answered nonsense"]


def _failed(results: Sequence[CaseResult]) -> bool:
    return any(result.verdict is not Verdict.AC for result in results)


def _until_failure(results: list[CaseResult]) -> list[CaseResult]:
    for index, result in enumerate(results):
        if result.verdict is not Verdict.AC:
            return results[: index + 1]
    return results
