"""Builds a tour by insertion, in the order that a candidate's priority gives."""

import math


def tour(points):
    """Return the points of a tour, by index."""
    n = len(points)
    distance = [[math.dist(a, b) for b in points] for a in points]
    widest = max(map(max, distance)) or 1.0
    middle = [sum(it[axis] for it in points) / n for axis in (0, 1)]
    centre = [math.dist(it, middle) / widest for it in points]
    path = [0, max(range(n), key=lambda it: distance[0][it])]
    left = [it for it in range(n) if it not in path]
    while left:
        best = None
        for point in left:
            row = distance[point]
            costs = [row[a] + row[b] - distance[a][b] for a, b in zip(path, path[1:] + path[:1])]
            cost = min(costs)
            spans = [row[it] for it in path]
            rank = priority(cost / widest, min(spans) / widest, max(spans) / widest, centre[point])
            if best is None or rank > best[0]:
                best = (rank, point, costs.index(cost))
        _, point, place = best
        path.insert(place + 1, point)
        left.remove(point)
    return path
