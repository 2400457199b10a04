"""Classes of the test and of the problem's prelude whose instances cross over to the candidate, and may come back.

An object of the test that comes back is the test's own object, with what was changed in it. A new instance is made only
of a class of the prelude, which both sides have, or of which an instance was passed to the candidate in this test; and
only in a way that its author allows:

- a member of an enum is one that there is;
- a named tuple is made by its constructor;
- anything else by the default of `copy.copy`, which asks nobody: so it is refused where the class or its metaclass
  makes or copies instances or stores attributes in its own way, and where a constructor that takes the fields by their
  names will not take these.

Everything else of that name is foreign (see foreign.py). What was made so is never more equal than its fields: a
comparison that the class defines itself is asked about instances of the class alone, not about the test's other values.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import abc
import enum
import inspect
from typing import Any, Callable

from sandbox import prelude, values

FILES = ("test", "prelude.py")
"""Where the code of authors is."""
_COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
_NODES = (prelude.ListNode, prelude.TreeNode)
_OWN_WAYS = ("__new__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__copy__", "__deepcopy__")
_STORING = ("__setattr__", "__getattribute__", "__delattr__")


class Refused(values.Malformed):
    """There is no such instance to be made."""


class Crossing:
    """The classes of one test that crossed over, by name."""

    def __init__(self) -> None:
        self._classes: dict[str, type] = {}
        self._guards: dict[type, type] = {}
        self._untried: list[tuple[type, dict[str, Any]]] = []

    def clear(self, scope: dict[str, Any]) -> None:
        """Begin anew, with the classes that the prelude left in the test's scope."""
        self._classes = {name: found for name, found in scope.items() if is_ours(found)}
        self._guards.clear()

    def admit(self, cls: type) -> None:
        """Let a class cross: an instance was passed, or the class itself."""
        self._classes[cls.__name__] = cls

    def find(self, name: Any) -> type:
        """Return the class of that name; raises Refused."""
        found = self._classes.get(name, getattr(prelude, str(name), None))
        if not isinstance(found, type):
            raise Refused("an instance of a class of the test, which it was never given")
        return found

    def _guard(self, cls: type) -> Any:
        if cls not in self._guards:
            self._guards[cls] = _guard(cls)
        return self._guards[cls]

    def member(self, name: Any, member: Any) -> Any:
        """Return a member of an enum, or several flags by their number."""
        cls = self.find(name)
        if not issubclass(cls, enum.Enum):
            raise Refused("no member")
        return cls(member) if type(member) is int and issubclass(cls, enum.Flag) else cls.__members__[member]

    def record(self, name: Any, items: list[Any]) -> Any:
        """Return a named tuple."""
        cls = self.find(name)
        if not (issubclass(cls, tuple) and hasattr(cls, "_fields")):
            raise Refused("no named tuple")
        return self._guard(cls)(*items)

    def begin(self, name: Any, home: Any) -> Any:
        """Return the object of the test's that came back, or an instance without fields."""
        cls = type(home)
        if (is_ours(cls) or cls in _NODES) and cls.__name__ == name:
            return home
        cls = self.find(name)
        if not _is_open(cls):
            raise Refused("an instance of `%s`, which makes its instances in its own way" % name)
        return object.__new__(self._guard(cls))

    def fill(self, target: Any, fields: list[tuple[str, Any]], is_new: bool) -> None:
        """Give an object its fields, as its author's own code may."""
        for name, value in fields:
            if not isinstance(name, str) or name.startswith("__"):
                raise Refused("a field of that name")
            if callable(getattr(type(target), name, None)):
                raise Refused("a field in the place of a method")
            _store(target, name, value, is_new)
        for name in set(getattr(target, "__dict__", ())) - {name for name, _ in fields}:
            delattr(target, name)
        if is_new:
            self._untried.append((target.__class__, dict(fields)))

    def finish(self) -> None:
        """Have constructors look at what was made, now that it is whole."""
        untried, self._untried = self._untried, []
        for cls, fields in untried:
            _try_constructor(cls, fields)


