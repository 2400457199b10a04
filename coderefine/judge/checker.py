"""Has a problem's own checker decide about answers, in fresh processes in which no candidate ever ran."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coderefine.errors import ProblemError
from coderefine.judge import calling, messages
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Event, SandboxProgram, Worker, plain_spec
from coderefine.problem import values
from coderefine.problem.problem import Problem
from coderefine.rendering import cut, literal

_WAITING_BYTES = 2 << 20
"""How many bytes of answers may wait for the checker."""
_VALUE = b'["value",'


class Checking:
    """The answers of one candidate, kept as texts, and the checker's verdicts on them."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._waiting: dict[int, bytes] = {}
        self._size = 0
        self._outcomes: dict[int, dict[str, Any]] = {}
        self._odd: str | None = None

    def add(self, result: CaseResult, message: bytes) -> None:
        """Add an answer, with the message that it was read from."""
        given = values.encode([list(result.args), result.expected])[:-1].encode()
        is_plain = message.startswith(_VALUE)  # the message is passed on as it is, and not encoded anew
        got = message[len(_VALUE) : -1] if is_plain else values.encode(result.got).encode()
        self._waiting[result.index] = b"".join((given, b",", got, b"]"))
        self._size += len(got)

    @property
    def is_full(self) -> bool:
        """Whether so many answers wait that the checker should run now."""
        return self._size > _WAITING_BYTES

    def run(self, worker: Worker) -> None:
        """Have the waiting answers checked; raises ProblemError where the checker cannot be loaded."""
        waiting, self._waiting, self._size = self._waiting, {}, 0
        if waiting:
            limits = self._problem.limits  # the limits of the problem are the candidate's, not the checker's
            limits = replace(limits, time_s=max(10.0, limits.time_s), memory_mib=worker.memory_mib)
            source = self._problem.compare.checker
            checker = SandboxProgram(plain_spec("check", 3), calling.runner_limits(limits), source)
            events = worker.run(checker, list(waiting.values()))
            self._outcomes.update((index, self._outcome(event)) for index, event in zip(waiting, events, strict=False))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the checker's author should know."""
        if self._odd is None:
            return ()
        where = self._problem.path or self._problem.slug
        return (f"{where}: the checker returned {self._odd} where True, False or a text is expected; that is no pass",)

    def decided(self, result: CaseResult) -> CaseResult:
        """Return the result with the checker's verdict, if it has one."""
        return replace(result, **self._outcomes.get(result.index, {}))

    def _outcome(self, event: Event) -> dict[str, Any]:
        match message := _message(event.message):
            case ["value", True]:
                return {"verdict": Verdict.AC}
            case ["value", False]:
                return {}
            case ["value", str(reason)]:
                return {"reason": reason[: messages.MAX_TEXT]}
            case ["value", other] if event.case >= 0:
                return self._is_odd(cut(literal(other)))
            case ["unreadable", str(what)] if event.case >= 0:
                return self._is_odd(cut(what))
            case ["error", name, text, line, _] if event.case >= 0:
                return {"reason": f"the checker raised {name}: {text} (line {line})"[: messages.MAX_TEXT]}
            case _ if event.case >= 0 and event.status != "answer":  # an answer may be made to be hard to check
                return {"reason": "the checker did not end with this answer"}
        where = self._problem.path or self._problem.slug
        match message:
            case ["error", name, text, line, _]:
                raise ProblemError(
                    where, f"checker, line {line}", f"expected to run by itself, but it raised {name}: {text}"
                )
        raise ProblemError(where, "checker", f"expected check(args, expected, got), but {message}")

    def _is_odd(self, returned: str) -> dict[str, Any]:
        self._odd = self._odd or returned
        return {"reason": f"the checker returned {returned}, neither True nor False nor a text"}


def _message(message: bytes) -> Any:
    try:
        return values.decode_answer(message) if message else ["it did not answer"]
    except values.Malformed:
        return ["it answered nonsense"]
