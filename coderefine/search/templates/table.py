"""Edits of a program that parses, by template (as in PAR, Kim et al., ICSE 2013).

That a result compiles, and is no other's twin, is left to whoever tries it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

from coderefine.search.facts.program import Change, Edits, Program
from coderefine.search.localize import UNKNOWN
from coderefine.search.templates import (
    calls,
    constants,
    contradiction,
    fill,
    guards,
    indexing,
    memo,
    mirror,
    moves,
    operators,
    statements,
    variables,
    wrong_kind,
)

CERTAIN = 1.5
"""The prior from which on a change mends what makes no sense, such as a number compared with the text "inf"."""
_EVERYWHERE = 0.6
"""The weight of the same edit at all places at once, relative to one place: bugs get copied."""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of edit; `prior` says how often it is the repair, relative to the others and per place it fits."""

    name: str
    prior: float
    changes: Callable[[Program], Iterator[Change]]


TEMPLATES = (
    Template("memo", 2.00, memo.memo),
    Template("contradiction", 2.00, contradiction.contradiction),
    Template("effect", 1.00, statements.effect),
    Template("compare", 1.00, operators.compare),
    Template("mirror", 0.50, mirror.mirror),
    Template("text", 0.40, constants.text),
    Template("arguments", 0.40, calls.arguments),
    Template("slice", 0.35, indexing.slices),
    Template("augmented", 0.30, statements.augmented),
    Template("operand", 0.30, operators.operand),
    Template("arithmetic", 0.25, operators.arithmetic),
    Template("sign", 0.25, operators.sign),
    Template("unwrap", 0.25, calls.unwrap),
    Template("logic", 0.25, operators.logic),
    Template("bound", 0.25, constants.bound),
    Template("method", 0.25, calls.method),
    Template("constant", 0.25, constants.constant),
    Template("negate", 0.20, operators.negate),
    Template("indent", 0.20, moves.indent),
    Template("drop", 0.20, calls.drop),
    Template("variable", 0.20, variables.variable),
    Template("target", 0.20, variables.target),
    Template("field", 0.20, variables.field),
    Template("misplaced", 0.20, wrong_kind.misplaced),
    Template("index", 0.20, indexing.index),
    Template("record", 0.20, guards.record),
    Template("update", 0.20, moves.update),
    Template("return", 0.20, moves.returned),
    Template("order", 0.10, calls.order),
    Template("guard", 0.10, guards.guard),
    Template("delete", 0.10, statements.delete),
    Template("else", 0.08, moves.otherwise),
    Template("fill", 0.15, fill.fill),
    Template("jump", 0.06, statements.jump),
    Template("initial", 0.06, constants.initial),
    Template("sort", 0.06, moves.sort),
    Template("unguard", 0.05, statements.unguard),
    Template("swap", 0.05, statements.swap),
    Template("leave", 0.05, moves.leave),
    Template("hoist", 0.04, moves.hoist),
    Template("wrap", 0.04, calls.wrap),
    Template("exchange", 0.04, variables.exchange),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that a template proposes."""

    template: str
    prior: float
    """Of the template and the change; where the bug may be is another matter."""
    change: Change
    others: int = 0
    """At how many more places the same is done."""

    @property
    def note(self) -> str:
        """What it does, in words that begin with the template's name."""
        more = f" and at {self.others} more" if self.others else ""
        return f"{self.template}: {self.change.note}{more}"


@dataclass(frozen=True, slots=True)
class Base:
    """A program with all that is proposed for it, from which programs with one edit or several are made.

    To combine proposals is much cheaper than to read every program anew, and nearly as good: what one edit makes
    possible in the same place is missing.
    """

    program: Program
    proposals: tuple[Proposal, ...]

    @classmethod
    def read(cls, source: str) -> Self | None:
        """Return None where `source` does not parse, is too long or nested too deep."""
        program = Program.read(source)
        return cls(program, tuple(_proposals(program))) if program else None

    def certain(self, done: Edits) -> Iterator[tuple[Proposal, Edits]]:
        """Yield what is nearly certainly wrong, whether a test shows it or not, after the edits `done`."""
        for proposal in self.proposals:
            if proposal.prior >= CERTAIN and not _overlap((*done, *proposal.change.edits)):
                yield proposal, (*done, *proposal.change.edits)

    def mutations(self, weights: Mapping[int, float], done: Edits = ()) -> Iterator[tuple[Proposal, Edits, float]]:
        """Yield what can be done after the edits `done`: the proposal, all edits then, and its prior; likeliest first.

        `weights` tells for each line of the program how suspicious it is.
        """
        free = [proposal for proposal in self.proposals if not _overlap((*done, *proposal.change.edits))]
        if together := _together(free):
            yield together, (*done, *together.change.edits), together.prior
        rated = [(proposal.prior * weights.get(proposal.change.line, UNKNOWN), proposal) for proposal in free]
        for prior, proposal in sorted(rated, key=lambda item: -item[0]):
            yield proposal, (*done, *proposal.change.edits), prior


def _proposals(program: Program) -> Iterator[Proposal]:
    for template in TEMPLATES:
        alike: dict[tuple[str, str], list[Change]] = {}
        for change in template.changes(program):
            yield Proposal(template.name, template.prior * change.weight, change)
            if len(change.edits) == 1:
                edit = change.edits[0]
                alike.setdefault((program.text[edit.start : edit.end], edit.text), []).append(change)
        for (old, _), same in alike.items():
            # Small tokens mean something else at every place; whole expressions tend to be copies.
            edits = tuple(change.edits[0] for change in same)
            if len(same) > 1 and len(old) > 2 and not _overlap(edits):
                prior = template.prior * max(change.weight for change in same) * _EVERYWHERE
                yield Proposal(template.name, prior, replace(same[0], edits=edits), len(same) - 1)


def _together(proposals: Iterable[Proposal]) -> Proposal | None:
    """All that is nearly certainly wrong at once, where it is several things; whether a test shows it or not."""
    chosen: list[Proposal] = []
    edits: Edits = ()
    for proposal in proposals:
        if proposal.prior >= CERTAIN and proposal.change.weight >= 1.0 and not proposal.others:
            more = (*edits, *proposal.change.edits)
            if not _overlap(more):
                chosen.append(proposal)
                edits = more
    if len(chosen) < 2:
        return None
    notes = ", ".join(proposal.change.note for proposal in chosen)
    return Proposal(chosen[0].template, 1.0, Change(edits, chosen[0].change.line, notes))


def _overlap(edits: Edits) -> bool:
    spans = sorted((edit.start, edit.end) for edit in edits)
    return any(start < end for (_, end), (start, _) in pairwise(spans))
