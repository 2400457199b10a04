"""The share of problems completed as a function of a limit on the cost of each attempt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from coderefine.scoring.problem_score import Row, in_the_end

MEASURES = ("cost_usd", "calls", "candidates", "seconds")
MOST_POINTS = 400


def curve(attempts: Sequence[Row], measure: str) -> list[tuple[float, float]]:
    """Return (x, y): attempts that took at most `x` complete the share `y`, averaged over problems as in the summary.

    The points ascend; the last is (the most that any attempt took, the final share). [] where no attempt took anything,
    or where the cost of one is not known.
    """
    if any(row[measure] is None for row in attempts) or not any(row[measure] for row in attempts):
        return []
    samples = Counter(row["slug"] for row in attempts)
    gains: defaultdict[float, float] = defaultdict(float)
    for row in attempts:
        if in_the_end(row)[2]:
            gains[row[measure]] += 1 / samples[row["slug"]] / len(samples)
    done = gains.pop(0, 0.0)
    points = [(0.0, done)]
    for x in sorted(gains):
        done += gains[x]
        points.append((x, done))
    most = max(row[measure] for row in attempts)
    if most > points[-1][0]:
        points.append((most, done))
    step = -(-len(points) // MOST_POINTS)
    kept = [point for index, point in enumerate(points) if index % step == 0 or index == len(points) - 1]
    return [(round(x, 9), round(y, 6)) for x, y in kept]
