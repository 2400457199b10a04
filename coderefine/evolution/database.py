"""All candidates of an evolution: islands, the cells of each with their elites, and how often each behaviour was seen.

The same additions in the same order give the same database on every machine: `digest` tells whether two are equal.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Sequence

from coderefine.evolution.options import LENGTH, OPERATIONS, EvolutionOptions
from coderefine.evolution.variations.entry import Entry, behaviour_of
from coderefine.outside import parse_python

Cell = tuple[int, ...]

_RANKED, _UNIFORM = 0.6, 0.2
"""How often a parent is chosen by rank, and uniformly; else one with a rare behaviour is chosen (Lehman 2011)."""
_PRESSURE = 0.35
"""The probability that the better of two neighbours in rank is passed over."""


class Database:
    """The candidates; each is at home on one island."""

    def __init__(self, options: EvolutionOptions) -> None:
        self._options = options
        self.entries: list[Entry] = []
        self.islands: list[dict[Cell, Entry]] = [{} for _ in range(options.islands)]
        self._alike = Counter[str]()
        self._behaviours: list[str] = []
        self._best: Entry | None = None

    @property
    def best(self) -> Entry:
        """The best of all candidates; of equals the first."""
        assert self._best is not None
        return self._best

    def add(self, entry: Entry) -> float:
        """Add a candidate; return its value: 1 for the best of its island, less for a new elite, 0 for any other."""
        behaviour = behaviour_of(entry.report)
        self.entries.append(entry)
        self._behaviours.append(behaviour)
        self._alike[behaviour] += 1
        if self._best is None or entry.standing > self._best.standing:
            self._best = entry
        island = self.islands[entry.island]
        leads = not island or entry.standing > max(it.standing for it in island.values())
        is_elite = self._place(entry, entry.island)
        is_new = self._alike[behaviour] == 1
        return 1.0 if leads else 0.2 if is_elite and is_new else 0.05 if is_elite else 0.0

    def seed(self, entry: Entry) -> None:
        """Add the first candidate, which is at home on every island."""
        self.add(entry)
        for island in range(1, len(self.islands)):
            self._place(entry, island)

    def migrate(self) -> None:
        """Copy the best of each island to the next one."""
        leaders = [max(island.values(), key=lambda it: (it.standing, -it.number)) for island in self.islands if island]
        for at, leader in enumerate(leaders):
            self._place(leader, (at + 1) % len(self.islands))

    def parent(self, island: int, rng: random.Random) -> Entry:
        """Return a candidate to vary: chosen by rank, uniformly, or for its rare behaviour."""
        elites = sorted(self.islands[island].values(), key=lambda it: it.standing, reverse=True)
        how = rng.random()
        if how < _RANKED:
            at = 0
            while at < len(elites) - 1 and rng.random() < _PRESSURE:
                at += 1
            return elites[at]
        if how < _RANKED + _UNIFORM:
            return rng.choice(elites)
        return min(elites, key=lambda it: (self._alike[self._behaviours[it.number]], -it.number))

    def mate(self, island: int, parent: Entry, rng: random.Random) -> Entry | None:
        """Return another elite of the island, to cross with; None where there is no other."""
        others = [it for it in self.islands[island].values() if it.source != parent.source]
        return rng.choice(others) if others else None

    def most_different(self, entry: Entry, count: int = 1) -> list[Entry]:
        """Return valid elites whose figures are furthest from those of `entry`, furthest first."""
        found = {it.number: it for island in self.islands for it in island.values() if it.source != entry.source}
        valid = [it for it in found.values() if it.report.measured is None or it.report.measured.is_valid]
        return sorted(valid, key=lambda it: (-_distance(it.figures, entry.figures), it.number))[:count]

    @property
    def cells(self) -> int:
        """How many cells of all islands have an elite."""
        return sum(map(len, self.islands))

    @property
    def behaviours(self) -> int:
        """How many different behaviours were seen."""
        return len(self._alike)

    def digest(self) -> str:
        """Return a digest that two databases share only if they are equal."""
        entries = [
            [it.number, it.source, it.proposal.note, it.proposal.parents, it.arm, it.island, it.standing]
            for it in self.entries
        ]
        islands = [sorted((cell, it.number) for cell, it in island.items()) for island in self.islands]
        return hashlib.sha256(json.dumps([entries, islands]).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _place(self, entry: Entry, island: int) -> bool:
        cell = self._cell(entry)
        elite = self.islands[island].get(cell)
        if elite is not None and not self._replaces(entry, elite):
            return False
        self.islands[island][cell] = entry
        return True

    def _replaces(self, entry: Entry, elite: Entry) -> bool:
        """Whether a candidate is better than an elite, or as good with a rarer behaviour, which helps to cross
        plateaus.
        """
        if entry.standing != elite.standing:
            return entry.standing > elite.standing
        return self._alike[self._behaviours[entry.number]] < self._alike[self._behaviours[elite.number]]

    def _cell(self, entry: Entry) -> Cell:
        measured = dict(entry.report.measured.values) if entry.report.measured else {}
        return tuple(_coordinate(name, entry.source, measured) for name in self._options.descriptors)


def _coordinate(descriptor: str, source: str, measured: dict[str, float]) -> int:
    """Return the position of a candidate along a descriptor, in steps of half a power of two."""
    if descriptor == LENGTH:
        value = float(len(source))
    elif descriptor == OPERATIONS:
        value = float(_operations(source))
    else:
        value = measured.get(descriptor, 0.0)
    return int(math.copysign(round(2 * math.log2(1 + abs(value))), value))


def _operations(source: str) -> int:
    try:
        return sum(isinstance(it, ast.operator | ast.cmpop | ast.Call) for it in ast.walk(parse_python(source)))
    except SyntaxError:
        return 0


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how different figures are, each relative to its size; infinite where their numbers differ."""
    if len(one) != len(other):
        return math.inf
    parts = (abs(a - b) / (abs(a) + abs(b)) if a != b else 0.0 for a, b in zip(one, other, strict=True))
    return sum(part if math.isfinite(part) else 1.0 for part in parts)
