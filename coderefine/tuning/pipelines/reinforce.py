"""REINFORCE on switches: each is on with a probability of its own, which moves towards what pays.

Edges are learnt so in GPTSwarm (arXiv 2402.16823, section 3.3): a Bernoulli logit for each, the gradient of the log
likelihood weighted by the utility above a moving average (Williams, 1992), followed by Adam (arXiv 1412.6980).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

Bits = tuple[bool, ...]
RATE = 0.18
"""Adam's rate: how far a logit moves in a step, at most."""
_KEPT = 0.5
"""The fraction of the moving average that is kept in each step."""
_FIRST, _SECOND, _TINY = 0.8, 0.999, 1e-8
"""Adam's decay rates of the two moments, and the term that keeps its quotient finite."""
_FARTHEST = 4.0
"""The largest logit in either direction, so that a switch is still tried the other way now and then."""


@dataclass(slots=True)
class Reinforce:
    """The logits of some switches, which `learn` moves."""

    count: int
    rate: float = RATE
    logits: list[float] = field(init=False)
    _average: float | None = None
    _spread: float = 0.0
    _steps: int = 0
    _first: list[float] = field(init=False)
    _second: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.logits, self._first, self._second = ([0.0] * self.count for _ in range(3))

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The probability of each switch to be on."""
        return tuple(1 / (1 + math.exp(-logit)) for logit in self.logits)

    def sample(self, numbers: random.Random) -> Bits:
        """Return switches, each drawn with its probability."""
        return tuple(numbers.random() < it for it in self.probabilities)

    def likeliest(self) -> Bits:
        """Return the switches with the likelier position of each; a probability of one half counts as on."""
        return tuple(logit >= 0 for logit in self.logits)

    def learn(self, samples: Sequence[Bits], utilities: Sequence[float]) -> None:
        """Move the logits by some samples and their utilities; higher is better."""
        mean = math.fsum(utilities) / len(utilities)
        baseline = mean if self._average is None else self._average
        self._average = mean if self._average is None else _KEPT * self._average + (1 - _KEPT) * mean
        spread = math.fsum(abs(it - baseline) for it in utilities) / len(utilities)
        self._spread = max(spread, _KEPT * self._spread)  # utilities have no unit of their own
        self._steps += 1
        if not self._spread:
            return
        chances = self.probabilities
        for at, chance in enumerate(chances):
            pulls = (
                (utility - baseline) * (bits[at] - chance) for bits, utility in zip(samples, utilities, strict=True)
            )
            self._move(at, math.fsum(pulls) / len(samples) / self._spread)

    def _move(self, at: int, gradient: float) -> None:
        """Move a logit along its gradient by Adam."""
        self._first[at] = _FIRST * self._first[at] + (1 - _FIRST) * gradient
        self._second[at] = _SECOND * self._second[at] + (1 - _SECOND) * gradient * gradient
        first = self._first[at] / (1 - _FIRST**self._steps)
        second = self._second[at] / (1 - _SECOND**self._steps)
        moved = self.logits[at] + self.rate * first / (math.sqrt(second) + _TINY)
        self.logits[at] = max(-_FARTHEST, min(_FARTHEST, moved))
