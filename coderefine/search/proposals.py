"""What the operators of the table propose for a program, likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from coderefine.search.evidence import Evidence
from coderefine.search.facts.edits import Change, Edits, overlap
from coderefine.search.facts.program import Program
from coderefine.search.localize import UNKNOWN
from coderefine.search.operators import Operator
from coderefine.search.table import TABLE

_EVERYWHERE = 0.6
"""The weight of the same edit at all places at once, relative to one place: bugs get copied."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that an operator proposes."""

    operator: str
    prior: float
    """Of the operator and the change; where the bug may be is another matter."""
    change: Change
    others: int = 0
    """At how many more places the same is done."""

    @property
    def note(self) -> str:
        """What it does, in words that begin with the operator's name."""
        more = f" and at {self.others} more" if self.others else ""
        return f"{self.operator}: {self.change.note}{more}"


@dataclass(frozen=True, slots=True)
class Base:
    """A program with all that is proposed at its places, from which programs with one edit or several are made.

    To combine proposals is much cheaper than to read every program anew, and nearly as good: what one edit makes
    possible in the same place is missing.
    """

    program: Program
    proposals: tuple[Proposal, ...]

    def mutations(self, weights: Mapping[int, float], done: Edits = ()) -> Iterator[tuple[Proposal, float]]:
        """Yield what can be done after the edits `done`, with its prior, likeliest first.

        `weights` tells for each line of the program how suspicious it is.
        """
        free = [proposal for proposal in self.proposals if not overlap((*done, *proposal.change.edits))]
        rated = [(proposal, proposal.prior * weights.get(proposal.change.line, UNKNOWN)) for proposal in free]
        yield from sorted(rated, key=lambda item: -item[1])


def base(program: Program, evidence: Evidence, table: Sequence[Operator] = TABLE) -> Base:
    """Return the program with what the operators without a symptom propose."""
    return Base(program, tuple(_at_places(program, evidence, table)))


def diagnoses(program: Program, evidence: Evidence, table: Sequence[Operator] = TABLE) -> list[Proposal]:
    """Return what the operators with a symptom propose, likeliest first."""
    found: dict[str, list[tuple[Operator, Change]]] = {}
    for operator in table:
        if operator.symptom:
            changes = ((operator, change) for change in operator.propose(program, evidence))
            found.setdefault(operator.symptom, []).extend(changes)
    proposals = []
    for rivals in found.values():
        best = max((1.0, *(change.weight for _, change in rivals)))
        proposals += [Proposal(it.name, it.prior * change.weight / best, change) for it, change in rivals]
    return sorted(proposals, key=lambda proposal: -proposal.prior)


def senseless(program: Program, evidence: Evidence) -> list[Proposal]:
    """Return the repairs of what cannot be meant in any program, likeliest first; none where all makes sense."""
    return diagnoses(program, evidence, [operator for operator in TABLE if operator.cannot_be_meant])


def _at_places(program: Program, evidence: Evidence, table: Sequence[Operator]) -> Iterator[Proposal]:
    for operator in table:
        if operator.symptom:
            continue
        alike: dict[tuple[str, str], list[Change]] = {}
        for change in operator.propose(program, evidence):
            yield Proposal(operator.name, operator.prior * change.weight, change)
            if len(change.edits) == 1:
                edit = change.edits[0]
                alike.setdefault((program.text[edit.start : edit.end], edit.text), []).append(change)
        for (old, _), same in alike.items():
            # Small tokens mean something else at every place; whole expressions tend to be copies.
            edits = tuple(change.edits[0] for change in same)
            if len(same) > 1 and len(old) > 2 and not overlap(edits):
                prior = operator.prior * max(change.weight for change in same) * _EVERYWHERE
                yield Proposal(operator.name, prior, replace(same[0], edits=edits), len(same) - 1)
