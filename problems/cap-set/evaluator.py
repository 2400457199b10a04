"""Measures a cap set, once it is one."""

import itertools


def evaluate(args, expected, got):
    (n,) = args
    if not isinstance(got, list) or not all(isinstance(it, (list, tuple)) and len(it) == n for it in got):
        return f"expected a list of vectors of {n} digits"
    if not all(type(digit) is int and 0 <= digit <= 2 for vector in got for digit in vector):
        return "expected digits from 0 to 2"
    vectors = [tuple(it) for it in got]
    known = set(vectors)
    if len(known) != len(vectors):
        return "a vector stands there twice"
    for one, other in itertools.combinations(vectors, 2):
        third = tuple((-a - b) % 3 for a, b in zip(one, other))
        if third in known:
            return f"{one}, {other} and {third} add up to zero"
    return {"ratio": len(vectors) / expected, "feedback": f"{len(vectors)} of {expected} vectors"}
