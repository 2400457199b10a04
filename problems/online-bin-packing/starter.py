def priority(item: int, room: int, capacity: int) -> float:
    left = room - item
    return -left
