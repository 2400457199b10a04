def priority(item: int, room: int, capacity: int) -> float:
    left = ((((room % item if (room / (item)) < (item) else 2.994866)) % ((item + 0) * 0.7260245))) % (item * 0.7236566)
    return -left
