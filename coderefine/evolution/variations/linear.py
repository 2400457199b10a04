"""Moves to where linear models of the figures meet the targets, within a radius: for figures that take long to measure.

The figures of all measured candidates are fitted near the best one, each by a linear function of the document's
numbers, as COBYLA does for constraints (Powell 1994). So a few measurements show the effect of a number.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Self

from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.evolution.variations.numbers import numbers_of, with_values
from coderefine.problem.evaluation import Metric

_MOST_NUMBERS = 30
_MOST_POINTS = 200
_SAMPLES = 400
_RIDGE = 1e-3
"""The ridge penalty, which keeps slopes small in directions that were not tried."""
_NEARER, _FURTHER = 0.5, 1.5
"""The factors of the radius after no gain, and after a gain."""
_FREE = 1e-3
"""The weight of a metric without a target, relative to one with a target."""

_Vector = list[float]


class Linear:
    """Holds the radius; everything else is computed from the measurements."""

    def __init__(self, metrics: Sequence[Metric], scales: _Vector) -> None:
        self._metrics, self._scales, self._radius = metrics, scales, 1.0
        self._asked: dict[str, tuple[float, ...]] = {}

    @classmethod
    def of(cls, metrics: Sequence[Metric], source: str) -> Self | None:
        """Begin at the numbers of a document; None where it has none, or too many."""
        numbers = numbers_of(source, is_code=False)
        if not 1 <= len(numbers) <= _MOST_NUMBERS:
            return None
        return cls(metrics, [abs(it.value) or 1.0 for it in numbers])

    def propose(self, best: Entry, entries: Sequence[Entry], rng: random.Random) -> Proposal | None:
        """Return where the models meet the targets best; None where too little is known, or nothing better is found."""
        center, figures = self._point(best.source), self._figures(best)
        if center is None or figures is None:
            return None
        known = []
        for entry in entries[-_MOST_POINTS:]:
            point, values = self._point(entry.source), self._figures(entry)
            if point is not None and values is not None and point != center:
                known.append(([a - b for a, b in zip(point, center, strict=True)], values))
        if len(known) <= len(center):
            return None
        changes = [[values[at] - figures[at] for _, values in known] for at in range(len(figures))]
        slopes = _fitted([step for step, _ in known], changes, self._radius)
        steps = [[rng.gauss(0.0, self._radius) for _ in center] for _ in range(_SAMPLES)]
        step = min(steps, key=lambda it: self._missing(figures, slopes, it))
        if self._missing(figures, slopes, step) >= self._missing(figures, slopes, [0.0] * len(center)):
            return None
        numbers = numbers_of(best.source, is_code=False)
        moved = {at: (center[at] + step[at]) * self._scales[at] for at in range(len(center))}
        source = with_values(best.source, numbers, moved)
        self._asked[source] = best.standing
        return Proposal(source, f"linear: where models of {len(known)} candidates meet the targets", (best.number,))

    def learn(self, source: str, standing: tuple[float, ...]) -> None:
        """Widen the radius after a gain over the best at that time, and narrow it after none."""
        if source in self._asked:
            self._radius *= _FURTHER if standing > self._asked.pop(source) else _NEARER

    def _point(self, source: str) -> _Vector | None:
        numbers = numbers_of(source, is_code=False)
        if len(numbers) != len(self._scales):
            return None
        return [it.value / scale for it, scale in zip(numbers, self._scales, strict=True)]

    def _figures(self, entry: Entry) -> _Vector | None:
        values = dict(entry.report.measured.values) if entry.report.measured else {}
        found = [values.get(metric.name) for metric in self._metrics]
        return [it for it in found if it is not None] if None not in found else None

    def _missing(self, figures: _Vector, slopes: list[_Vector], step: _Vector) -> float:
        """Return the weighted distance of the figures from their targets after a step; less is better."""
        total = 0.0
        for metric, figure, slope in zip(self._metrics, figures, slopes, strict=True):
            value = figure + sum(a * b for a, b in zip(slope, step, strict=True))
            if metric.direction == "constraint":
                total += max(0.0, value) / max(abs(figure), 1.0)
            elif metric.target is None:
                total -= _FREE * metric.weight * metric.sign * value / max(abs(figure), 1.0)
            else:
                total += metric.weight * metric.missing(value) / max(abs(metric.target), 1e-9)
        return total


def _fitted(steps: list[_Vector], changes: list[_Vector], radius: float) -> list[_Vector]:
    """Return the slopes of each figure, by least squares over steps; steps within the radius have the most weight."""
    size = len(steps[0])
    weights = [1.0 / (1.0 + sum(it * it for it in step) / (radius * radius)) ** 2 for step in steps]
    matrix = [
        [
            sum(w * s[i] * s[j] for w, s in zip(weights, steps, strict=True)) + (_RIDGE if i == j else 0.0)
            for j in range(size)
        ]
        for i in range(size)
    ]
    sides = [
        [sum(w * s[i] * it for w, s, it in zip(weights, steps, change, strict=True)) for i in range(size)]
        for change in changes
    ]
    return _solved(matrix, sides)


def _solved(matrix: list[_Vector], sides: list[_Vector]) -> list[_Vector]:
    """Solve a positive definite system for several right sides, by elimination."""
    size = len(matrix)
    rows = [[*row, *(side[at] for side in sides)] for at, row in enumerate(matrix)]
    for at in range(size):
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            rows[below] = [a - factor * b for a, b in zip(rows[below], rows[at], strict=True)]
    found = [[0.0] * size for _ in sides]
    for at in reversed(range(size)):
        for number, solution in enumerate(found):
            rest = sum(rows[at][it] * solution[it] for it in range(at + 1, size))
            solution[at] = (rows[at][size + number] - rest) / rows[at][at]
    return found
