"""Runs tests that are code: the test in one sandbox, the candidate in another, and this host between them.

The test reaches the candidate through proxies only (`sandbox/tester.py`), whose requests and answers pass here as
opaque bytes. So what a test expects is never in a sandbox with a candidate.

Each message takes longer to carry than most calls to compute. So the two programs are loaded, and ended, side by side,
and the calls that a test's text shows are asked together (`sandbox/foresight.py`). That changes nothing but time: where
the test then does not ask them all, the candidate's process is used no more, and where it asks something else, it is
run again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Self

from coderefine.judge import authors, interpret, wire
from coderefine.judge.kind import CalledKind
from coderefine.judge.report import CaseResult
from coderefine.judge.spent import Spent
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event, LoadedProgram, SandboxProgram, Worker
from coderefine.problem.problem import Problem, TestCase

TEST_LIMIT_S = 30.0
"""Seconds that a test's own code may take between two calls of the candidate."""
TEST_MEMORY_MIB = 1024
_REQUESTS = (wire.REQUEST, wire.FIRST_REQUEST, wire.REQUESTS_AHEAD)
_AGAIN = b'["again"]'


def run(
    worker: Worker,
    tester: Worker,
    problem: Problem,
    program: SandboxProgram,
    cases: Iterable[tuple[int, TestCase]],
    stop: bool,
    spent: Spent,
) -> list[CaseResult]:
    """Return the results of numbered code tests; `stop` ends with the first failure, and all end with the
    time of all tests together (`spent`). Raises WorkerFault."""
    results: list[CaseResult] = []
    with _Pair(worker, tester, problem, program) as pair:
        if not pair.candidate.alive:
            pair.end()
            authors.check_prelude(worker, problem, program, pair.candidate.loaded.message)
        for index, case in cases:
            results.append(spent.add(pair.result(index, case), problem.limits))
            if spent.over(problem.limits):
                break
            if stop and case.counts and results[-1].verdict is not Verdict.AC:
                break
    return results


class _Pair:
    """A candidate and the tests, each loaded in its sandbox, and begun anew where that is due. A context manager."""

    def __init__(self, worker: Worker, tester: Worker, problem: Problem, program: SandboxProgram) -> None:
        self._worker, self._tester, self._problem, self._program = worker, tester, problem, program
        spec = _test_spec(problem, program.source)
        self._test_program = SandboxProgram(spec, _test_limits(problem), "", problem.prelude)
        self._may_ahead = not program.spec["evidence"]

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.end()

    def _begin(self) -> None:
        self.candidate = self._worker.session(self._program)
        self._test = self._tester.session(self._test_program)
        self._is_new, self._is_ahead = True, False

    def end(self) -> None:
        """End both programs, side by side."""
        with self.candidate, self._test:
            self.candidate.stop()
            self._test.stop()

    @property
    def _is_ready(self) -> bool:
        if self.candidate.loaded.message != wire.READY:
            return True  # which is the outcome of every test
        return self.candidate.alive and self._test.alive and not self._is_ahead

    def result(self, index: int, case: TestCase) -> CaseResult:
        """Run a test. One that left a process short of memory, and was not the first there, is repeated in new ones."""
        for _ in range(2):
            if not self._is_ready:
                self.end()
                self._begin()
            if not (self.candidate.alive and self._test.alive):
                return interpret.case_result(self._problem, index, case, self.candidate.loaded)
            was_new, self._is_new = self._is_new, False
            result = self._run(index, case)
            if was_new or not (self.candidate.spent or self._test.spent):
                break
        return result

    def _run(self, index: int, case: TestCase) -> CaseResult:
        exchange = _Exchange(self.candidate, self._test, self._problem)
        end, is_candidates = exchange.run(case, ahead=self._may_ahead)
        if exchange.unforeseen:
            self.end()
            self._begin()
            exchange = _Exchange(self.candidate, self._test, self._problem)
            if not (self.candidate.alive and self._test.alive):
                return interpret.case_result(self._problem, index, case, self.candidate.loaded)
            end, is_candidates = exchange.run(case, ahead=False)
        if is_candidates:
            return interpret.case_result(self._problem, index, case, end)
        result = exchange.replies.result(self._problem, index, case, end)
        self._is_ahead = exchange.asked_ahead and result.verdict is not Verdict.AC
        return result


