"""Measures the radius that equal circles around the given centres may have, beside the best that is known."""

import math


def evaluate(args, expected, got):
    (n,) = args
    if not isinstance(got, (list, tuple)) or len(got) != n:
        return f"expected {n} centres"
    points = []
    for centre in got:
        if (
            not isinstance(centre, (list, tuple))
            or len(centre) != 2
            or not all(type(it) in (int, float) for it in centre)
        ):
            return "expected pairs of numbers"
        if not all(0 <= it <= 1 for it in centre):
            return "expected centres within the unit square"
        points.append(centre)
    edges = min(min(x, 1 - x, y, 1 - y) for x, y in points)
    gaps = min(math.dist(a, b) / 2 for i, a in enumerate(points) for b in points[:i])
    radius = min(edges, gaps)
    return {"ratio": radius / expected, "feedback": f"radius {radius:.6f}"}
