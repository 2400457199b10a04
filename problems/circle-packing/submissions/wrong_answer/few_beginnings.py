import math
import random


def radius(points: list[list[float]]) -> float:
    edges = min(min(x, 1 - x, y, 1 - y) for x, y in points)
    return min(edges, min(math.dist(a, b) / 2 for i, a in enumerate(points) for b in points[:i]))


def spread(points: list[list[float]]) -> list[list[float]]:
    step, margin = 0.2, 0.05
    for _ in range(150):
        reach = 2.0 * radius(points) + margin
        moved = []
        for x, y in points:
            fx = max(0.0, 1.0 - 2.0 * x / reach) - max(0.0, 1.0 - 2.0 * (1.0 - x) / reach)
            fy = max(0.0, 1.0 - 2.0 * y / reach) - max(0.0, 1.0 - 2.0 * (1.0 - y) / reach)
            for u, v in points:
                gap = math.hypot(x - u, y - v)
                if 0.0 < gap < reach:
                    fx += (x - u) / gap * (1.0 - gap / reach)
                    fy += (y - v) / gap * (1.0 - gap / reach)
            moved.append([min(1.0, max(0.0, x + step * fx)), min(1.0, max(0.0, y + step * fy))])
        points = moved
        step, margin = step * 1.0, margin * 0.99
    return points


def centres(n: int) -> list[list[float]]:
    rng = random.Random(1)
    best: list[list[float]] = []
    for _ in range(4):
        points = spread([[rng.random(), rng.random()] for _ in range(n)])
        if not best or radius(points) > radius(best):
            best = points
    return best
