def priority(vector: tuple[int, ...], n: int) -> float:
    neighbours, pairs, support = features(vector)
    return ([max(1.0, n), 3.0, 2.0][neighbours] + [1.0, 2.0, 3.0][pairs])
