"""A measured candidate, and how it was made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from coderefine.judge.report import TestReport
from coderefine.problem import values


@dataclass(frozen=True, slots=True)
class Move:
    """A number that was changed, by its position among the numbers of the text."""

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
    """The numbers of the candidates it was made from, the main one first."""
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A measured candidate in the database."""

    number: int
    """From 0, in the order of the proposals."""
    proposal: Proposal
    arm: str
    """The arm that proposed it; "" for the first candidate."""
    island: int
    report: TestReport
    improves: bool = False
    """Whether it is better than the candidate that it was made from."""

    @property
    def source(self) -> str:
        """The text of the candidate."""
        return self.proposal.source

    @property
    def standing(self) -> tuple[float, ...]:
        """How good it is; more is better."""
        return self.report.standing

    @property
    def figures(self) -> tuple[float, ...]:
        """All its figures, in the order of instances and metrics, without those that were not measured."""
        return tuple(figure for case in self.report.cases for _, figure in case.measures)


def behaviour_of(report: TestReport) -> str:
    """Return a digest of outputs, figures and verdicts, which is equal for candidates that behave in the same way."""
    told = [
        [case.verdict, case.measures, values.to_jsonable(case.got), case.got_cut.partition("sha256")[2]]
        for case in report.cases
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
