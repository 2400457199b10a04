"""Runs a candidate on a problem's tests one by one: calls and programs, and tests that are code.

Answers are compared here, on the host, or by the problem's own checker in a process that no candidate was ever in.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from coderefine.judge import authors, calling, codetests, interpret
from coderefine.judge.checker import Checking
from coderefine.judge.keeping import Keeper
from coderefine.judge.kind import Ran, RunPlan, Sandboxes
from coderefine.judge.report import CaseResult
from coderefine.judge.spent import OUT_OF_TIME, Spent
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import SandboxProgram, Worker
from coderefine.problem.problem import Problem, TestCase, Tests
from coderefine.rendering import literal

_UNREAD = b'["unreadable"'
_Case = tuple[int, TestCase, bytes]
"""A test's number, the test, and its arguments as they are sent to the sandbox."""


def plan(sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> RunPlan:
    """Return what judges a source, with the cases encoded once."""
    cases = [(index, case, calling.case_payload(problem, case)) for index, case in enumerate(problem.cases(tests))]

    def run(source: str) -> Ran:
        program = calling.candidate_program(problem, source, evidence=evidence)
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
    """Whether the run ends with the first test, in their order, that does not pass."""
    checking: Checking
    spent: Spent = field(default_factory=Spent)
    unread: list[int] = field(default_factory=list)
    """Numbers of the tests whose answers are not plain data; they are run again as code."""

    def results(self, cases: Sequence[_Case]) -> list[CaseResult]:
        """Run the tests; return their results in the order of the tests."""
        values = [case for case in cases if not case[1].code]
        coded = [(index, case) for index, case, _ in cases if case.code]
        shown = {index for index, case, _ in cases if not case.counts}
        results: list[CaseResult] = []
        if self.stop and values and coded and coded[0][0] < values[0][0]:  # the first test of all is code
            results, coded = self._coded(coded), []
            end = _first_failure(results, shown)
            values = [case for case in values if end is None or case[0] < end.index]
        results += self._values(values)
        unread = [(index, _as_code(case)) for index, case, _ in values if index in self.unread]
        results = [result for result in results if result.index not in self.unread]
        coded = sorted(coded + unread, key=lambda pair: pair[0])
        if self.stop:  # results after the first failure do not count, but those before it do
            end = _first_failure(results, shown)
            coded = [(index, case) for index, case in coded if end is None or index < end.index]
        results += self._coded(coded)
        if self.spent.over(self.problem.limits):
            known = {result.index for result in results}
            results += [_out_of_time(index, case) for index, case, _ in cases if index not in known]
        results.sort(key=lambda result: result.index)
        end = _first_failure(results, shown) if self.stop else None
        return results if end is None else [result for result in results if result.index <= end.index]

    def _coded(self, cases: Sequence[tuple[int, TestCase]]) -> list[CaseResult]:
        """Run the tests that are code."""
        if not cases:
            return []
        with self.sandboxes.testers.lease(codetests.memory_mib(self.problem)) as tester:
            return codetests.run(self.worker, tester, self.problem, self.program, cases, self.stop, self.spent)

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
                result = self.spent.add(interpret.case_result(problem, index, case, event), problem.limits)
                if uses_checker and result.answered:
                    checking.add(result, event.message)
                if is_unread := problem.compare.is_pythons and event.message.startswith(_UNREAD):
                    self.unread.append(index)
                    self.spent.forget(result)  # it is asked again as code
                results.append(keeper.keep(result, event.message or event.printed))
                del result  # its answer may be large, and the name would hold it until the next one is read
                if event.case >= 0:
                    break
                # The source could not be loaded: that is the outcome of every case that is left.
                loading = event.message
            is_open = is_unread or not case.counts or (uses_checker and results[-1].answered)
            if self.spent.over(problem.limits):
                events.close()  # type: ignore[attr-defined]
                break
            if self.stop and _first_failure(results[-1:]) and not is_open:
                events.close()  # type: ignore[attr-defined]
                break
            if checking.is_full:
                with self.sandboxes.testers.lease(problem.limits.memory_mib) as tester:
                    checking.run(tester)
        peak_kib = worker.peak_kib
        authors.check_prelude(worker, problem, self.program, loading)
        checking.run(worker)
        worker.peak_kib = peak_kib  # of the candidate, not of the checker
        return [checking.decided(result) for result in results]


def _first_failure(results: Sequence[CaseResult], shown: AbstractSet[int] = frozenset()) -> CaseResult | None:
    """Return the result of the first test that does not pass, tests that are only examples (`shown`) left out."""
    return next((it for it in results if it.verdict is not Verdict.AC and it.index not in shown), None)


def _out_of_time(index: int, case: TestCase) -> CaseResult:
    """Return the result of a test that was not run because the tests before it took all the time."""
    known = {"args": case.args, "expected": case.expected, "code": case.code}
    return CaseResult(index=index, name=case.name, verdict=Verdict.TLE, reason=OUT_OF_TIME, **known)


def _as_code(case: TestCase) -> TestCase:
    """Return the same test as code.

    An answer that is not plain data, such as a fraction, then stays in the sandbox, and is compared there by `==`.
    """
    call = f"candidate({', '.join(map(literal, case.args))})"
    return replace(case, args=(), expected=None, code=f"assert {call} == {literal(case.expected)}")
