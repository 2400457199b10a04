"""What the operators of the table propose for a program, likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from coderefine.search.evidence import Evidence
from coderefine.search.facts.edits import Change, Edits, overlap
from coderefine.search.facts.program import Program
from coderefine.search.localize import UNKNOWN
from coderefine.search.operators import Operator
from coderefine.search.table import TABLE

CERTAIN = 1.5
"""The prior from which on a change mends what makes no sense."""
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

    def certain(self, done: Edits) -> Iterator[tuple[Proposal, Edits]]:
        """Yield what is nearly certainly wrong, whether a test shows it or not, after the edits `done`."""
        for proposal in self.proposals:
            if proposal.prior >= CERTAIN and not overlap((*done, *proposal.change.edits)):
                yield proposal, (*done, *proposal.change.edits)

    def mutations(self, weights: Mapping[int, float], done: Edits = ()) -> Iterator[tuple[Proposal, Edits, float]]:
        """Yield what can be done after the edits `done`: the proposal, all edits then, and its prior; likeliest first.

        `weights` tells for each line of the program how suspicious it is.
        """
        free = [proposal for proposal in self.proposals if not overlap((*done, *proposal.change.edits))]
        if together := _together(free):
            yield together, (*done, *together.change.edits), together.prior
        rated = [(proposal.prior * weights.get(proposal.change.line, UNKNOWN), proposal) for proposal in free]
        for prior, proposal in sorted(rated, key=lambda item: -item[0]):
            yield proposal, (*done, *proposal.change.edits), prior


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


def _together(proposals: Iterable[Proposal]) -> Proposal | None:
    """All that is nearly certainly wrong at once, where it is several things; whether a test shows it or not."""
    chosen: list[Proposal] = []
    edits: Edits = ()
    for proposal in proposals:
        if proposal.prior >= CERTAIN and proposal.change.weight >= 1.0 and not proposal.others:
            more = (*edits, *proposal.change.edits)
            if not overlap(more):
                chosen.append(proposal)
                edits = more
    if len(chosen) < 2:
        return None
    notes = ", ".join(proposal.change.note for proposal in chosen)
    return Proposal(chosen[0].operator, 1.0, Change(edits, chosen[0].change.line, notes))
