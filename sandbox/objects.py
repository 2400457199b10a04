"""Carries whole object graphs between the tester's and the candidate's process: shared references, cycles, proxies.

A graph is {"heap": [...], "roots": [...]}. A root or member is a scalar (see values.py) or a reference {"@": n} to an
entry of the heap: [kind, payload, origin]. `origin` is the number of the object in the graph that it came with, or -1.
By it, what a call changed in place is written back into the caller's own objects. The kinds are those of values (see
datatypes.py), "type" and "exception", and these of the two ends: "foreign", "class" and "borrowed" for what the sender
keeps and lends, "lent" for what goes back to its owner, "object", "member" and "record" for instances of classes that
both know (see lending.py and proxies.py).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import builtins
import json
from typing import Any

from sandbox import datatypes, kinds, library, values

_ENCODE = json.JSONEncoder(separators=(",", ":")).encode  # not json.dumps, which a test may patch
_DECODE = json.JSONDecoder().decode
MAX_OBJECTS = 1000000
SCALARS = (type(None), bool, int, float, complex, str, bytes)
_HASHING = ("set", "dict", "Counter", "OrderedDict", "defaultdict")
_TAGS = ("int", "float", "complex", "bytes")


class End:
    """How one end packs and unpacks objects that are not values; each end is a subclass."""

    def __init__(self) -> None:
        self._kept: list[Any] = []
        self._handles: dict[int, int] = {}

    def clear(self) -> None:
        """Forget everything that was lent."""
        self._kept.clear()
        self._handles.clear()

    def keep(self, value: Any) -> int:
        """Return the handle by which the other side knows an object of ours."""
        handle = self._handles.get(id(value))
        if handle is None:
            handle = self._handles[id(value)] = len(self._kept)
            self._kept.append(value)
        return handle

    def kept(self, handle: Any) -> Any:
        """Return our object with that handle; raises ValueError."""
        if type(handle) is not int or not 0 <= handle < len(self._kept):
            raise ValueError("no handle")
        return self._kept[handle]

    def packed(self, value: Any, refer: kinds.Refer) -> tuple[str, Any]:
        """Return kind and payload of an object that is not a value; raises values.Unencodable."""
        raise NotImplementedError

    def found(self, kind: str, payload: Any, home: Any, read: kinds.Read) -> Any:
        """Return the object that an entry stands for, without its members; raises ValueError.

        `home` is our object that it came from, or None.
        """
        raise NotImplementedError

    def filled(self, kind: str, target: Any, payload: Any, read: kinds.Read) -> bool:
        """Set the members of an object; return whether the other side must be sent what changes in it."""
        raise NotImplementedError

    def finished(self) -> None:
        """Called when every object of a message is whole."""

    def owns(self, error: BaseException) -> bool:
        """Return whether a builtin exception is an object of the other side, on its way back."""
        return False


def pack(roots: list[Any], origins: dict[int, int], end: End) -> tuple[dict[str, Any], list[Any]]:
    """Return the graph of `roots` and its objects by number; raises values.Unencodable.

    `origins` maps the id of an object that came from the other side to its number there.
    """
    numbers: dict[int, int] = {}
    objects: list[Any] = []
    heap: list[list[Any]] = []

    def refer(value: Any) -> Any:
        if type(value) in SCALARS:
            return values.to_jsonable(value)
        number = numbers.get(id(value))
        if number is None:
            number = numbers[id(value)] = len(objects)
            if number >= MAX_OBJECTS:
                raise values.Unencodable("more than a million objects")
            objects.append(value)  # keeps the value alive, so that no other object gets its id
        return {"@": number}

    packed_roots = [refer(root) for root in roots]
    for value in objects:  # it grows while it is walked, so that a long linked list needs no deep recursion
        kind, payload = _entry(value, refer, end)
        heap.append([kind, payload, origins.get(id(value), -1)])
    return {"heap": heap, "roots": packed_roots}, objects


def _entry(value: Any, refer: kinds.Refer, end: End) -> tuple[str, Any]:
    cls = type(value)
    kind = datatypes.kind_of(cls)
    if kind is not None:
        return kind, datatypes.KINDS[kind].parts(value, refer)
    if isinstance(value, type):
        name = datatypes.type_name(value)
        if name is not None:
            return "type", name
    elif isinstance(value, Exception) and getattr(builtins, cls.__name__, None) is cls and not end.owns(value):
        return "exception", [cls.__name__, [refer(part) for part in arguments_of(value)], _noted(value, refer)]
    elif isinstance(value, Exception) and not end.owns(value):
        known = library.exception_name(cls)
        if known is not None:
            return "known exception", [*known, [refer(part) for part in value.args], _noted(value, refer)]
    return end.packed(value, refer)


def unpack(graph: Any, home: list[Any], end: End) -> tuple[list[Any], list[Any], list[int]]:
    """Return the roots of a graph, its objects by number, and the numbers of those that may be changed in place.

    `home` holds this side's objects by origin: an entry that came from one of them is written back into it. Raises
    values.Malformed.
    """
    try:
        return _Unpacker(graph, home, end).result()
    except (
        KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError, ArithmeticError, ImportError,
        BufferError, OSError,
    ) as error:  # fmt: skip
        raise values.Malformed("no graph of objects: %s" % type(error).__name__) from None


class _Unpacker:
    def __init__(self, graph: Any, home: list[Any], end: End) -> None:
        self.heap, self.roots, self.home, self.end = graph["heap"], graph["roots"], home, end
        self.objects: list[Any] = [None] * len(self.heap)
        self.begun = [False] * len(self.heap)
        self.built = [False] * len(self.heap)
        self.filled = [False] * len(self.heap)
        self.changeable: list[int] = []

    def result(self) -> tuple[list[Any], list[Any], list[int]]:
        for number in range(len(self.heap)):
            self.get(number)
        # Members that are hashed are set last, when they are whole.
        for hashed in (False, True):
            for number, entry in enumerate(self.heap):
                if (entry[0] in _HASHING) is hashed:
                    self.fill(number)
        self.end.finished()
        return [self.read(root) for root in self.roots], self.objects, sorted(self.changeable)

    def fill(self, number: int) -> None:
        if self.filled[number]:
            return
        self.filled[number] = True
        kind, payload, _ = self.heap[number]
        known = datatypes.KINDS.get(kind)
        if known is not None and known.fill is not None:
            known.fill(self.objects[number], payload, self.read)
            self.changeable.append(number)
        elif (
            known is None
            and kind not in ("type", "exception", "known exception")
            and self.end.filled(kind, self.objects[number], payload, self.read)
        ):
            self.changeable.append(number)

    def get(self, number: int) -> Any:
        if not self.built[number]:
            if self.begun[number]:
                raise ValueError("a value that contains itself")
            self.begun[number] = True
            self.objects[number] = self.made(*self.heap[number])
            self.built[number] = True
        return self.objects[number]

    def made(self, kind: str, payload: Any, origin: int) -> Any:
        known = datatypes.KINDS.get(kind)
        if known is None:
            if kind == "type":
                return datatypes.named_type(payload)
            if kind == "exception":
                return _exception(payload, self.read)
            if kind == "known exception":
                module, name, args, fields = payload
                named = [(str(field), self.read(item)) for field, item in fields]
                return library.exception(module, name, [self.read(part) for part in args], named)
            return self.end.found(kind, payload, self.home[origin] if origin >= 0 else None, self.read)
        cls = datatypes.type_of(kind)
        if known.fill is not None and origin >= 0 and type(self.home[origin]) is cls:
            return self.home[origin]
        if kind == "frozenset":
            for item in payload:
                if isinstance(item, dict) and "@" in item:
                    self.get(item["@"])
                    self.fill(item["@"])
        return known.make(cls, payload, self.read)

    def read(self, data: Any) -> Any:
        if not isinstance(data, dict):
            if isinstance(data, list):
                raise ValueError("a list that is no entry")
            return data
        if "@" in data:
            return self.get(data["@"])
        if data.get("$") not in _TAGS:
            raise ValueError("no scalar")
        return values.untag(data)


def _exception(payload: Any, read: kinds.Read) -> Any:
    cls = datatypes.named_type(payload[0])
    if not issubclass(cls, Exception):
        raise ValueError("no exception")
    args = [read(part) for part in payload[1]]
    try:
        made = cls(args[0], args[1:]) if is_group(cls) else cls(*args)
    except TypeError:  # it was made from other arguments, and its args say no more than these
        made = cls.__new__(cls)
        made.args = args
    for name, item in payload[2] if len(payload) > 2 else ():
        if not isinstance(name, str) or (name[:2] == "__" and name != "__notes__"):
            raise ValueError("no attribute of an exception")
        setattr(made, name, read(item))
    return made


def arguments_of(error: BaseException) -> tuple[Any, ...]:
    """Return the arguments that make an exception again; those of a group one by one, because a list is filled
    later.
    """
    if is_group(type(error)):
        return (error.args[0], *error.exceptions)  # type: ignore[attr-defined]
    if isinstance(error, OSError) and error.filename is not None and len(error.args) == 2:
        return (*error.args, error.filename)
    return error.args


def _noted(error: BaseException, refer: kinds.Refer) -> list[Any]:
    """Return the attributes that were set on an exception, and its notes."""
    found = own_fields(error) + [("__notes__", it) for it in [getattr(error, "__notes__", None)] if it]
    if isinstance(error, ImportError):
        found += [(name, getattr(error, name)) for name in ("name", "path")]
    return [[name, refer(item)] for name, item in found]


def is_group(cls: Any) -> bool:
    """Whether a class is one of exception groups."""
    return issubclass(cls, getattr(builtins, "BaseExceptionGroup", ()))


def own_fields(value: Any) -> list[tuple[str, Any]]:
    """Return the attributes that an instance itself has, in its `__dict__` and in its slots."""
    found = list(getattr(value, "__dict__", {}).items())
    for owner in type(value).__mro__:
        slots = owner.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found.append((name, getattr(value, name)))
    return [(name, item) for name, item in found if isinstance(name, str) and not name.startswith("__")]


def member_of(value: Any) -> Any:
    """Return the name of an enum's member; the number of several flags together, which have no name."""
    return value.name if value.name in type(value).__members__ else int(value.value)


def dump(graph: dict[str, Any]) -> str:
    """Return a graph as text."""
    return _ENCODE(graph)


def load(text: Any) -> Any:
    """Return the graph of a text; raises values.Malformed."""
    try:
        return _DECODE(text if isinstance(text, str) else str(text, "utf-8"))
    except (ValueError, RecursionError):
        raise values.Malformed("no graph of objects") from None
