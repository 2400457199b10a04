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
    """For each switch on the order, the engine that comes first and the one that comes second where it is on."""

    @classmethod
    def of(cls, models: Sequence[str]) -> Space:
        """Return the space for engines, each of which takes part once."""
        different = tuple(dict.fromkeys(models))
        return cls(different, edges_of(different), tuple(itertools.combinations(different, 2)))

    @property
    def names(self) -> tuple[str, ...]:
        """The switches by name, in order."""
        return tuple(edge.name for edge in self.edges) + tuple(f"{one} before {other}" for one, other in self.pairs)

    @property
    def full(self) -> Pipeline:
        """The pipeline with all switches on, and the engines in the given order."""
        return self.pipeline((True,) * len(self.names))

    def pipeline(self, bits: Bits) -> Pipeline:
        """Return the pipeline for some switches, without switches that make no difference.

        The engine that comes before the most others is the first; of equals, the one that was given first.
        """
        off = [edge.name for edge, on in zip(self.edges, bits, strict=False) if not on]
        wins = dict.fromkeys(self.models, 0)
        for (one, other), on in zip(self.pairs, bits[len(self.edges) :], strict=True):
            wins[one if on else other] += 1
        models = sorted(self.models, key=lambda name: -wins[name])
        return Pipeline(tuple(off), tuple(models)).effective()
