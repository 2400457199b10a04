"""A candidate that was measured, and how it came about."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from coderefine.judge.report import TestReport
from coderefine.problem import values


@dataclass(frozen=True, slots=True)
class Move:
    """A number that was changed, by its place among the numbers of the text."""

    place: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate to measure."""

    source: str
    note: str
    """What was done, in words that begin with the variation's name."""
    parents: tuple[int, ...] = ()
    """The numbers of those it was made from, the one that it was made of first."""
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A measured candidate in the database."""

    number: int
    """From 0, in the order in which they were proposed."""
    proposal: Proposal
    arm: str
    """Who proposed it; "" for the one to begin with."""
    island: int
    report: TestReport
    improves: bool = False
    """Whether it is better than the one it was made of."""

    @property
    def source(self) -> str:
        """The candidate itself."""
        return self.proposal.source

    @property
    def standing(self) -> tuple[float, ...]:
        """How good it is; more is better."""
        return self.report.standing

    @property
    def figures(self) -> tuple[float, ...]:
        """All that was measured of it, in the order of instances and metrics; what was not measured is left out."""
        return tuple(figure for case in self.report.cases for _, figure in case.measures)


def behaviour_of(report: TestReport) -> str:
    """Return what tells whether two candidates do the same: a digest of their outputs, figures and verdicts."""
    told = [
        [case.verdict, case.measures, values.to_jsonable(case.got), case.got_cut.partition("sha256")[2]]
        for case in report.cases
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
