"""The graph of a refinement: what its stages hand to each other. Each edge is a switch; by default all are on.

A pipeline is learnt by `coderefine tune --pipeline` (edges are learnt as in GPTSwarm, arXiv 2402.16823), and run by
`refine --pipeline`. To add a switch, add a line to `EDGES` and ask `Pipeline.has` where it matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Part = Literal["search", "model", "any"]


@dataclass(frozen=True, slots=True)
class Edge:
    """Something that one stage hands to another, or does not."""

    name: str
    """For example `names -> search`."""
    meaning: str
    """What happens where the edge is on."""
    part: Part
    """The engines that it concerns."""
    behind: str = ""
    """The edge without which this one makes no difference; "" where there is none."""


EDGES: tuple[Edge, ...] = (
    Edge("pasted -> search", "what copying did to a program is undone first", "search"),
    Edge("syntax -> search", "the operators for programs that do not parse", "search"),
    Edge("names -> search", "the operators for names that are not defined", "search"),
    Edge("habits -> search", "the operators for mistakes of habit", "search"),
    Edge("templates -> search", "the operators for small slips, such as a wrong comparison", "search"),
    Edge("search -> long search", "a step may take more than a sixteenth of the usual time", "search"),
    Edge("long search -> longest search", "more than a quarter of it", "search", "search -> long search"),
    Edge("search -> comparison", "patches that pass are compared with others that pass", "search"),
    Edge("search -> model", "a model is told what was tried before in vain", "model"),
    Edge("model -> search", "the search mends what a model wrote", "model"),
    Edge("critic -> patcher", "a critic reads the test results, and not the patcher alone", "model"),
    Edge("critic -> judge", "a program that a critic wrote unasked is tested", "model", "critic -> patcher"),
    Edge("further cases -> critic", "all failing cases, not the smallest two alone", "model", "critic -> patcher"),
    Edge("lines -> critic", "the lines that ran and the values on them", "model", "critic -> patcher"),
    Edge("history -> patcher", "earlier edits and what came of them", "model"),
    Edge("answer -> hardening", "programs that pass are compared on generated inputs", "any"),
    Edge("answer -> shrinking", "a rewrite is reduced to the smallest tested edit", "model"),
    Edge("answers -> vote", "of several answers to a question most decide, not the latest", "model"),
)
_BY_NAME: Mapping[str, Edge] = {edge.name: edge for edge in EDGES}


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Which edges are off, and which engines come in which order."""

    off: tuple[str, ...] = ()
    """Names of edges, in the order of `EDGES`."""
    models: tuple[str, ...] = ()
    """Engines in order; () keeps the order in which they were given."""

    def __post_init__(self) -> None:
        unknown = sorted({*self.off} - _BY_NAME.keys())
        if unknown:
            raise ValueError(f"no edge is called {unknown[0]!r}")
        object.__setattr__(self, "off", tuple(edge.name for edge in EDGES if edge.name in self.off))

    def has(self, name: str) -> bool:
        """Whether an edge is on, and the edge that it is behind; raises KeyError for an unknown name."""
        edge = _BY_NAME[name]
        return name not in self.off and (not edge.behind or self.has(edge.behind))

    def without(self, name: str) -> Pipeline:
        """Return the pipeline with an edge switched off; `name` is the edge's."""
        return Pipeline((*self.off, name), self.models)

    def effective(self) -> Pipeline:
        """Return an equivalent pipeline in which all edges that make no difference are off."""
        return Pipeline(tuple(edge.name for edge in EDGES if not self.has(edge.name)), self.models)


FULL = Pipeline()
"""The pipeline with all edges on."""


def edges_of(models: Iterable[str]) -> tuple[Edge, ...]:
    """Return the edges that matter for these engines."""
    asked = set(models)
    wanted: set[Part] = {"any"}
    if "search" in asked:
        wanted.add("search")
    if asked - {"search"}:
        wanted.add("model")
    return tuple(edge for edge in EDGES if edge.part in wanted and edge.name != "answers -> vote")
