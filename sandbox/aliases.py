"""Objects that both the test and the program hold: each side has a copy, and every message makes the copies equal
again.

An answer names the objects of its graph that the program still holds ("kept"). From then on every message carries them
as additional roots, by their place in this table, and each is written back into the object that it was copied from,
until one side drops it. As that takes time with every message, the number and the size of these objects are limited;
objects beyond the limit are copied once.

An object of the program that extends a container is lent, and the test also has a copy of its members. Changes of these
members, on either side, are carried by the next message.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import sys
from typing import Any, Iterator

from sandbox import datatypes, objects, values

MAX_KEPT = 64
MAX_MEMBERS = 1000
"""Members of all kept objects together."""
MAX_WATCHED = 10000
"""Members of all lent containers together; those beyond the limit are carried only by a message that is about them."""


def is_changing(kind: Any) -> bool:
    """Whether entries of this kind are objects that can be changed in place and that neither side keeps for itself."""
    return kind == "object" or (kind in datatypes.KINDS and datatypes.KINDS[kind].fill is not None)


def take(graph: dict[str, Any], found: list[Any]) -> list[Any]:
    """Name in a graph ("kept") those of its objects that the program still refers to, and return them; empties `found`.

    No reference to these objects but those in `found` may be left from making the graph.
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
    """Return the numbers of the objects that a message within a call shows for the first time, `left` at most.

    The lists in `own` belong to neither side and do not count.
    """
    mine = {id(value) for value in own}
    new = (number for number, entry in enumerate(graph["heap"]) if entry[2] < 0 and is_changing(entry[0]))
    return [number for number in new if id(found[number]) not in mine][: max(0, left)]


def checked(graph: dict[str, Any], name: str, most: int) -> list[int]:
    """Return the numbers of changeable objects that a graph lists under `name`; raises values.Malformed."""
    numbers, heap = graph.get(name, []), graph["heap"]
    is_list = type(numbers) is list and len(numbers) <= most and all(type(it) is int for it in numbers)
    if not is_list or not all(0 <= it < len(heap) and is_changing(heap[it][0]) for it in numbers):
        raise values.Malformed("no objects that are held")
    return numbers


def small(found: list[Any]) -> list[Any]:
    """Return the objects that are few and small enough to be carried by each message of a call."""
    left, kept = MAX_MEMBERS, []
    for value in found:
        size = len(value) if hasattr(type(value), "__len__") and datatypes.kind_of(type(value)) else 1
        if size <= left:
            left -= size
            kept.append(value)
    return kept


def _alone(table: list[Any]) -> Iterator[int]:
    """Yield the places of objects that nothing else refers to.

    A container stands before its members in `table`, so that dropping it while iterating also frees these.
    """
    table.append([])
    alone = sys.getrefcount(table[-1])
    table.pop()
    return (number for number in range(len(table)) if sys.getrefcount(table[number]) <= alone)


class Table:
    """The tester's end: the objects that the program has kept."""

    def __init__(self) -> None:
        self._values: list[Any] = []
        self._parts: list[Any] = []

    def clear(self) -> None:
        """Drop all objects."""
        self._values, self._parts = [], []

    def begin(self, graph: dict[str, Any], found: list[Any]) -> None:
        """Hold the objects that `take` has named in a graph; raises values.Malformed."""
        self._values = [found[number] for number in checked(graph, "kept", MAX_KEPT)]
        self._parts = [_parts(value, datatypes.kind_of(type(value))) for value in self._values]

    def values(self) -> list[Any]:
        """Return the objects that the test still refers to, or has changed since; drop the others."""
        for number in _alone(self._values):
            value = self._values[number]
            kind = datatypes.kind_of(type(value))
            if value is not None and _are_same(_parts(value, kind), self._parts[number]):
                self._values[number] = self._parts[number] = None
        return [value for value in self._values if value is not None]

    def origins(self) -> dict[int, int]:
        """Return the place of each object in the table, by its id."""
        return {id(value): number for number, value in enumerate(self._values) if value is not None}


class Copies:
    """Either end: the containers that the program has lent, with the members that the other side knows."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str, Any]] = {}

    def clear(self) -> None:
        """Forget all containers."""
        self._known.clear()

    def told(self, value: Any, kind: str) -> None:
        """Note that both sides now agree on the members of a container of `kind`, or of a type that extends it."""
        if datatypes.KINDS[kind].fill is not None:
            self._known[id(value)] = value, kind, _parts(value, kind)

    def is_changed(self, value: Any) -> bool:
        """Whether this side has changed a container since."""
        return id(value) in self._known and not self._is_same(*self._known[id(value)])

    def changed(self) -> list[Any]:
        """Return the containers that this side has changed."""
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
