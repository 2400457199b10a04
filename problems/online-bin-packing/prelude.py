"""Asks a candidate for its priorities once: it is never shown the items, which arrive one after the other elsewhere."""


def table(capacity):
    """Return, for each item from 1 to the capacity, the priorities of bins with room from that item to the capacity."""
    sizes = range(1, capacity + 1)
    return [[priority(item, room, capacity) for room in range(item, capacity + 1)] for item in sizes]
