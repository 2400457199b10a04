def priority(vector: tuple[int, ...], n: int) -> float:
    neighbours, pairs, support = features(vector)
    return [1.0, 2.0, 3.0][neighbours] + [1.0, 2.0, 3.0][pairs] + 1.0 * support
