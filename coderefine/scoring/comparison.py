"""Two scoring runs on the same problems: the paired difference, problem by problem, with its interval."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coderefine.errors import UsageError
from coderefine.scoring.estimates import Estimate, estimate
from coderefine.scoring.summary import ProblemScore

MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class RunComparison:
    """What the second run completes minus what the first does."""

    problems: int
    """That both runs have."""
    unpaired: int
    """That one of them has."""
    first: float
    second: float
    difference: Estimate
    better: tuple[str, ...]
    """Problems that the second completes more often."""
    worse: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {"difference": self.difference.to_json()}


def compare(first: Iterable[ProblemScore], second: Iterable[ProblemScore]) -> RunComparison:
    """Compare what was completed in the end; raises UsageError where the runs have no problem in common."""
    before = {score.slug: score.after for score in first}
    after = {score.slug: score.after for score in second}
    both = [slug for slug in before if slug in after]
    if not both:
        raise UsageError("the two runs have no problem in common")
    differences = {slug: after[slug] - before[slug] for slug in both}
    return RunComparison(
        problems=len(both),
        unpaired=len(before.keys() ^ after.keys()),
        first=sum(before[slug] for slug in both) / len(both),
        second=sum(after[slug] for slug in both) / len(both),
        difference=estimate(list(differences.values())),
        better=tuple(slug for slug, by in differences.items() if by > 0),
        worse=tuple(slug for slug, by in differences.items() if by < 0),
    )
