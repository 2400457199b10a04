"""Hard limits on what a run may spend, checked before it is spent.

A `Budget` is the user's wish, a `Meter` counts against it. A model call is *reserved* at the most that it can cost,
made, and then *settled* at its actual cost. So neither one long answer nor parallel workers together exceed a limit. A
spent budget raises BudgetExhausted, which the refinement loop turns into "the best so far".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

from coderefine import interrupts
from coderefine.errors import BudgetExhausted
from coderefine.rendering import count

TOTAL = "total "
"""The beginning of the names of limits that hold for several runs together."""
SHORTEST_ANSWER_TOKENS = 512
"""A call whose answer would be limited to less than this is not made: the answer would be cut off."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend; None means no limit."""

    max_seconds: float | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    """Prompt and completion tokens together."""
    max_cost_usd: float | None = None
    max_candidates: int | None = None
    """Programs that are tried, each counted once: repeated runs to confirm a pass, to record the lines that ran, or on
    further inputs do not count.
    """

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if value is not None and not (isinstance(value, int | float) and value >= 0):  # NaN fails this, too
                raise ValueError(f"{limit.name}: expected a number from 0 on, or None for no limit, got {value!r}")


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a model call can cost."""

    prompt_tokens: int = 0
    answer_tokens: int = 0
    """0 where the model's answers have no limit."""
    prompt_usd: float = 0.0
    answer_usd: float = 0.0
    """The price of `answer_tokens`; both prices are 0 where they are not known."""

    @property
    def tokens(self) -> int:
        """Prompt and answer together."""
        return self.prompt_tokens + self.answer_tokens

    @property
    def usd(self) -> float:
        """Prompt and answer together."""
        return self.prompt_usd + self.answer_usd

    def with_answer_of(self, tokens: int) -> Ceiling:
        """Return the ceiling of the same call with answers cut at `tokens`."""
        usd = self.answer_usd * tokens / self.answer_tokens if self.answer_tokens else self.answer_usd
        return Ceiling(self.prompt_tokens, tokens, self.prompt_usd, usd)


