"""Reports the progress of a refinement.

Guarantees: one moment is reported at a time, and none after the refinement has returned. Parallel calls are reported
from their own threads, so a listener may be called from other threads than the loop's; it should be quick.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from coderefine.budget import Meter
from coderefine.models.model import Answer, Prompt, UnusableAnswerError, WrappedModel


@dataclass(frozen=True, slots=True)
class Call:
    """A model call that was answered, by the model or from the record."""

    iteration: int
    """0 for a first draft."""
    model: str
    purpose: str
    """What was asked for: a criticism, a patch or a draft."""
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """None where the price is unknown."""
    seconds: float
    usable: bool = True
    cached: bool = False
    """Whether the store answered it, at no cost."""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        data = {name: getattr(self, name) for name in self.__slots__}
        return data | {"seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a refinement."""

    engine: str
    """ "" before the first iteration."""
    iteration: int
    """From 1; 0 before the first."""
    doing: str
    """In words, such as `judging` or `waiting for gpt-4o-mini's criticism`."""
    meter: Meter
    """What the run has spent and may spend; it keeps counting, so it can be read later."""
    call: Call | None = None
    """The call, if this moment is the end of one."""


class ProgressReporter:
    """Reports the progress of a refinement to a listener, and keeps its calls."""

    def __init__(self, listener: Callable[[Progress], None], meter: Meter) -> None:
        self._listener = listener
        self._meter = meter
        self._engine, self._iteration, self._doing = "", 0, "judging"
        self._waiting: list[tuple[str, str]] = []
        self._calls: list[Call] = []
        self._over = False
        self._lock = threading.RLock()

    def begin(self, engine: str, iteration: int) -> None:
        """Report that an iteration begins."""
        with self._lock:
            self._engine, self._iteration = engine, iteration
            self._tell("judging")

    def doing(self, what: str) -> None:
        """Report what is done from now on."""
        with self._lock:
            self._tell(what)

    def end(self) -> tuple[Call, ...]:
        """Stop reporting; return all calls in the order in which they ended."""
        with self._lock:
            self._over = True
            return tuple(self._calls)

    @contextmanager
    def waiting(self, model: str, purpose: str) -> Iterator[Callable[[Answer, bool], None]]:
        """Report that a call is under way within the block; yield a function to call with its answer and its
        usability.
        """
        asked = (model, purpose)
        with self._lock:
            self._waiting.append(asked)
            self._tell(self._awaited())
        try:
            yield lambda answer, usable: self._answered(asked, answer, usable)
        finally:
            with self._lock:
                self._waiting.remove(asked)
                self._tell(self._awaited() if self._waiting else "judging")

    def _awaited(self) -> str:
        model, purpose = self._waiting[0]
        same = self._waiting.count((model, purpose))
        return f"waiting for {model}'s {purpose}" if same == 1 else f"waiting for {same} {purpose}es of {model}"

    def _answered(self, asked: tuple[str, str], answer: Answer, usable: bool) -> None:
        # not known for a call that the store answered
        tokens = answer.prompt_tokens or 0, answer.completion_tokens or 0
        with self._lock:
            if self._over:
                return
            call = Call(self._iteration, *asked, *tokens, answer.cost_usd, answer.seconds, usable, answer.cached)
            self._calls.append(call)
            self._tell(self._doing, call)

    def _tell(self, doing: str, call: Call | None = None) -> None:
        self._doing = doing
        if not self._over:
            self._listener(Progress(self._engine, self._iteration, doing, self._meter, call))


@dataclass(frozen=True, slots=True)
class AnnouncingModel(WrappedModel):
    """Reports each call of a model while it is awaited, and its outcome."""

    purpose: str
    """What the call asks for."""
    progress: ProgressReporter

    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt; raises what the wrapped model raises."""
        with self.progress.waiting(self.name, self.purpose) as answered:
            try:
                answer = self.model.complete(prompt)
            except UnusableAnswerError as error:
                answered(error.answer, False)
                raise
            answered(answer, True)
            return answer
