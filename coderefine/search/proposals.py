"""The proposals of the table's operators for a program, likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from coderefine.search.facts.edits import Change, Edits, overlap
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence
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
    """The prior of the operator and the change; suspicion of the line comes on top."""
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
    """A program with the proposals for its places; programs with one or several edits are made from it.

    To combine proposals is much cheaper than to read every program anew, and nearly as good: only proposals are missing
    that an edit makes possible at the same place.
    """

    program: Program
    proposals: tuple[Proposal, ...]

    def mutations(self, weights: Mapping[int, float], done: Edits = ()) -> Iterator[tuple[Proposal, float]]:
        """Yield the proposals after the edits `done`, with their priors, likeliest first.

        `weights` gives the suspicion of each line of the program.
        """
        free = [proposal for proposal in self.proposals if not overlap((*done, *proposal.change.edits))]
        rated = [(proposal, proposal.prior * weights.get(proposal.change.line, UNKNOWN)) for proposal in free]
        yield from sorted(rated, key=lambda item: -item[1])


def base(program: Program, evidence: Evidence, table: Sequence[Operator] = TABLE) -> Base:
    """Return the program with the proposals of the operators without a symptom."""
    return Base(program, tuple(_at_places(program, evidence, table)))


def diagnoses(program: Program, evidence: Evidence, table: Sequence[Operator] = TABLE) -> list[Proposal]:
    """Return the proposals of the operators with a symptom, likeliest first."""
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
    """Return the repairs of code that makes sense in no program, likeliest first; [] where all makes sense."""
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
            # Small tokens have another meaning at every place; whole expressions tend to be copies.
            edits = tuple(change.edits[0] for change in same)
            if len(same) > 1 and len(old) > 2 and not overlap(edits):
                prior = operator.prior * max(change.weight for change in same) * _EVERYWHERE
                yield Proposal(operator.name, prior, replace(same[0], edits=edits), len(same) - 1)
