"""Statistics of a sample of programs: pass@k, and intervals by a seeded bootstrap over problems."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

RESAMPLES = 1000
SEED = 20240607
_TAIL = 0.025
"""The probability on either side of an interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over problems, with its 95 % confidence interval."""

    mean: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        """Return it as JSON-ready data."""
        return {"mean": round(self.mean, 6), "low": round(self.low, 6), "high": round(self.high, 6)}


UNCHANGED = Estimate(0.0, 0.0, 0.0)
"""How much better a thing is than itself: that is known, and no draw of problems makes it otherwise."""


def pass_at_k(samples: int, right: int, k: int) -> float:
    """Return the unbiased estimate of the probability that one of `k` samples is right (arXiv 2107.03374, section 2.1).

    That is 1 - C(samples - right, k) / C(samples, k); raises ValueError where there are fewer than `k` samples.
    """
    if not 0 <= right <= samples or not 1 <= k <= samples:
        raise ValueError(f"expected 0 <= right <= samples and 1 <= k <= samples, not {right}, {samples}, {k}")
    return 1.0 - math.comb(samples - right, k) / math.comb(samples, k)


def estimate(values: Sequence[float], seed: int = SEED, *, least: float = 0.0) -> Estimate:
    """Return the mean of a value for each problem, with its percentile bootstrap interval; raises for no values.

    Values are from `least` to 1. Where all are the same, resampling would give no width: then the interval allows for
    the largest share of other values, at the ends of the range, that could have gone unseen (Clopper, Pearson 1934).
    """
    count = len(values)
    if not count:
        raise ValueError("there is no mean of nothing")
    mean = math.fsum(values) / count
    kinds = sorted(set(values))
    if len(kinds) == 1:
        unseen = 1 - _TAIL ** (1 / count)
        return Estimate(mean, mean - unseen * (mean - least), mean + unseen * (1 - mean))
    numbers = random.Random(seed)  # noqa: S311 - statistics
    means = sorted(_two_valued(kinds, values, numbers) if len(kinds) == 2 else _resampled(values, numbers))
    return Estimate(mean, _quantile(means, _TAIL), _quantile(means, 1 - _TAIL))


def sign_test(wins: int, losses: int) -> float:
    """Return the probability that two equally good candidates differ at least as much in this direction (sign test).

    That is the probability of at least `wins` heads in `wins + losses` throws of a coin; 1 where nothing differs.
    """
    throws = wins + losses
    return sum(math.comb(throws, heads) for heads in range(wins, throws + 1)) / (1 << throws)


def _resampled(values: Sequence[float], numbers: random.Random) -> list[float]:
    count = len(values)
    return [math.fsum(numbers.choices(values, k=count)) / count for _ in range(RESAMPLES)]


def _two_valued(kinds: Sequence[float], values: Sequence[float], numbers: random.Random) -> list[float]:
    """Return resampled means of a two-valued sample, as with one attempt at each problem, from binomial counts."""
    count, low, high = len(values), kinds[0], kinds[1]
    share = sum(value == high for value in values) / count
    log = [
        math.lgamma(count + 1) - math.lgamma(i + 1) - math.lgamma(count - i + 1)
        + i * math.log(share) + (count - i) * math.log(1 - share)
        for i in range(count + 1)
    ]  # fmt: skip
    cumulated = list(accumulate(map(math.exp, log)))
    drawn = (min(count, bisect_left(cumulated, numbers.random() * cumulated[-1])) for _ in range(RESAMPLES))
    return [low + (high - low) * found / count for found in drawn]


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