@dataclass(slots=True)
class Meter:
    """What a run has spent so far. Threads may share one."""

    budget: Budget = field(default_factory=Budget)
    calls: int = 0
    cached: int = 0
    """Calls that the store answered: they are not made, not paid, and not in `calls`."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    cost_known: bool = True
    """False once a model without a known price was called; `cost_usd` is then a lower bound."""
    candidates: int = 0
    started: float = field(default_factory=time.monotonic)
    parent: Meter | None = None
    """The meter of several runs together: what is spent here counts there, and both limits hold."""
    pause_s: float = 0.0
    """The least seconds between the beginnings of two calls."""
    interrupted: bool = False
    """Whether a part of the run met Ctrl-C and then returned what it had."""
    _next_call: float = 0.0
    _open: list[Ceiling] = field(default_factory=list)
    """Calls under way."""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.started

    @property
    def seconds_left(self) -> float:
        """Seconds until this time budget, or that of all runs together, ends; infinite without one."""
        own = float("inf") if self.budget.max_seconds is None else self.budget.max_seconds - self.seconds
        return own if self.parent is None else min(own, self.parent.seconds_left)

    def advance(self, seconds: float) -> None:
        """Set the clock to `seconds` since the run began, if that is later: a resumed run counts the time that it took
        before.
        """
        self.started = min(self.started, time.monotonic() - seconds)

    def check_interrupted(self) -> None:
        """Raise KeyboardInterrupt where Ctrl-C has to end the run."""
        interrupts.check()
        if self.interrupted:
            raise KeyboardInterrupt

    def check_time(self) -> None:
        """Raise BudgetExhausted where the time is up, KeyboardInterrupt where Ctrl-C has to end the run."""
        self.check_interrupted()
        limit = self.budget.max_seconds
        if limit is not None and self.seconds >= limit:
            raise self._spent("seconds", f"the time budget of {limit:g} s is spent")
        if self.parent is not None:
            with self._of_the_whole():
                self.parent.check_time()

    @property
    def bounded(self) -> bool:
        """Whether calls have to be reserved at what they may cost."""
        limits = self.budget
        return (
            limits.max_tokens is not None
            or limits.max_cost_usd is not None
            or (self.parent is not None and self.parent.bounded)
        )

    def reserve(self, call: Ceiling) -> Ceiling:
        """Return what one more call may cost, with its answer shortened to fit; pass the result to `settle`.

        Waits for calls under way where their cost decides. Raises BudgetExhausted where the call would exceed a limit;
        its `limit` begins with "total" for a limit of several runs together.
        """
        granted = self._reserve(call)
        self._wait_for_turn()
        if self.parent is None:
            return granted
        try:
            with self._of_the_whole():
                shorter = self.parent.reserve(granted)
        except BaseException:
            self._release(granted)
            raise
        with self._changed:
            self._open[self._open.index(granted)] = shorter
        return shorter

    def _reserve(self, call: Ceiling) -> Ceiling:
        with self._changed:
            while True:
                try:
                    granted = self._granted(call)
                    break
                except BudgetExhausted:
                    if not self._open or self.seconds_left <= 0:
                        raise
                    interrupts.check()
                    self._changed.wait(min(1.0, self.seconds_left))
            self._open.append(granted)
            return granted

    def _wait_for_turn(self) -> None:
        if not self.pause_s:
            return
        with self._changed:
            turn = max(time.monotonic(), self._next_call)
            self._next_call = turn + self.pause_s
        interrupts.sleep(max(0.0, turn - time.monotonic()))

    def _granted(self, call: Ceiling) -> Ceiling:
        self.check_time()
        limits = self.budget
        if limits.max_calls is not None and self.calls + len(self._open) + 1 > limits.max_calls:
            raise self._spent("calls", f"the budget of {count(limits.max_calls, 'model call')} is spent")
        answer = call.answer_tokens
        shortest = min(answer, SHORTEST_ANSWER_TOKENS)
        if limits.max_tokens is not None:
            spent = self.prompt_tokens + self.completion_tokens + sum(other.tokens for other in self._open)
            answer = min(answer, limits.max_tokens - spent - call.prompt_tokens)
            if answer < shortest or spent >= limits.max_tokens:
                raise self._spent("tokens", f"the budget of {limits.max_tokens} tokens is spent")
        if limits.max_cost_usd is not None:
            left = limits.max_cost_usd - self.cost_usd - sum(other.usd for other in self._open)
            if call.answer_usd:
                answer = min(answer, int((left - call.prompt_usd) / call.answer_usd * call.answer_tokens))
            if left <= 0 or left < call.prompt_usd or answer < shortest:
                raise self._spent("cost", f"the budget of ${limits.max_cost_usd:g} is spent")
        return call.with_answer_of(answer)

    def settle(self, granted: Ceiling) -> None:
        """End a reservation; if the call was answered, `add_call` comes first."""
        self._release(granted)
        if self.parent is not None:
            self.parent.settle(granted)

    def _release(self, granted: Ceiling) -> None:
        with self._changed:
            self._open.remove(granted)
            self._changed.notify_all()

    def add_call(self, prompt_tokens: int, completion_tokens: int, cost_usd: float | None) -> None:
        """Count a model call that was made; `cost_usd` is None where the price is unknown."""
        with self._changed:
            self.calls += 1
            self.prompt_tokens += prompt_tokens
            self.completion_tokens += completion_tokens
            if cost_usd is None:
                self.cost_known = False
            else:
                self.cost_usd += cost_usd
        if self.parent is not None:
            self.parent.add_call(prompt_tokens, completion_tokens, cost_usd)

    def add_cached(self) -> None:
        """Count a call that the store answered."""
        with self._changed:
            self.cached += 1
        if self.parent is not None:
            self.parent.add_cached()

    def check_candidate(self) -> None:
        """Raise BudgetExhausted where one more run of the judge would exceed a limit."""
        self.check_time()
        self.check_count(1)

    def check_count(self, more: int) -> None:
        """Raise BudgetExhausted where `more` runs of the judge would exceed their limit, regardless of time."""
        limit = self.budget.max_candidates
        if limit is not None and self.candidates + more > limit:
            raise self._spent("candidates", f"the budget of {limit} tested candidates is spent")
        if self.parent is not None:
            with self._of_the_whole():
                self.parent.check_count(more)

    def add_candidate(self, count: int = 1) -> None:
        """Count programs that the judge ran."""
        with self._changed:
            self.candidates += count
        if self.parent is not None:
            self.parent.add_candidate(count)

    @contextmanager
    def _of_the_whole(self) -> Iterator[None]:
        """Mark a limit that is raised here as one of several runs together."""
        try:
            yield
        except BudgetExhausted as error:
            whole = BudgetExhausted(f"{TOTAL}{error.limit}", f"for all together, {error}")
            whole.meter = error.meter
            raise whole from None

    def _spent(self, limit: str, message: str) -> BudgetExhausted:
        error = BudgetExhausted(limit, message)
        error.meter = self
        return error

    def refused(self, error: BudgetExhausted) -> bool:
        """Whether `error` comes from a limit of this run, or of several runs together."""
        return error.meter is self or (self.parent is not None and self.parent.refused(error))
