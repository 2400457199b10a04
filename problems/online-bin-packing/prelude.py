"""Packs items online, by the priority that a candidate gives to bins."""


def pack(items, capacity):
    """Return the bin of each item."""
    rooms = {capacity: [0]}  # open bins by the room that is left, in the order in which they were opened
    opened, placed = 1, []
    for item in items:
        best = None
        for room, bins in rooms.items():
            if room >= item:
                rank = (priority(item, room, capacity), -bins[0])
                if best is None or rank > best[0]:
                    best = (rank, room)
        room = best[1]
        bins = rooms[room]
        chosen = bins.pop(0)
        if not bins:
            del rooms[room]
        left = rooms.setdefault(room - item, [])
        left.append(chosen)
        left.sort()
        if chosen == opened - 1:
            rooms.setdefault(capacity, []).append(opened)
            opened += 1
        placed.append(chosen)
    return placed
