"""Builds a cap set greedily, by the priority that a candidate gives to vectors."""

import itertools


def cap_set(n):
    """Return the vectors of a cap set."""
    vectors = sorted(itertools.product(range(3), repeat=n), key=lambda vector: -priority(vector, n))
    taken, blocked = [], set()
    for vector in vectors:
        if vector not in blocked:
            blocked.add(vector)
            for other in taken:
                blocked.add(tuple((-a - b) % 3 for a, b in zip(vector, other)))
            taken.append(vector)
    return taken


def features(vector):
    """Return two sums modulo 3, of products of neighbours (in a circle) and of all pairs, and how many are not 0."""
    neighbours = sum(a * b for a, b in zip(vector, vector[1:] + vector[:1])) % 3
    pairs = sum(a * b for place, a in enumerate(vector) for b in vector[:place]) % 3
    return neighbours, pairs, len(vector) - vector.count(0)
