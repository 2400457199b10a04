"""Objects that the test and the program both hold: each side has its own, and every message makes them equal again.

An answer names what of its graph the program goes on holding ("kept"). From then on those objects are further roots of
all messages, by their place in this table, so that each is written back into what it came from, until one side lets go
of it. As that takes time with every message, only so many and so large ones ride along; what is beyond is copied.

An object of the program that extends a container is lent, and the test has a copy of its members besides. What either
side has changed of these goes along with the next message.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import sys
from typing import Any, Iterator

from sandbox import datatypes, objects, values

MAX_KEPT = 64
MAX_MEMBERS = 1000
"""Of all that is kept, together."""
MAX_WATCHED = 10000
"""Members of containers that are lent, together; what is beyond goes along only with a message that is about it."""


def is_changing(kind: Any) -> bool:
    """Whether entries of this kind are objects that can be changed in place, and are nobody's alone."""
    return kind == "object" or (kind in datatypes.KINDS and datatypes.KINDS[kind].fill is not None)


def take(graph: dict[str, Any], found: list[Any]) -> list[Any]:
    """Name in a graph what somebody else refers to of its objects, and return that; empties `found`.

    Nobody but `found` may refer to them for the graph's sake any more.
    """
    numbers = [number for number, entry in enumerate(graph["heap"]) if is_changing(entry[0])]
    table = [found[number] for number in numbers]
    found.clear()
    for number in _alone(table):
        table[number] = None
    kept: list[Any] = []
    graph["kept"] = []
    left = MAX_MEMBERS
    for number, value in zip(numbers, table):
        size = _size(graph["heap"][number][1]) if value is not None and len(kept) < MAX_KEPT else left + 1
        if size <= left:
            left -= size
            kept.append(value)
            graph["kept"].append(number)
    return kept


def _size(payload: Any) -> int:
    return sum(map(_size, payload)) + 1 if type(payload) is list else 1


def shown(graph: dict[str, Any], found: list[Any], own: list[Any], left: int) -> list[int]:
    """Return the numbers of the objects that a message within a call shows first, `left` at most.

    Its `own` lists are nobody's.
    """
    mine = {id(value) for value in own}
    new = (number for number, entry in enumerate(graph["heap"]) if entry[2] < 0 and is_changing(entry[0]))
    return [number for number in new if id(found[number]) not in mine][: max(0, left)]


def checked(graph: dict[str, Any], name: str, most: int) -> list[int]:
    """Return the numbers of changing objects that a graph names; raises values.Malformed."""
    numbers, heap = graph.get(name, []), graph["heap"]
    is_list = type(numbers) is list and len(numbers) <= most and all(type(it) is int for it in numbers)
    if not is_list or not all(0 <= it < len(heap) and is_changing(heap[it][0]) for it in numbers):
        raise values.Malformed("no objects that are held")
    return numbers


def small(found: list[Any]) -> list[Any]:
    """Return what may ride along with each message of a call."""
    left, kept = MAX_MEMBERS, []
    for value in found:
        size = len(value) if hasattr(type(value), "__len__") and datatypes.kind_of(type(value)) else 1
        if size <= left:
            left -= size
            kept.append(value)
    return kept


def _alone(table: list[Any]) -> Iterator[int]:
    """Yield the places of what nobody else refers to; what holds others stands before them, and may be taken away."""
    table.append([])
    alone = sys.getrefcount(table[-1])
    table.pop()
    return (number for number in range(len(table)) if sys.getrefcount(table[number]) <= alone)


class Table:
    """The tester's end: what the program has kept."""

    def __init__(self) -> None:
        self._values: list[Any] = []
        self._parts: list[Any] = []

    def clear(self) -> None:
        """Let go of all."""
        self._values, self._parts = [], []

    def begin(self, graph: dict[str, Any], found: list[Any]) -> None:
        """Hold the objects that `take` has named; raises values.Malformed."""
        self._values = [found[number] for number in checked(graph, "kept", MAX_KEPT)]
        self._parts = [_parts(value, datatypes.kind_of(type(value))) for value in self._values]

    def values(self) -> list[Any]:
        """Return what the test holds, too, or has changed since."""
        for number in _alone(self._values):
            value = self._values[number]
            kind = datatypes.kind_of(type(value))
            if value is not None and _are_same(_parts(value, kind), self._parts[number]):
                self._values[number] = self._parts[number] = None
        return [value for value in self._values if value is not None]

    def origins(self) -> dict[int, int]:
        """Return the place of each object, by its id."""
        return {id(value): number for number, value in enumerate(self._values) if value is not None}


class Copies:
    """Either end: the containers that the program has lent, as the other side knows them."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str, Any]] = {}

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()

    def told(self, value: Any, kind: str) -> None:
        """Take note that both sides agree on a container, which is of that kind or extends it."""
        if datatypes.KINDS[kind].fill is not None:
            self._known[id(value)] = value, kind, _parts(value, kind)

    def is_changed(self, value: Any) -> bool:
        """Whether this side has changed it since."""
        return id(value) in self._known and not self._is_same(*self._known[id(value)])

    def changed(self) -> list[Any]:
        """Return those that this side has changed."""
        left, found = MAX_WATCHED, []
        for value, kind, parts in self._known.values():
            size = len(parts[1]) + 1
            if size <= left:
                left -= size
                if not self._is_same(value, kind, parts):
                    found.append(value)
        return found

    @staticmethod
    def _is_same(value: Any, kind: str, parts: Any) -> bool:
        return _are_same(_parts(value, kind), parts)


def _parts(value: Any, kind: str | None) -> tuple[Any, list[Any]]:
    """Return what an object consists of: its own data, and the objects in it."""
    inside: list[Any] = []
    if kind is not None:
        try:
            return datatypes.KINDS[kind].parts(value, inside.append), inside
        except (ValueError, AttributeError):  # such as a stream that is closed
            return None, [object()]
    return [[name, inside.append(item)] for name, item in objects.own_fields(value)], inside


def _are_same(now: tuple[Any, list[Any]], then: tuple[Any, list[Any]]) -> bool:
    return (
        now[0] == then[0]
        and len(now[1]) == len(then[1])
        and all(
            one is other or (type(one) is type(other) and type(one) in objects.SCALARS and one == other)
            for one, other in zip(now[1], then[1])
        )
    )
