"""Chooses which arm varies the next candidate, by what each has gained for its cost so far.

This is a discounted upper confidence bound (Garivier and Moulines 2011) on gain per cost. The candidates of a
generation are chosen before any is judged, so arms are drawn in proportion to their bounds; taking the highest would
give all candidates to one arm.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

_KEPT = 0.995
"""The fraction of past gains and costs that is kept after each further candidate of that arm."""
_CURIOSITY = 0.4
_LEAST = 0.02
"""The least share of an arm, relative to the best arm's."""


@dataclass(slots=True)
class _Account:
    gain: float = 0.0
    cost: float = 0.0


class Bandit:
    """Keeps an account for each arm."""

    def __init__(self, arms: Sequence[str]) -> None:
        self._accounts = {name: _Account() for name in arms}

    def choose(self, among: Sequence[str], rng: random.Random) -> str:
        """Return one of these arms."""
        spent = sum(account.cost for account in self._accounts.values())
        bounds = [self._bound(self._accounts[name], spent) for name in among]
        least = _LEAST * max(bounds)
        return rng.choices(among, [max(least, bound) for bound in bounds])[0]

    def learn(self, arm: str, gain: float, cost: float) -> None:
        """Learn from a candidate of an arm; `cost` is 1 for one that takes only a run of the judge."""
        account = self._accounts[arm]
        account.gain = _KEPT * account.gain + gain
        account.cost = _KEPT * account.cost + cost

    def shares(self) -> dict[str, float]:
        """Return the gain per cost of each arm so far."""
        return {name: it.gain / it.cost if it.cost else 0.0 for name, it in self._accounts.items()}

    @staticmethod
    def _bound(account: _Account, spent: float) -> float:
        if not account.cost:
            return 1.0
        return account.gain / account.cost + _CURIOSITY * math.sqrt(math.log1p(spent) / account.cost)
