"""What a refinement is doing, told as it happens.

Guarantees: one moment is told at a time, and none after the refinement has returned. Calls that go on side by side are
reported from their own threads, so a listener may be called from other threads than the loop's; it should be quick.
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
    """A model call that was answered, from the record as well."""

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
    """Empty before the first iteration."""
    iteration: int
    """From 1; 0 before the first."""
    doing: str
    """In words, such as `judging` or `waiting for gpt-4o-mini's criticism`."""
    meter: Meter
    """What the run has spent and may spend: it counts on, so that it can be read at any later time."""
    call: Call | None = None
    """The model call that just ended, if this moment is its end."""


class ProgressReporter:
    """Reports to a listener how a refinement gets on, and keeps its calls."""

    def __init__(self, listener: Callable[[Progress], None], meter: Meter) -> None:
        self._listener = listener
        self._meter = meter
        self._engine, self._iteration, self._doing = "", 0, "judging"
        self._waiting: list[tuple[str, str]] = []
        self._calls: list[Call] = []
        self._over = False
        self._lock = threading.RLock()

    def begin(self, engine: str, iteration: int) -> None:
        """An iteration begins."""
        with self._lock:
            self._engine, self._iteration = engine, iteration
            self._tell("judging")

    def doing(self, what: str) -> None:
        """Something else is done from here on."""
        with self._lock:
            self._tell(what)

    def end(self) -> tuple[Call, ...]:
        """Say nothing from here on; return all calls in the order in which they ended."""
        with self._lock:
            self._over = True
            return tuple(self._calls)

    @contextmanager
    def waiting(self, model: str, purpose: str) -> Iterator[Callable[[Answer, bool], None]]:
        """Within the block a call is under way; yield whom to tell of its answer, and whether that is usable."""
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
        tokens = answer.prompt_tokens or 0, answer.completion_tokens or 0  # unknown of a call that the store answered
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
    """Reports each call of a model while it is awaited, and what came of it."""

    purpose: str
    """What it is asked for."""
    progress: ProgressReporter

    def complete(self, prompt: Prompt) -> Answer:
        """Answer a prompt; raises what the model inside raises."""
        with self.progress.waiting(self.name, self.purpose) as answered:
            try:
                answer = self.model.complete(prompt)
            except UnusableAnswerError as error:
                answered(error.answer, False)
                raise
            answered(answer, True)
            return answer
