"""Applies edits that the search for repairs knows, one or two at once, drawn by their priors."""

from __future__ import annotations

import random
from collections import OrderedDict

from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.problem.problem import Problem
from coderefine.search.facts.edits import apply
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence
from coderefine.search.proposals import Base, base

_KEPT = 64
"""Programs whose edits are remembered."""
_ANOTHER = 0.2


class Templates:
    """Draws edits of the search's operators."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._bases: OrderedDict[int, Base] = OrderedDict()

    def propose(self, parent: Entry, rng: random.Random) -> Proposal | None:
        """Return the program with an edit or two; None where the operators know none."""
        found = self._base(parent)
        weights = dict.fromkeys(range(parent.source.count("\n") + 2), 1.0)
        ranked = list(found.mutations(weights))
        if not ranked:
            return None
        first = rng.choices(ranked, [prior for _, prior in ranked])[0][0]
        edits, notes = first.change.edits, [first.note]
        if rng.random() < _ANOTHER:
            others = list(found.mutations(weights, edits))
            if others:
                second = rng.choices(others, [prior for _, prior in others])[0][0]
                edits, notes = (*edits, *second.change.edits), [*notes, second.note]
        return Proposal(apply(parent.source, edits), f"templates: {'; '.join(notes)}", (parent.number,))

    def _base(self, parent: Entry) -> Base:
        if parent.number not in self._bases:
            self._bases[parent.number] = base(Program(parent.source), Evidence(self._problem, parent.report))
            if len(self._bases) > _KEPT:
                self._bases.popitem(last=False)
        return self._bases[parent.number]
