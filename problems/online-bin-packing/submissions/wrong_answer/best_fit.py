def priority(item: int, room: int, capacity: int) -> float:
    return -(room - item)
