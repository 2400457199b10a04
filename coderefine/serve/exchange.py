"""The exchange of a client with a server, without any network code, so that both clients are thin."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coderefine.errors import CoderefineError, JudgeError, UsageError
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Tests

BATCH = 512
"""The most programs of one request."""
_BATCH_CHARS = 16 << 20
_PAUSES_S = (0.2, 10.0)
"""The shortest and the longest pause in seconds between two attempts, where the server gives none."""
_AGAIN = (408, 429, 502, 503, 504)
"""Statuses of a server, or a proxy in front of it, after which another attempt may succeed."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The result of one program."""

    index: int
    """The position among the programs, from 0."""
    verdict: Verdict
    """JE: the judge failed, which says nothing about the program."""
    accepted: bool
    passed: int
    total: int
    """How many tests count; with `fail_fast`, tests after the first failure are not run."""
    reason: str
    """Why it was not accepted. Hostile text."""
    cpu_s: float
    report: TestReport | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """How programs are to be judged; see `coderefine/serve/messages.py`."""

    given: Literal["source", "rest", "answer"] = "source"
    tests: Tests = "all"
    fail_fast: bool = True
    evidence: bool = False
    report: bool = False


class Refusal(UsageError):
    """The server refuses the request, and would refuse it later as well."""


class Batch:
    """Programs of one request, until each has its verdict, over any number of attempts."""

    def __init__(
        self,
        problem: Mapping[str, Any],
        programs: Mapping[int, str],
        asking: Asking,
        digests: dict[str, str],
        patience_s: float,
    ) -> None:
        """`problem` is a ProblemSource; `digests` are the digests that the server reported, by problem as JSON."""
        self._problem, self._programs, self._asking = dict(problem), dict(programs), asking
        self._digests, self._key = digests, json.dumps(problem, sort_keys=True)
        self._patience_s, self._deadline = patience_s, time.monotonic() + patience_s
        self._sent: list[int] = []
        self._is_whole = False
        self._pause_s = _PAUSES_S[0]

    @property
    def is_done(self) -> bool:
        """Whether all programs have a verdict."""
        return not self._programs

    def body(self) -> bytes:
        """Return the next request: the programs without a verdict."""
        self._sent, self._is_whole = sorted(self._programs), False
        digest = self._digests.get(self._key)
        asked = {
            "problem": {"digest": digest} if digest else self._problem,
            "programs": [self._programs[index] for index in self._sent],
            "given": self._asking.given,
            "tests": self._asking.tests,
            "fail_fast": self._asking.fail_fast,
            "evidence": self._asking.evidence,
            "report": self._asking.report,
        }
        return json.dumps(asked).encode()

    def take(self, text: str) -> Judged | None:
        """Read a line; return the result of a program, if the line holds one. Raises CoderefineError."""
        try:
            found = json.loads(text)
        except ValueError:  # the end of a cut answer
            return None
        match found:
            case {"verdict": _}:
                return self._judged(found)
            case {"problem": str(digest)}:
                self._digests[self._key] = digest
            case {"done": _}:
                self._is_whole = True
            case {"error": str(error), "message": message}:
                raise (JudgeError if error == "failed" else Refusal)(str(message))
        return None

    def ended(self) -> float:
        """Return how many seconds to wait after an answer, which may have been cut; raises JudgeError."""
        return 0.0 if self._is_whole else self.failed("the answer was cut")

    def failed(self, what: object) -> float:
        """Return how many seconds to wait after a network failure; raises JudgeError where patience is at an end."""
        self._check(what)
        self._pause_s = min(2 * self._pause_s, _PAUSES_S[1])
        return self._pause_s

    def refused(self, status: int, retry_after: str | None, body: bytes) -> float:
        """Return how many seconds to wait after a status that is an error; raises CoderefineError."""
        error, message = _told(status, body)
        if status == 404 and error == "unknown-problem" and self._digests.pop(self._key, ""):
            return 0.0
        if status not in _AGAIN:
            raise Refusal(message)
        pause_s = self.failed(message)
        return float(retry_after) if retry_after and retry_after.isdigit() and len(retry_after) < 4 else pause_s

    def _judged(self, found: dict[str, Any]) -> Judged | None:
        place = found["index"]
        if type(place) is not int or not 0 <= place < len(self._sent):
            raise CoderefineError("the server's answer is about no program that was sent")
        index = self._sent[place]
        if self._programs.pop(index, None) is None:
            return None
        self._deadline, self._pause_s = time.monotonic() + self._patience_s, _PAUSES_S[0]
        report = found.get("report")
        return Judged(
            index=index,
            verdict=Verdict(found["verdict"]),
            accepted=found["accepted"] is True,
            passed=int(found["passed"]),
            total=int(found["total"]),
            reason=str(found.get("reason", "")),
            cpu_s=float(found["cpu_s"]),
            report=TestReport.from_json(report) if report else None,
        )

    def _check(self, what: object) -> None:
        if time.monotonic() > self._deadline:
            raise JudgeError(f"the judge gave no verdict for {self._patience_s:g} s: {what}")


def batches(programs: Sequence[str]) -> Iterator[dict[int, str]]:
    """Yield the programs in batches that a server accepts, by their positions."""
    part: dict[int, str] = {}
    chars = 0
    for index, program in enumerate(programs):
        if part and (len(part) == BATCH or chars + len(program) > _BATCH_CHARS):
            yield part
            part, chars = {}, 0
        part[index] = program
        chars += len(program)
    if part:
        yield part


def _told(status: int, body: bytes) -> tuple[str, str]:
    try:
        match json.loads(body):
            case {"error": str(error), "message": str(message)}:
                return error, message
    except ValueError:
        pass
    return "", f"the server answered with status {status}"
