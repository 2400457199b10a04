"""What an evaluator measured: the figures of a candidate over all instances, and how candidates compare by them.

Figures are compared as in lexicographic goal programming (Ijiri 1965): first how many instances have figures at all,
then by how much constraints are violated, then how far the figures are from their targets, and last the weighted sum of
the figures. So a candidate cannot make up for a violated constraint by another figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from coderefine.problem.evaluation import MAX_MAGNITUDE, Evaluation, Metric

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a candidate over all instances."""

    values: tuple[tuple[str, float], ...]
    """(metric, figure) in the problem's order; none where no instance has figures."""
    invalid: int
    """Instances without figures: the candidate failed there, or the evaluator refused its output."""
    violation: float
    """By how much constraints are violated, weighted, summed over all instances."""
    shortfall: float
    """How far the figures are from their targets, as weighted fractions of these; 0 where all targets are met."""
    gain: float
    """The weighted sum of the figures; more is better."""

    @property
    def merit(self) -> tuple[float, ...]:
        """The key by which candidates are compared; more is better."""
        return -self.invalid, -self.violation, -self.shortfall, self.gain

    @property
    def is_valid(self) -> bool:
        """Whether all instances have figures, and no constraint is violated."""
        return not self.invalid and not self.violation

    def text(self) -> str:
        """Return the figures in a line, such as `bins 41 · waste 0.02`."""
        return " · ".join(f"{name} {value:.6g}" for name, value in self.values)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {**asdict(self), "values": dict(self.values)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild it from `to_json`."""
        return cls(**{**data, "values": tuple(data["values"].items())})


def measure(evaluation: Evaluation, instances: Sequence[Figures | None]) -> Measured:
    """Return the figures over all instances; None stands for an instance without figures."""
    known = [figures for figures in instances if figures is not None]
    values = tuple((it.name, it.joined(one[it.name] for one in known)) for it in evaluation.metrics) if known else ()
    by_name = dict(values)
    goals = [it for it in evaluation.metrics if it.direction != "constraint"] if known else []
    return Measured(
        values=values,
        invalid=len(instances) - len(known),
        violation=_bounded(sum(violation(evaluation, figures) for figures in known)),
        shortfall=_bounded(sum(it.weight * it.missing(by_name[it.name]) / scale(it) for it in goals)),
        gain=_bounded(sum(it.sign * it.weight * by_name[it.name] for it in goals)),
    )


def violation(evaluation: Evaluation, figures: Figures) -> float:
    """Return by how much constraints are violated on an instance, weighted."""
    constraints = (it for it in evaluation.metrics if it.direction == "constraint")
    return sum(it.weight * max(0.0, figures[it.name]) for it in constraints)


def scale(metric: Metric) -> float:
    """Return the unit of a distance from the target: the target itself, or 1 where that is 0."""
    return abs(metric.target) if metric.target else 1.0


def _bounded(value: float) -> float:
    return math.copysign(MAX_MAGNITUDE, value) if abs(value) > MAX_MAGNITUDE else value
