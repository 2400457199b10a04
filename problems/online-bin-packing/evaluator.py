"""Packs items online by a candidate's priorities, and measures how many bins that takes beyond the least possible."""

import math


def evaluate(args, expected, got):
    (capacity,), lists = args, expected
    if not is_table(got, capacity):
        return "expected a number as the priority for each item and room"
    bins = sum(pack(items, capacity, got) for items in lists)
    least = sum(-(-sum(items) // capacity) for items in lists)
    return {"excess": bins / least - 1, "feedback": f"{bins} bins, at least {least} are needed"}


def is_table(got, capacity):
    """Whether it has a number for each item from 1 and each room from that item to the capacity."""
    if not isinstance(got, list) or len(got) != capacity:
        return False
    return all(
        isinstance(row, list) and len(row) == capacity - at and all(is_number(it) for it in row)
        for at, row in enumerate(got)
    )


def is_number(value):
    """Whether it can be compared: an int, or a float that is a number."""
    return type(value) is int or (type(value) is float and not math.isnan(value))


def pack(items, capacity, table):
    """Return how many bins are opened."""
    rooms = {capacity: [0]}  # open bins by the room that is left, in the order in which they were opened
    opened = 1
    for item in items:
        fitting = (room for room in rooms if room >= item)
        room = max(fitting, key=lambda it: (table[item - 1][it - item], -rooms[it][0]))
        chosen = rooms[room].pop(0)
        if not rooms[room]:
            del rooms[room]
        if chosen == opened - 1:
            rooms.setdefault(capacity, []).append(opened)
            opened += 1
        left = rooms.setdefault(room - item, [])
        left.append(chosen)
        left.sort()
    return opened - 1
