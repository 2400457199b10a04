"""Hard limits on what a run may spend, checked before spending.

A `Budget` is the user's wish, a `Meter` counts against it. Running out raises BudgetExhausted, which the refinement
loop turns into "the best so far".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from coderefine.errors import BudgetExhausted


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend; None is no limit."""

    max_seconds: float | None = None
    max_calls: int | None = None
    max_tokens: int | None = None
    """Prompt and completion tokens together."""
    max_cost_usd: float | None = None
    max_candidates: int | None = None
    """Programs that the judge runs."""


@dataclass(slots=True)
class Meter:
    """What a run has spent so far."""

    budget: Budget = field(default_factory=Budget)
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    cost_known: bool = True
    """False once a model without a known price was called: `cost_usd` is then a lower bound."""
    candidates: int = 0
    started: float = field(default_factory=time.monotonic)
    _under_way: list[int] = field(default_factory=list)
    """The estimated tokens of each call that was begun and has not ended."""
    _dearest_usd: float = 0.0
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.started

    @property
    def seconds_left(self) -> float:
        """Seconds until the time budget ends; infinite without one."""
        return float("inf") if self.budget.max_seconds is None else self.budget.max_seconds - self.seconds

    def check_time(self) -> None:
        """Raise BudgetExhausted where the time is up."""
        if self.seconds_left <= 0:
            raise BudgetExhausted("seconds", f"the time budget of {self.budget.max_seconds:g} s is spent")

    def check_call(self, tokens: int = 0) -> None:
        """Raise BudgetExhausted where one more model call of about `tokens` tokens would exceed a limit."""
        self.check_time()
        limits = self.budget
        if limits.max_calls is not None and self.calls + len(self._under_way) + 1 > limits.max_calls:
            raise BudgetExhausted("calls", f"the budget of {limits.max_calls} model calls is spent")
        spent = self.prompt_tokens + self.completion_tokens + sum(self._under_way)
        if limits.max_tokens is not None and spent + tokens > limits.max_tokens:
            raise BudgetExhausted("tokens", f"the budget of {limits.max_tokens} tokens is spent")
        # A call under way is taken to cost what the dearest so far did.
        expected_usd = self.cost_usd + self._dearest_usd * len(self._under_way)
        if limits.max_cost_usd is not None and expected_usd >= limits.max_cost_usd:
            raise BudgetExhausted("cost", f"the budget of ${limits.max_cost_usd:g} is spent")

    @contextmanager
    def call(self, tokens: int) -> Iterator[Callable[[int, int, float | None], None]]:
        """Hold room in the budget for one model call of about `tokens` tokens while the block runs.

        The block is given what to call with the arguments of `add_call` once it knows them; without, nothing counts.
        Calls that run side by side thus never exceed a limit together. Raises BudgetExhausted, before the block.
        """
        with self._lock:
            self.check_call(tokens)
            self._under_way.append(tokens)
        counted: list[tuple[int, int, float | None]] = []
        try:
            yield lambda *spent: counted.append(spent)
        finally:
            with self._lock:
                self._under_way.remove(tokens)
                for spent in counted:
                    self.add_call(*spent)

    def add_call(self, prompt_tokens: int, completion_tokens: int, cost_usd: float | None) -> None:
        """Count a model call that was made; `cost_usd` is None where the price is unknown."""
        self.calls += 1
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens
        if cost_usd is None:
            self.cost_known = False
        else:
            self.cost_usd += cost_usd
            self._dearest_usd = max(self._dearest_usd, cost_usd)

    def check_candidate(self) -> None:
        """Raise BudgetExhausted where one more run of the judge would exceed a limit."""
        self.check_time()
        limit = self.budget.max_candidates
        if limit is not None and self.candidates + 1 > limit:
            raise BudgetExhausted("candidates", f"the budget of {limit} tested candidates is spent")

    def add_candidate(self) -> None:
        """Count a program that the judge ran."""
        self.candidates += 1
