"""Keeps a set of candidates instead of one: those that are best on some case (GEPA, arXiv 2507.19457, algorithm 2)."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A prompt with its scores on the validation part."""

    text: str
    scores: Mapping[str, float]
    """By the slug of the problem."""
    step: int = 0
    """The step that made it; 0 for the first prompt."""

    @property
    def mean(self) -> float:
        """The mean score."""
        return sum(self.scores.values()) / len(self.scores)


def pareto_front(candidates: Sequence[Candidate]) -> dict[Candidate, int]:
    """Return the candidates that no other one dominates, with the number of cases on which each is among the best.

    Of two with the same scores, the earlier one stays.
    """
    places = list(enumerate(candidates))
    kept = [it for at, it in places if not any(_beats(other, it, is_earlier=place < at) for place, other in places)]
    most = {case: max(it.scores[case] for it in kept) for case in kept[0].scores}
    led = {it: sum(it.scores[case] == best for case, best in most.items()) for it in kept}
    return {it: count for it, count in led.items() if count}


def draw(candidates: Sequence[Candidate], numbers: random.Random) -> Candidate:
    """Return one candidate of the front, with a probability in proportion to the cases that it is best on."""
    front = pareto_front(candidates)
    return numbers.choices([*front], weights=[*front.values()])[0]


def _beats(one: Candidate, other: Candidate, *, is_earlier: bool) -> bool:
    """Whether `one` is nowhere worse, and somewhere better or else earlier."""
    if one is other or any(one.scores[case] < score for case, score in other.scores.items()):
        return False
    return is_earlier or one.scores != other.scores
