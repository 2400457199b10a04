def priority(cost: float, near: float, far: float, centre: float) -> float:
    return -cost
