"""The votes of several answers to a question: the majority's answer, and how far the answers agree."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.scoring.estimates import SEED, Estimate, estimate

Vote = tuple[str | None, bool]
"""An answer (None for one that cannot be read), and whether it is right."""
_MOST_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of a scoring run on questions."""

    majority_at: dict[int, Estimate]
    """The probability that the majority of k answers is right, for each k up to the fewest answers to a question."""
    consistency: Estimate
    """The share of the most frequent answer among a question's answers (self-consistency, arXiv 2203.11171)."""
    unread: int
    """How many answers could not be read."""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        found = {str(k): it.to_json() for k, it in self.majority_at.items()}
        return {"majority_at": found, "consistency": self.consistency.to_json(), "unread": self.unread}


def votes_of(questions: Sequence[Sequence[Vote]], ks: Sequence[int]) -> Votes | None:
    """Return the votes on each question; None where no question was answered in words."""
    if not any(answer is not None for votes in questions for answer, _ in votes):
        return None
    unread = sum(answer is None for votes in questions for answer, _ in votes)
    majority = {k: estimate([majority_of(votes, k) for votes in questions]) for k in ks}
    return Votes(majority, estimate([_agreement(votes) for votes in questions]), unread)


def majority_of(votes: Sequence[Vote], k: int) -> float:
    """Return the probability that the most frequent of k answers, drawn without replacement, is right; ties share.

    The result is exact where there are few subsets, else the mean over seeded draws.
    """
    if math.comb(len(votes), k) <= _MOST_DRAWS:
        drawn = [_right(subset) for subset in itertools.combinations(votes, k)]
    else:
        numbers = random.Random(SEED)  # noqa: S311 - statistics
        drawn = [_right(numbers.sample(votes, k)) for _ in range(_MOST_DRAWS)]
    return math.fsum(drawn) / len(drawn)


def _right(votes: Sequence[Vote]) -> float:
    """Return whether the majority is right: a fraction where several answers are equally frequent."""
    counts = _counts(votes)
    if not counts:
        return 0.0
    most = max(counts.values())
    leading = [is_right for (_, is_right), count in counts.items() if count == most]
    return sum(leading) / len(leading)


def _agreement(votes: Sequence[Vote]) -> float:
    return max(_counts(votes).values(), default=0) / len(votes)


def _counts(votes: Sequence[Vote]) -> Counter[Vote]:
    """Return the counts of the answers that can be read; right ones count as one answer, however they are written."""
    return Counter(("", True) if is_right else (answer, False) for answer, is_right in votes if answer is not None)
