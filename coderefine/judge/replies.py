"""Judges tests that are code: by how the test ended, and by what the candidate answered to it."""

from __future__ import annotations

from typing import Any

from coderefine.judge import authors, messages
from coderefine.judge.calling import KEPT_BYTES
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event
from coderefine.problem import values
from coderefine.problem.problem import Problem, TestCase
from coderefine.rendering import example_of

_ERRORS = (b'["error"', b'["unreadable"')


class Replies:
    """What is kept of all answers of a candidate to one test: there may be thousands of them, of any length."""

    def __init__(self) -> None:
        self._printed = b""
        self.wall_s = self.cpu_s = 0.0
        """Seconds of all answers together."""
        self._coverage: set[int] = set()
        self.raised: dict[str, Any] = messages.NONSENSE
        """How the case ends if the test does not catch what the candidate raised last."""

    def add(self, reply: Event) -> bool:
        """Take note of an answer; return whether it says that the candidate raised."""
        self.wall_s += reply.wall_s
        self.cpu_s += reply.cpu_s
        self._printed += reply.printed[: KEPT_BYTES - len(self._printed)]
        inner, found = messages.without_evidence(reply)
        self._coverage |= set(found.get("coverage", ()))
        if reply.message.startswith(_ERRORS) or inner:
            outcome = messages.read(reply.message) if inner is None else messages.outcome(inner)
            self.raised = outcome if outcome is not messages.NONSENSE or inner is None else self.raised
        return reply.message.startswith(_ERRORS)

    def result(self, problem: Problem, index: int, case: TestCase, end: Event) -> CaseResult:
        """Return the result of a test that is code, from the event that ended it."""
        return CaseResult(
            index=index,
            name=case.name,
            code=case.code,
            output=self._printed.decode("utf-8", "replace"),
            wall_s=round(self.wall_s, 6),
            cpu_s=round(self.cpu_s, 6),
            coverage=tuple(sorted(self._coverage)),
            **_ended(problem, case.code, end, self.raised),
        )


def _ended(problem: Problem, code: str, end: Event, raised: dict[str, Any]) -> dict[str, Any]:
    try:
        match values.decode_answer(end.message) if end.message else None:
            case ["passed"]:
                return {"verdict": Verdict.AC}
            case ["raised"]:
                return raised
            case ["unjudged", str(what)]:  # nobody's mistake, or the author's
                return {"verdict": Verdict.JE, "reason": f"cannot be judged: {messages.text_of(what)}"}
            case ["prelude", *failure]:
                raise authors.fault(problem, failure)
            case ["failed", "AssertionError", str(text), _] if text and example_of(code):
                return {"verdict": Verdict.WA, "reason": messages.text_of(text)}
            case ["failed", name, text, line]:
                where = f" in line {line} of the test" if line else " in the test"
                return {"verdict": Verdict.WA, "reason": f"{name}{where}" + (f": {text}" if text else "")}
            case ["failed", _, _, line, got, wanted]:
                return {"verdict": Verdict.WA, "reason": _difference(got, wanted, line, code)}
    except values.Malformed:
        pass
    # The test depends on what the candidate answered, so a test that hangs or crashes is the candidate's failure.
    return {"verdict": Verdict.WA, "reason": f"the test itself did not end ({end.status})"}


def _difference(got: Any, wanted: Any, line: Any, code: str) -> str:
    """Return in words what a test compared, and its line where the test has several and no title."""
    where = f"line {line} of the test: " if line and "\n" in code and not example_of(code) else ""
    return f"{where}got {messages.text_of(got)}, expected {messages.text_of(wanted)}"
