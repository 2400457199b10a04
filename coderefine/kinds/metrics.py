"""Reads the metrics of a measured problem from problem.toml, writes them there, and puts them in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast, get_args

from coderefine.kinds.fields import Fields
from coderefine.kinds.stored import quoted
from coderefine.problem.evaluation import Aggregation, Direction, Metric, is_figure

_MOST_WEIGHT = 1e6


def read(fields: Fields) -> tuple[Metric, ...]:
    """Return the metrics, at least one of them with a target; raises ProblemError."""
    table = fields.data.pop("metrics", None)
    if not isinstance(table, dict) or not table:
        raise fields.fail("metrics", 'expected a table, such as bins = { direction = "min", target = 40 }')
    found = tuple(_metric(fields, name, value) for name, value in table.items())
    if not any(metric.target is not None for metric in found):
        raise fields.fail("metrics", "expected a target for one of them at least, which says when a candidate is good")
    return found


def _metric(fields: Fields, name: str, value: Any) -> Metric:
    where = f"metrics.{name}"
    if not name.isidentifier() or name == "feedback":
        raise fields.fail(where, "expected a name of letters, digits and _, other than feedback")
    given: dict[str, Any] = dict(value) if isinstance(value, dict) else {"direction": value}
    direction = given.pop("direction", None)
    if direction not in get_args(Direction):
        raise fields.fail(where, 'expected "constraint", or { direction = "min" } or "max", and perhaps a target')
    target, weight, over = given.pop("target", None), given.pop("weight", 1.0), given.pop("over", "mean")
    if given:
        raise fields.fail(f"{where}.{next(iter(given))}", "no such field; there are direction, target, weight and over")
    if target is not None and (direction == "constraint" or not is_figure(target)):
        raise fields.fail(f"{where}.target", "expected a finite number, for a metric that is no constraint")
    if not is_figure(weight) or not 0 < weight <= _MOST_WEIGHT:
        raise fields.fail(f"{where}.weight", f"expected a number above 0, and {_MOST_WEIGHT:g} at most")
    if over not in get_args(Aggregation):
        raise fields.fail(f"{where}.over", f"expected one of {', '.join(get_args(Aggregation))}")
    goal = None if target is None else float(target)
    return Metric(name, cast(Direction, direction), goal, float(weight), cast(Aggregation, over))


def toml(metrics: Iterable[Metric]) -> str:
    """Return metrics as an inline table, which `read` turns into the same metrics."""
    return f"{{ {', '.join(f'{quoted(it.name)} = {_table(it)}' for it in metrics)} }}"


def detail(metric: Metric) -> str:
    """Return in brackets the details of a metric that its wish leaves out; "" for a mean."""
    if metric.direction == "constraint":
        return " (a constraint)"
    return "" if metric.over == "mean" else f" ({'at worst' if metric.over == 'worst' else 'in all'})"


def _table(metric: Metric) -> str:
    target = "" if metric.target is None else f", target = {metric.target!r}"
    over = "" if metric.over == "mean" else f', over = "{metric.over}"'
    return f'{{ direction = "{metric.direction}"{target}, weight = {metric.weight!r}{over} }}'
