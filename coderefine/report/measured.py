"""The measurements in a run: the course of each figure over its candidates, and the Pareto front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coderefine.judge.measured import Measured
from coderefine.problem.evaluation import Metric
from coderefine.problem.problem import Problem
from coderefine.record.store import Store, read_column

_MOST_POINTS = 1500
"""The most candidates that are drawn: all improvements, and an even selection of the others."""
_MOST_ON_FRONT = 100

Point = tuple[int, Measured]
"""A candidate's number, from 0, and its figures."""


def measured(store: Store, run: str, problem: Problem) -> dict[str, Any] | None:
    """Return the figures of a run's candidates, JSON-ready; None where nothing was measured."""
    metrics = problem.evaluation.metrics
    points = list(_points(store, run)) if metrics else []
    if not points:
        return None
    best: list[Point] = []
    for point in points:
        if not best or point[1].merit > best[-1][1].merit:
            best.append(point)
    improvements = {number for number, _ in best}
    every = max(1, len(points) // _MOST_POINTS)
    shown = [point for place, point in enumerate(points) if place % every == 0 or point[0] in improvements]
    return {
        "metrics": [{"name": it.name, "wish": it.wish(), "target": it.target, "sign": it.sign} for it in metrics],
        "points": [_row(point) for point in shown],
        "best": [_row(point) for point in best],
        "front": [_row(point) for point in front(points, metrics)[:_MOST_ON_FRONT]],
        "candidates": points[-1][0] + 1,
    }


def front(points: Sequence[Point], metrics: Sequence[Metric]) -> list[Point]:
    """Return the valid candidates that no other dominates in all figures, the best first.

    Constraints do not count as figures here, since all of these candidates meet them.
    """
    goals = [(place, metric.sign) for place, metric in enumerate(metrics) if metric.direction != "constraint"]
    rows: dict[tuple[float, ...], Point] = {}
    for point in points:
        if point[1].is_valid:
            rows.setdefault(tuple(sign * point[1].values[place][1] for place, sign in goals), point)
    found: list[tuple[float, ...]] = []
    for figures in sorted(rows, reverse=True):  # a later row dominates none before it
        if not any(all(a >= b for a, b in zip(other, figures, strict=True)) for other in found):
            found.append(figures)
    return sorted((rows[it] for it in found), key=lambda point: point[1].merit, reverse=True)


def _points(store: Store, run: str) -> Sequence[Point]:
    seen: dict[str, Measured] = {}
    rows = store.stream(
        "SELECT source, json_extract(report, '$.measured') AS measured FROM reports "
        "WHERE run = ? AND NOT evidence ORDER BY id",
        run,
    )
    for row in rows:
        if row["measured"] and row["source"] not in seen:
            found = Measured.from_json(read_column(row["measured"]))
            if found.values:
                seen[row["source"]] = found
    return list(enumerate(seen.values()))


def _row(point: Point) -> dict[str, Any]:
    number, found = point
    return {"number": number, "values": [value for _, value in found.values], "valid": found.is_valid}
