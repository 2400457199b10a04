"""Carries whole object graphs between the tester's and the candidate's process: shared references, cycles, nodes.

A graph is {"heap": [...], "roots": [...]}. A root or member is plain data (see values.py) or a reference {"@": n} to
an entry of the heap: [kind, payload, origin]. `origin` is the number that the object had in the graph it came with, or
-1; by it, what a call changed in place is written back into the caller's own objects. Decoding builds exact builtin
types and instances of known data classes; it executes nothing.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import json
from typing import Any, Callable

from sandbox import values

MAX_OBJECTS = 1000000
_SCALARS = (type(None), bool, int, float, complex, str, bytes)


def pack(
    roots: list[Any], origins: dict[int, int], special: Callable[[Any], list[Any] | None]
) -> tuple[dict[str, Any], list[Any]]:
    """Return the graph of `roots` and its objects by number; raises values.Unencodable.

    `origins` maps the id of an object that came from the other side to its number there; `special(object)` gives the
    [kind, payload] of what this side keeps and lends, or None.
    """
    numbers: dict[int, int] = {}
    objects: list[Any] = []
    heap: list[list[Any]] = []

    def refer(value: Any) -> Any:
        if type(value) in _SCALARS:
            return values.to_jsonable(value)
        number = numbers.get(id(value))
        if number is None:
            number = numbers[id(value)] = len(objects)
            if number >= MAX_OBJECTS:
                raise values.Unencodable("more than a million objects")
            objects.append(value)
        return {"@": number}

    packed_roots = [refer(root) for root in roots]
    for value in objects:  # grows while it is walked: no recursion, so that a long list is no deep one
        kind, payload = special(value) or _entry(value, refer)
        heap.append([kind, payload, origins.get(id(value), -1)])
    return {"heap": heap, "roots": packed_roots}, objects


def _entry(value: Any, refer: Callable[[Any], Any]) -> list[Any]:
    # The base class's own methods are called, so that an override in a subclass has no say.
    if isinstance(value, list):
        return ["list", [refer(item) for item in list.__iter__(value)]]
    if isinstance(value, tuple):
        return ["tuple", [refer(item) for item in tuple.__iter__(value)]]
    if isinstance(value, dict):
        return ["dict", [[refer(key), refer(item)] for key, item in dict.items(value)]]
    if isinstance(value, (set, frozenset)):
        kind = "frozenset" if isinstance(value, frozenset) else "set"
        return [kind, [refer(item) for item in (frozenset if kind == "frozenset" else set).__iter__(value)]]
    if isinstance(value, (int, float, str, bytes, bytearray, complex)):
        return ["scalar", values.to_jsonable(value)]
    attributes = _attributes(value)
    if attributes is None:
        raise values.Unencodable("a value of type %s, which is no data" % type(value).__name__)
    return ["object", [type(value).__name__, [[name, refer(item)] for name, item in attributes]]]


def _attributes(value: Any) -> list[tuple[str, Any]] | None:
    """The fields of an instance of a plain class; None for anything else."""
    if isinstance(value, type) or callable(value) or type(value).__module__ in ("builtins", "types"):
        return None
    found = list(getattr(value, "__dict__", {}).items())
    for owner in type(value).__mro__:
        slots = owner.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found.append((name, getattr(value, name)))
    return found


def unpack(
    graph: Any, home: list[Any], class_of: Callable[[str], type], lent: Callable[[str, Any], Any]
) -> tuple[list[Any], list[Any]]:
    """Return the roots of a graph and its objects by number; raises values.Malformed.

    `home` are this side's objects by origin: an entry that came from one of them is written back into it. `class_of`
    gives the data class of a name, and `lent(kind, payload)` stands in for what the other side keeps.
    """
    try:
        return _Unpacker(graph, home, class_of, lent).result()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise values.Malformed("no graph of objects: %s" % type(error).__name__) from None


class _Unpacker:
    def __init__(self, graph: Any, home: list[Any], class_of: Any, lent: Any) -> None:
        self.heap, self.roots = graph["heap"], graph["roots"]
        self.home, self.class_of, self.lent = home, class_of, lent
        self.objects: list[Any] = [None] * len(self.heap)
        self.built = [False] * len(self.heap)

    def result(self) -> tuple[list[Any], list[Any]]:
        for number, (kind, payload, origin) in enumerate(self.heap):
            if kind not in ("tuple", "frozenset"):  # those need their members first
                self.objects[number] = self.shell(kind, payload, origin)
                self.built[number] = True
        for number in range(len(self.heap)):
            self.get(number)
        for number, (kind, payload, _) in enumerate(self.heap):
            self.fill(kind, self.objects[number], payload)
        return [self.value(root) for root in self.roots], self.objects

    def shell(self, kind: str, payload: Any, origin: int) -> Any:
        if kind == "scalar":
            return values.from_jsonable(payload)
        made = {"list": list, "dict": dict, "set": set}.get(kind)
        if made is None and kind != "object":
            return self.lent(kind, payload)
        if origin >= 0:
            known = self.home[origin]
            if type(known) is made or (kind == "object" and type(known).__name__ == payload[0]):
                return known
        if made is not None:
            return made()
        cls = self.class_of(payload[0])
        return cls.__new__(cls)

    def get(self, number: int) -> Any:
        if not self.built[number]:
            kind, payload, _ = self.heap[number]
            members = [self.value(item) for item in payload]
            self.objects[number] = tuple(members) if kind == "tuple" else frozenset(values.bounded(members))
            self.built[number] = True
        return self.objects[number]

    def value(self, data: Any) -> Any:
        if isinstance(data, dict) and "@" in data:
            return self.get(data["@"])
        return values.from_jsonable(data) if isinstance(data, dict) else data

    def fill(self, kind: str, target: Any, payload: Any) -> None:
        if kind == "list":
            target[:] = [self.value(item) for item in payload]
        elif kind == "dict":
            members = [(self.value(key), self.value(item)) for key, item in payload]
            values.bounded([key for key, _ in members])
            target.clear()
            target.update(members)
        elif kind == "set":
            members = values.bounded([self.value(item) for item in payload])
            target.clear()
            target.update(members)
        elif kind == "object":
            for name, item in payload[1]:
                if not isinstance(name, str) or name.startswith("__"):
                    raise ValueError(name)
                object.__setattr__(target, name, self.value(item))


def dump(graph: dict[str, Any]) -> str:
    """Return a graph as text."""
    return json.dumps(graph, separators=(",", ":"))


def load(text: Any) -> Any:
    """Return the graph of a text; raises values.Malformed."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise values.Malformed("no graph of objects") from None
