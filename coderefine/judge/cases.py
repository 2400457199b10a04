"""Runs a candidate on a problem's tests one by one: calls and programs, and tests that are code.

Answers are compared here, on the host, or by the problem's own checker in a process that no candidate was ever in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coderefine.judge import authors, codetests, interpret
from coderefine.judge.checking import Checking
from coderefine.judge.keeping import Keeper
from coderefine.judge.kind import Plan, Ran, Sandboxes
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import SandboxProgram, Worker
from coderefine.problem.problem import Problem, TestCase, Tests

_Case = tuple[int, TestCase, bytes]
"""A test's number, the test, and its arguments as they are sent to the sandbox."""


def plan(sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> Plan:
    """Return what judges a source, with the cases encoded once."""
    cases = [(index, case, interpret.case_payload(problem, case)) for index, case in enumerate(problem.cases(tests))]

    def run(source: str) -> Ran:
        program = interpret.candidate_program(problem, source, evidence=evidence)
        with sandboxes.candidates.lease(problem.limits.memory_mib) as worker:
            trial = _Trial(sandboxes, worker, problem, program, stop, Checking(problem))
            results = trial.results(cases)
            complete = len(results) == len(cases)
            return Ran(results, complete, peak_kib=worker.peak_kib, warnings=trial.checking.warnings)

    return run


@dataclass(frozen=True, slots=True)
class _Trial:
    """One candidate in its sandbox."""

    sandboxes: Sandboxes
    worker: Worker
    problem: Problem
    program: SandboxProgram
    stop: bool
    """Whether the first test that is not passed, in the order of the tests, is the last that counts."""
    checking: Checking

    def results(self, cases: Sequence[_Case]) -> list[CaseResult]:
        """Run the tests; return what became of them in their order."""
        results = self._values([case for case in cases if not case[1].code])
        coded = [(index, case) for index, case, _ in cases if case.code]
        if self.stop:  # what comes after a failure does not count, but what comes before it does
            end = _first_failure(results)
            coded = [(index, case) for index, case in coded if end is None or index < end.index]
        if coded:
            with self.sandboxes.testers.lease(codetests.memory_mib(self.problem)) as tester:
                results += codetests.run(self.worker, tester, self.problem, self.program, coded, self.stop)
        results.sort(key=lambda result: result.index)
        end = _first_failure(results) if self.stop else None
        return results if end is None else [result for result in results if result.index <= end.index]

    def _values(self, cases: Sequence[_Case]) -> list[CaseResult]:
        """Run the tests that are arguments and an expected value; compare here, or have the checker decide."""
        if not cases:
            return []
        problem, worker, checking = self.problem, self.worker, self.checking
        results: list[CaseResult] = []
        keeper, loading = Keeper(), b""
        uses_checker = problem.compare.mode == "checker"
        events = worker.run(self.program, [payload for _, _, payload in cases])
        for event in events:
            while len(results) < len(cases):
                index, case, _ = cases[len(results)]
                result = interpret.case_result(problem, index, case, event)
                if uses_checker and result.answered:
                    checking.add(result, event.message)
                results.append(keeper.keep(result, event.message or event.printed))
                del result  # its answer may be large, and the name would hold it until the next one is read
                if event.case >= 0:
                    break
                # The source could not be loaded: that is the outcome of every case that is left.
                loading = event.message
            if self.stop and _first_failure(results[-1:]) and not (uses_checker and results[-1].answered):
                events.close()  # type: ignore[attr-defined]
                break
            if checking.is_full:
                with self.sandboxes.testers.lease(problem.limits.memory_mib) as tester:
                    checking.run(tester)
        peak_kib = worker.peak_kib
        authors.check_prelude(worker, problem, self.program, loading)
        checking.run(worker)
        worker.peak_kib = peak_kib  # the candidate's, not the checker's
        return [checking.decided(result) for result in results]


def _first_failure(results: Sequence[CaseResult]) -> CaseResult | None:
    return next((result for result in results if result.verdict is not Verdict.AC), None)