class _Exchange:
    """What the candidate and one test say to each other."""

    def __init__(self, candidate: LoadedProgram, test: LoadedProgram, problem: Problem) -> None:
        self._candidate, self._test = candidate, test
        self._limits = problem.limits
        self.replies = interpret.Replies()
        self.asked_ahead = self.unforeseen = False
        """Whether calls were asked together; and whether the test did then not ask them."""

    def run(self, case: TestCase, *, ahead: bool) -> tuple[Event, bool]:
        """Run the test; return its end and False, or that of the candidate's process and True."""
        event = self._ask_test(wire.pack({"ahead": ahead}, case.code.encode("utf-8", "surrogatepass")))
        left: list[Event] = []
        while event.status == "answer" and event.message[:1] in _REQUESTS:
            if left:  # of what was asked ahead, and it is no answer
                self.unforeseen = left[0].status == "answer"
                return self._with_earlier(left[0]), True
            is_ahead = event.message[:1] == wire.REQUESTS_AHEAD
            questions = wire.unpack(event.message[1:])[1] if is_ahead else [event.message]
            self.asked_ahead |= is_ahead
            answers, left = self._ask_candidate(questions)
            if not answers:
                return self._with_earlier(left[0]), True
            event = self._ask_test(wire.pack({}, *answers) if is_ahead else answers[0])
        self.unforeseen = event.message == _AGAIN
        return event, False

    def _with_earlier(self, event: Event) -> Event:
        """Return it with the time of the whole test."""
        return replace(event, wall_s=self.replies.wall_s + event.wall_s, cpu_s=self.replies.cpu_s + event.cpu_s)

    def _ask_test(self, payload: bytes) -> Event:
        (event,) = self._test.ask(payload, wall_s=2 * TEST_LIMIT_S, cpu_s=TEST_LIMIT_S)
        return event

    def _ask_candidate(self, questions: list[bytes]) -> tuple[list[bytes], list[Event]]:
        """Return the answers up to the first exception, with which such a test ends, and the events that are left."""
        wall_s, cpu_s = self._limits.wall_s - self.replies.wall_s, self._limits.time_s - self.replies.cpu_s
        events = self._candidate.ask(*questions, wall_s=wall_s, cpu_s=cpu_s)
        answers: list[bytes] = []
        while events and events[0].status == "answer":
            event = events.pop(0)
            answers.append(event.message)
            if self.replies.add(event):
                break
        return answers, events


def _test_spec(problem: Problem, source: str) -> dict[str, object]:
    """Return what the tester is to know.

    A function is called as it stands, without a look at it. Whatever else a program has made of its entry point (a
    class, a named tuple, what a factory returned) is asked for when a test uses it.
    """
    kind = CalledKind.of(problem)
    defined = re.search(rf"^\s*(?:async\s+)?def\s+{re.escape(problem.entry)}\b", source, re.MULTILINE)
    return {
        "kind": "test",
        "entry": problem.entry,
        "is_function": bool(defined) and not kind.entry_is_class,
        "may_equal": kind.may_equal,
        "evidence": False,
        "leetcode_names": kind.leetcode_names,
        "redefined": problem.redefined,
    }


def memory_mib(problem: Problem) -> int:
    """Return what the code of a test may use: the limit is the candidate's, not the test's."""
    return max(TEST_MEMORY_MIB, problem.limits.memory_mib)


def _test_limits(problem: Problem) -> dict[str, object]:
    limits = {**interpret.runner_limits(problem.limits), "memory_mib": memory_mib(problem)}
    return {**limits, "wall_s": 2 * TEST_LIMIT_S, "cpu_s": TEST_LIMIT_S}
