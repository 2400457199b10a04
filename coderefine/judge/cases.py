"""Runs a candidate on a problem's tests one by one: calls and programs, and tests that are code.

Answers are compared here, on the host, or by the problem's own checker in a process that no candidate was ever in.
"""

from __future__ import annotations

from collections.abc import Sequence

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
            checking = Checking(problem)
            results = _judge(sandboxes, worker, problem, program, cases, stop, checking)
            complete = len(results) == len(cases)
            return Ran(results, complete, peak_kib=worker.peak_kib, warnings=checking.warnings)

    return run


def _judge(
    sandboxes: Sandboxes,
    worker: Worker,
    problem: Problem,
    program: SandboxProgram,
    cases: Sequence[_Case],
    stop: bool,
    checking: Checking,
) -> list[CaseResult]:
    results = _run_values(sandboxes, worker, problem, program, [it for it in cases if not it[1].code], stop, checking)
    coded = [(index, case) for index, case, _ in cases if case.code]
    if coded and not (stop and _failed(results)):
        with sandboxes.testers.lease(codetests.memory_mib(problem)) as tester:
            results += codetests.run(worker, tester, problem, program, coded, stop)
    results.sort(key=lambda result: result.index)
    return _until_failure(results) if stop else results


def _run_values(
    sandboxes: Sandboxes,
    worker: Worker,
    problem: Problem,
    program: SandboxProgram,
    cases: Sequence[_Case],
    stop: bool,
    checking: Checking,
) -> list[CaseResult]:
    """Run the tests that are arguments and an expected value; compare here, or have the checker decide."""
    if not cases:
        return []
    results: list[CaseResult] = []
    keeper, loading = Keeper(), b""
    uses_checker = problem.compare.mode == "checker"
    events = worker.run(program, [payload for _, _, payload in cases])
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
        if stop and _failed(results[-1:]) and not (uses_checker and results[-1].answered):
            events.close()  # type: ignore[attr-defined]
            break
        if checking.is_full:
            with sandboxes.testers.lease(problem.limits.memory_mib) as tester:
                checking.run(tester)
    peak_kib = worker.peak_kib
    authors.check_prelude(worker, problem, program, loading)
    checking.run(worker)
    worker.peak_kib = peak_kib  # the candidate's, not the checker's
    return [checking.decided(result) for result in results]


def _failed(results: Sequence[CaseResult]) -> bool:
    return any(result.verdict is not Verdict.AC for result in results)


def _until_failure(results: list[CaseResult]) -> list[CaseResult]:
    for index, result in enumerate(results):
        if result.verdict is not Verdict.AC:
            return results[: index + 1]
    return results
