"""Measures a packing: how many bins it takes beyond the least that any packing takes."""

from collections import Counter


def evaluate(args, expected, got):
    items, capacity = args
    if not isinstance(got, list) or len(got) != len(items) or not all(type(it) is int for it in got):
        return "expected the number of a bin for each item"
    loads = Counter()
    for item, place in zip(items, got):
        loads[place] += item
    full = [place for place, load in loads.items() if load > capacity]
    if full:
        return f"bin {full[0]} holds {loads[full[0]]}, more than {capacity}"
    least = -(-sum(items) // capacity)
    return {"excess": len(loads) / least - 1, "feedback": f"{len(loads)} bins, at least {least} are needed"}
