"""What crosses between a test and a candidate, as the candidate's end packs and unpacks it.

Values travel as values (see datatypes.py). An instance of a class that the test has as well (of the prelude, or of an
argument) travels as its fields. Everything else stays here and is lent: instances, functions, iterators and classes of
the program travel as a handle, with what the tester needs for a stand-in (see foreign.py).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import enum
import importlib
import types
from typing import Any

from sandbox import aliases, datatypes, describing, kinds, library, objects, prelude, standins

NODES = {"ListNode": {"val", "next"}, "TreeNode": {"val", "left", "right"}}
"""The node classes of LeetCode; a program's own class with the name and the fields of one of them counts as
that one.
"""
MAX_AHEAD = 100000
"""How many attributes of lent objects are sent along, so that the tester need not ask for them."""


class Lending(objects.End):
    """Keeps the objects that were lent to the tester, and the stand-ins for objects that the tester lent."""

    def __init__(self, scope: dict[str, Any]) -> None:
        super().__init__()
        self._scope = scope
        self._shared: dict[str, type] = {}
        self._copies = aliases.Copies()
        self._standins = standins.StandIns(self.ask, scope)
        self._described: dict[type, describing.ClassOf] = {}
        self._ahead = 0

    def ask(self, request: dict[str, Any]) -> Any:
        """Have the tester call a function that it lent, and return the result."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget everything that either side lent."""
        super().clear()
        self._copies.clear()
        self._standins.clear()

    def prelude_ran(self) -> None:
        """Note the classes that the problem's prelude defines, before the program can replace them."""
        self._shared = {
            name: found
            for name, found in self._scope.items()
            if isinstance(found, type) and found.__module__ == self._scope["__name__"]
        }

    def sent(self, roots: list[Any], origins: dict[int, int], is_aside: bool) -> tuple[dict[str, Any], list[Any]]:
        """Return the graph of a message and its objects by number, with changes that the program made in lent
        containers.
        """
        self._ahead = 0
        changed = [] if is_aside else self._copies.changed()
        graph, found = objects.pack([*roots, *changed], origins, self)
        for (kind, payload, _), value in zip(graph["heap"], found):
            if kind == "foreign" and payload[2] is not None and payload[2][0] != "args" and not is_aside:
                self._copies.told(value, payload[2][0])
        return graph, found

    def named(self, name: str) -> Any:
        """Return the program's object of a name; raises NameError."""
        try:
            return self._scope[name]
        except KeyError:
            raise NameError("the solution does not define `%s`" % name) from None

    def owns(self, error: BaseException) -> bool:
        """Whether this builtin exception is the tester's own, on its way back."""
        return self._standins.handle(error) is not None

    def packed(self, value: Any, refer: kinds.Refer) -> tuple[str, Any]:
        """Return the entry of an object that is not a value: of a shared class, or lent."""
        handle = self._standins.handle(value)
        if handle is not None:
            return "lent", [handle, None]
        if isinstance(value, type):
            return "class", describing.describe(value, self._scope["__name__"], self.keep, refer)
        cls = type(value)
        if cls is describing.ClassOf:
            return "class", describing.describe(value.cls, self._scope["__name__"], self.keep, refer)
        known = library.function_name(value) if cls is types.BuiltinFunctionType else None
        if known is not None:
            return "function", known
        if self._is_shared(cls, value):
            if isinstance(value, enum.Enum):
                return "member", [cls.__name__, objects.member_of(value)]
            if isinstance(value, tuple):
                return "record", [cls.__name__, [refer(item) for item in tuple.__iter__(value)]]
            return "object", [cls.__name__, [[name, refer(item)] for name, item in objects.own_fields(value)]]
        near = datatypes.nearest(cls)
        if near is None:
            args = None
            if isinstance(value, BaseException):
                parts = objects.arguments_of(value) if objects.is_group(cls) else value.args
                args = ["args", [refer(part) for part in parts]]
            return "foreign", [self.keep(value), refer(self._described_as(cls)), args, self._fields_ahead(value, refer)]
        kind, parts = near[0], datatypes.KINDS[near[0]].parts(value, refer)
        if kind not in datatypes.EXTENDED:
            return kind, parts
        return "foreign", [self.keep(value), refer(cls), [kind, parts], None]

    def _described_as(self, cls: type) -> Any:
        """Return the class to describe for an object that stays here: a library type is described as well, not only
        named.
        """
        if cls is object or datatypes.type_name(cls) is None:
            return cls
        return self._described.setdefault(cls, describing.ClassOf(cls))

    def _is_shared(self, cls: type, value: Any) -> bool:
        name = cls.__name__
        if self._shared.get(name) is cls or self._standins.is_ours(cls) or cls is getattr(prelude, name, None):
            return True
        return (
            name in NODES
            and name not in self._shared
            and cls is self._scope.get(name)
            and {field for field, _ in objects.own_fields(value)} == NODES[name]
        )

    def _fields_ahead(self, value: Any, refer: kinds.Refer) -> list[Any] | None:
        cls = type(value)
        if isinstance(value, BaseException) or cls.__module__ != self._scope["__name__"]:
            return None
        if any("__getattribute__" in vars(base) for base in cls.__mro__[:-1]):
            return None
        fields = [(name, item) for name, item in objects.own_fields(value) if not describing.is_property(cls, name)]
        self._ahead += len(fields)
        return [[name, refer(item)] for name, item in fields] if self._ahead <= MAX_AHEAD else None

    def found(self, kind: str, payload: Any, home: Any, read: kinds.Read) -> Any:
        """Return the object that the tester gives back, lends, or describes."""
        if kind == "lent":
            return self.kept(payload[0])
        if kind == "named":
            return _named(*payload)
        if kind == "ours":
            return self._standins.class_of(*payload, read)
        if kind == "object":
            cls = read(payload[0])
            return home if type(home) is cls else object.__new__(cls)
        if kind == "member":
            cls = read(payload[0])
            return cls[payload[1]] if isinstance(payload[1], str) else cls(payload[1])
        if kind == "record":
            return tuple.__new__(read(payload[0]), [read(item) for item in payload[1]])
        if kind == "entry":
            return self.named(payload)
        if kind != "borrowed":
            raise ValueError(kind)
        return self._standins.lend(*payload, read)

    def filled(self, kind: str, target: Any, payload: Any, read: kinds.Read) -> bool:
        """Set fields or members; return whether the object may be changed in place."""
        if kind == "object":
            fields = {name: read(item) for name, item in payload[1]}
            for name in set(getattr(target, "__dict__", ())) - set(fields):
                object.__delattr__(target, name)
            for name, item in fields.items():
                object.__setattr__(target, name, item)
            return True
        if kind == "lent" and payload[1] is not None:
            base, parts = payload[1]
            fill = datatypes.KINDS[base].fill
            if fill is not None:
                fill(target, parts, read)
                self._copies.told(target, base)
                return True
        return False


def _named(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    for part in filter(None, name.split(".")):
        found = getattr(found, part)
    return found
