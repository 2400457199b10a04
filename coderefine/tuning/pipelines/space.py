"""The switches of a pipeline that are learnt: the edges that matter for some engines, and which engine comes first."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from coderefine.pipeline.graph import Edge, Pipeline, edges_of
from coderefine.tuning.pipelines.reinforce import Bits


@dataclass(frozen=True, slots=True)
class Space:
    """All pipelines of some engines."""

    models: tuple[str, ...]
    edges: tuple[Edge, ...]
    pairs: tuple[tuple[str, str], ...]
    """Of these engines the first comes before the second where the switch is on."""

    @classmethod
    def of(cls, models: Sequence[str]) -> Space:
        """Return the space of engines, each of which takes part once."""
        different = tuple(dict.fromkeys(models))
        return cls(different, edges_of(different), tuple(itertools.combinations(different, 2)))

    @property
    def names(self) -> tuple[str, ...]:
        """The switches by name, in order."""
        return tuple(edge.name for edge in self.edges) + tuple(f"{one} before {other}" for one, other in self.pairs)

    @property
    def full(self) -> Pipeline:
        """All switches on, engines in the order in which they are given."""
        return self.pipeline((True,) * len(self.names))

    def pipeline(self, bits: Bits) -> Pipeline:
        """Return the pipeline of some switches, without those that make no difference.

        An engine that comes before more others comes first, and of equals the one that was given first.
        """
        off = [edge.name for edge, on in zip(self.edges, bits, strict=False) if not on]
        wins = dict.fromkeys(self.models, 0)
        for (one, other), on in zip(self.pairs, bits[len(self.edges) :], strict=True):
            wins[one if on else other] += 1
        models = sorted(self.models, key=lambda name: -wins[name])
        return Pipeline(tuple(off), tuple(models)).effective()
