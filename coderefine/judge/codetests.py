"""Runs tests that are code: the test in one sandbox, the candidate in another, and this host between them.

The test reaches the candidate through proxies only (`sandbox/tester.py`), whose requests and answers pass here as
opaque bytes. So what a test expects is never in a sandbox with a candidate.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack

from coderefine.judge import authors, interpret, wire
from coderefine.judge.kind import CalledKind
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import LoadedProgram, SandboxProgram, Worker
from coderefine.problem.problem import Problem, TestCase

TEST_LIMIT_S = 30.0
"""Seconds that a test's own code may take between two calls of the candidate."""
TEST_MEMORY_MIB = 1024


def run(
    worker: Worker,
    tester: Worker,
    problem: Problem,
    program: SandboxProgram,
    cases: Iterable[tuple[int, TestCase]],
    stop: bool,
) -> list[CaseResult]:
    """Return the results of numbered code tests; `stop` ends with the first failure. Raises WorkerFault."""
    results: list[CaseResult] = []
    test_program = SandboxProgram(_test_spec(problem), _test_limits(problem), "", problem.prelude)
    with ExitStack() as sessions:
        candidate = sessions.enter_context(worker.session(program))
        if not candidate.alive:
            sessions.close()
            authors.check_prelude(worker, problem, program, candidate.loaded.message)
        test = sessions.enter_context(tester.session(test_program))
        is_first = True
        for index, case in cases:
            # A test that left a process short of memory, and was not the first there, is repeated in new ones.
            for _ in range(2):
                if not test.alive or (not candidate.alive and candidate.loaded.message == wire.READY):
                    sessions.close()  # it failed in the case before: go on in a new process
                    candidate = sessions.enter_context(worker.session(program))
                    test = sessions.enter_context(tester.session(test_program))
                    is_first = True
                if not candidate.alive:
                    result = interpret.case_result(problem, index, case, candidate.loaded)
                    break
                result = _run(candidate, test, problem, index, case)
                was_first, is_first = is_first, False
                if was_first or not (candidate.spent or test.spent):
                    break
            results.append(result)
            if stop and result.verdict is not Verdict.AC:
                break
    return results


def _run(candidate: LoadedProgram, test: LoadedProgram, problem: Problem, index: int, case: TestCase) -> CaseResult:
    wall_s, cpu_s = problem.limits.wall_s, problem.limits.time_s
    replies = interpret.Replies()
    event = test.ask(case.code.encode(), wall_s=2 * TEST_LIMIT_S, cpu_s=TEST_LIMIT_S)
    while event.status == "answer" and event.message.startswith(wire.REQUEST):
        reply = candidate.ask(event.message, wall_s=wall_s, cpu_s=cpu_s)
        wall_s, cpu_s = wall_s - reply.wall_s, cpu_s - reply.cpu_s
        replies.add(reply)
        if reply.status != "answer":
            return interpret.case_result(problem, index, case, reply)
        event = test.ask(reply.message, wall_s=2 * TEST_LIMIT_S, cpu_s=TEST_LIMIT_S)
    return replies.result(problem, index, case, event)


def _test_spec(problem: Problem) -> dict[str, object]:
    is_class = CalledKind.of(problem).entry_is_class
    return {"kind": "test", "entry": problem.entry, "is_class": is_class, "evidence": False}


def memory_mib(problem: Problem) -> int:
    """Return what the code of a test may use: the limit is the candidate's, not the test's."""
    return max(TEST_MEMORY_MIB, problem.limits.memory_mib)


def _test_limits(problem: Problem) -> dict[str, object]:
    limits = {**interpret.runner_limits(problem.limits), "memory_mib": memory_mib(problem)}
    return {**limits, "wall_s": 2 * TEST_LIMIT_S, "cpu_s": TEST_LIMIT_S}