def is_ours(value: Any) -> bool:
    """Whether this is a class that the test's code or the prelude defines."""
    return isinstance(value, type) and type.__getattribute__(value, "__module__") == "test"


def describe(cls: type, refer: Callable[[Any], Any], keep: Callable[[Any], int]) -> list[Any]:
    """Return what the candidate's side needs to stand in for a class: [name, shape, handle, methods, attributes].

    Methods are [name, handle, "" or "property" or "static"], attributes [name, value].
    """
    shape: list[Any] = ["object"]
    if issubclass(cls, enum.Enum):
        base = next(base for base in cls.__mro__ if base.__module__ == "enum")
        return [cls.__name__, ["enum", base.__name__, [[it.name, refer(it.value)] for it in cls]], -1, [], []]
    if issubclass(cls, tuple):
        shape = ["record", list(cls._fields)]
    methods, attributes = {}, {}
    for owner in reversed(cls.__mro__[:-1]):
        for name, found in vars(owner).items() if is_ours(owner) else ():
            wrapped = {property: "property", staticmethod: "static"}.get(type(found), "")
            function = getattr(found, "fget", None) or getattr(found, "__func__", found)
            is_own = getattr(getattr(function, "__code__", None), "co_filename", "") in FILES
            if is_own and name not in ("__init__", "__new__", *_STORING, *_OWN_WAYS):
                methods[name] = [name, keep(function), wrapped]
            elif name[:2] != "__" and is_plain(found):
                attributes[name] = [name, refer(found)]
    return [cls.__name__, shape, keep(cls), list(methods.values()), list(attributes.values())]


def is_plain(value: Any) -> bool:
    """Whether it consists of numbers, texts and the like alone."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    return value is None or type(value) in (bool, int, float, complex, str, bytes)


def _is_open(cls: type) -> bool:
    """Whether instances may be made by the default way, without their constructor."""
    if type(cls) not in (type, abc.ABCMeta) or inspect.isabstract(cls):
        return False
    owners = [owner for owner in cls.__mro__[:-1] if owner.__module__ not in ("abc", "typing")]
    return all(is_ours(owner) or owner in _NODES for owner in owners) and not any(
        name in vars(owner) and _is_own(vars(owner)[name]) for owner in owners for name in (*_OWN_WAYS, *_STORING)
    )


def _is_own(found: Any, missing: bool = True) -> bool:
    """Whether an author wrote it, and not dataclasses or the like; `missing` for what is no function."""
    code = getattr(getattr(found, "__func__", found), "__code__", None)
    return missing if code is None else code.co_filename in FILES


def _store(target: Any, name: str, value: Any, is_new: bool) -> None:
    try:
        setattr(target, name, value)
    except AttributeError:  # of a dataclass that is frozen: it is new, or nothing is changed
        if not is_new and getattr(target, name) != value:
            raise Refused("a change of `%s`, which cannot be changed" % name) from None
        object.__setattr__(target, name, value)


def _guard(cls: type) -> type:
    """Return a class whose comparisons are asked about its own instances only; the class itself if it has none."""
    own = [name for name in _COMPARISONS if _is_own(getattr(cls, name, None), missing=False)]
    if not own:
        return cls
    space: dict[str, Any] = {name: _guarded(cls, getattr(cls, name)) for name in own}
    space.update(__slots__=(), __hash__=cls.__hash__, __class__=property(lambda instance: cls), __module__="test")
    return type(cls)(cls.__name__, (cls,), space)


def _guarded(cls: type, comparison: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: comparison(one, other) if isinstance(other, cls) else NotImplemented


def _try_constructor(cls: type, fields: dict[str, Any]) -> None:
    """Have the constructor refuse what it would not take, where it takes the fields by their names."""
    if not _is_own(cls.__init__, missing=False) and not hasattr(cls, "__post_init__"):
        return
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    named = {it.name: fields[it.name] for it in parameters if it.name in fields}
    if all(it.name in named or it.default is not it.empty or it.kind in (2, 4) for it in parameters):
        try:
            cls(**named)
        except Exception:
            raise Refused("an instance of `%s` that its constructor would not make" % cls.__name__) from None
