"""Runs tests that are code: the test in one sandbox, the candidate in another, and this host between them.

The test reaches the candidate through proxies only (`sandbox/tester.py`). Their requests and answers pass through this
host as opaque bytes. So what a test expects is never in a sandbox with a candidate.

A message takes longer to carry than most calls take to compute. So both programs are loaded, and ended, side by side,
and the calls that a test's text shows are asked together (`sandbox/foresight.py`). That changes nothing but time: if
the test then does not make all of those calls, the candidate's process is not used again, and if it makes another call
first, the test is run again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Self

from coderefine.judge import authors, calling, interpret, replies, wire
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
    """Return the results of numbered code tests; raises WorkerFault.

    `stop` ends the run with the first failure. All runs end when the time of all tests together (`spent`) is used up.
    """
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
    """A candidate and the tests, each loaded in its sandbox, and loaded anew where needed. A context manager."""

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
            return True  # the same outcome for every test
        return self.candidate.alive and self._test.alive and not self._is_ahead

    def result(self, index: int, case: TestCase) -> CaseResult:
        """Run a test.

        A test that left a process short of memory is run again in new processes, unless it was the first test there.
        """
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
    """The messages between the candidate and one test."""

    def __init__(self, candidate: LoadedProgram, test: LoadedProgram, problem: Problem) -> None:
        self._candidate, self._test = candidate, test
        self._limits = problem.limits
        self.replies = replies.Replies()
        self.asked_ahead = self.unforeseen = False
        """Whether calls were asked together; and whether the test then did not make all of them."""

    def run(self, case: TestCase, *, ahead: bool) -> tuple[Event, bool]:
        """Run the test; return the event that ended it, and whether that is the end of the candidate's process."""
        event = self._ask_test(wire.pack({"ahead": ahead}, case.code.encode("utf-8", "surrogatepass")))
        left: list[Event] = []
        while event.status == "answer" and event.message[:1] in _REQUESTS:
            if left:  # of what was asked ahead: the process ended, or the test went on after an exception
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
        """Return an event with the time of the whole test."""
        return replace(event, wall_s=self.replies.wall_s + event.wall_s, cpu_s=self.replies.cpu_s + event.cpu_s)

    def _ask_test(self, payload: bytes) -> Event:
        (event,) = self._test.ask(payload, wall_s=2 * TEST_LIMIT_S, cpu_s=TEST_LIMIT_S)
        return event

    def _ask_candidate(self, questions: list[bytes]) -> tuple[list[bytes], list[Event]]:
        """Return the answers up to the first exception, which ends a test of this kind, and the events after it."""
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
    """Return the spec of the tester (see `sandbox/tester.py`).

    A function is called directly, without a look at it. Where a program has made anything else of its entry point (a
    class, a named tuple, the result of a factory), the test asks what it is when it uses it.
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
    """Return how much memory the code of a test may use: the problem's own limit holds for the candidate only."""
    return max(TEST_MEMORY_MIB, problem.limits.memory_mib)


def _test_limits(problem: Problem) -> dict[str, object]:
    limits = {**calling.runner_limits(problem.limits), "memory_mib": memory_mib(problem)}
    return {**limits, "wall_s": 2 * TEST_LIMIT_S, "cpu_s": TEST_LIMIT_S}
