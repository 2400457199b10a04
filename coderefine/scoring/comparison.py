"""Compares two scoring runs on the same problems: the paired difference with its interval, and the verdicts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coderefine.errors import UsageError
from coderefine.scoring.estimates import Estimate, estimate
from coderefine.scoring.problem_score import ProblemScore, Row, in_the_end


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The share that the second run completes minus that of the first."""

    problems: int
    """Problems that both runs have."""
    unpaired: int
    """Problems that only one of them has."""
    first: float
    second: float
    difference: Estimate
    better: tuple[str, ...]
    """Problems that the second run completes more often."""
    worse: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {"difference": self.difference.to_json()}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether two runs agree about the same programs."""

    programs: int
    """Programs that both runs judged: the same text for the same problem."""
    same_right: int
    """Both right, or both wrong."""
    same_verdict: int
    moved: dict[str, int]
    """How many programs changed their verdict, by the change: `{"AC to TLE": 2}`, the most frequent first."""
    differing: tuple[str, ...]
    """Attempts that are right in only one of the runs, as the first run has them."""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {name: getattr(self, name) for name in self.__slots__}


def agreement(first: Iterable[Row], second: Iterable[Row]) -> Agreement:
    """Compare the final outcomes of programs; programs that one run could not judge are left out."""
    known = {_program(row): in_the_end(row) for row in second if row["status"] == "done"}
    programs = same_right = same_verdict = 0
    differing, moved = [], Counter[str]()
    for row in first:
        other = known.get(_program(row)) if row["status"] == "done" else None
        if other is None:
            continue
        verdict, _, right = in_the_end(row)
        programs += 1
        same_right += right == other[2]
        same_verdict += verdict == other[0]
        if verdict != other[0]:
            moved[f"{verdict} to {other[0]}"] += 1
        if right != other[2]:
            differing.append(f"{row['slug']} #{row['sample']}: {verdict} and {other[0]}")
    return Agreement(programs, same_right, same_verdict, dict(moved.most_common()), tuple(differing))


def _program(row: Row) -> tuple[str, str]:
    source = row["refined"] if row["verdict_after"] else row["source"]
    return str(row["slug"]), hashlib.sha256((source or "").encode("utf-8", "surrogatepass")).hexdigest()


def compare(first: Iterable[ProblemScore], second: Iterable[ProblemScore]) -> RunComparison:
    """Compare the final shares of completed problems; raises UsageError where the runs have no problem in common."""
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
        difference=estimate(list(differences.values()), least=-1.0),
        better=tuple(slug for slug, by in differences.items() if by > 0),
        worse=tuple(slug for slug, by in differences.items() if by < 0),
    )
