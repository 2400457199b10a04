"""Classes of the test and of the problem's prelude whose instances may cross over to the candidate and come back.

An object of the test that comes back is the test's own object, with the changes made in it. A new instance is made only
of a class of the prelude, which both sides have, or of a class whose instance was passed to the candidate in this test;
and only in a way that its author allows:

- a member of an enum must be an existing one;
- a named tuple is made by its constructor;
- anything else is made as `copy.copy` makes it by default, without a call of the class. So it is refused where the
  class or its metaclass makes or copies instances or stores attributes in its own way, and where a constructor that
  takes the fields by their names does not accept these fields.

Any other class of that name is foreign (see foreign.py). An instance made here never equals more than its fields do: a
comparison that the class itself defines is called on instances of the class only, not on other values of the test.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import abc
import enum
import inspect
from typing import Any, Callable

from sandbox import prelude, values

FILES = ("test", "prelude.py")
"""The file names under which the authors' code is compiled."""
_COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
_NODES = (prelude.ListNode, prelude.TreeNode)
_OWN_WAYS = ("__new__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__copy__", "__deepcopy__")
_STORING = ("__setattr__", "__getattribute__", "__delattr__")


class Refused(values.Malformed):
    """No such instance may be made."""


class Crossing:
    """The classes that crossed over in one test, by name."""

    def __init__(self) -> None:
        self._classes: dict[str, type] = {}
        self._guards: dict[type, type] = {}
        self._untried: list[tuple[type, dict[str, Any]]] = []

    def clear(self, scope: dict[str, Any]) -> None:
        """Begin a test, with the classes that the prelude left in its scope."""
        self._classes = {name: found for name, found in scope.items() if is_ours(found)}
        self._guards.clear()

    def admit(self, cls: type) -> None:
        """Let a class cross over, because the test passed it or an instance of it."""
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
        """Return the test's object that came back, or a new instance without fields."""
        cls = type(home)
        if (is_ours(cls) or cls in _NODES) and cls.__name__ == name:
            return home
        cls = self.find(name)
        if not _is_open(cls):
            raise Refused("an instance of `%s`, which makes its instances in its own way" % name)
        return object.__new__(self._guard(cls))

    def fill(self, target: Any, fields: list[tuple[str, Any]], is_new: bool) -> None:
        """Set the fields of an object as its author's own code may do."""
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
        """Have constructors accept the instances that were made, now that they are whole."""
        untried, self._untried = self._untried, []
        for cls, fields in untried:
            _try_constructor(cls, fields)


def is_ours(value: Any) -> bool:
    """Whether a value is a class that the test's code or the prelude defines."""
    return isinstance(value, type) and type.__getattribute__(value, "__module__") == "test"


def describe(cls: type, refer: Callable[[Any], Any], keep: Callable[[Any], int]) -> list[Any]:
    """Return what the candidate's side needs for a stand-in of a class: [name, shape, handle, methods, attributes].

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
    """Whether a value consists of numbers, texts and the like only."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    return value is None or type(value) in (bool, int, float, complex, str, bytes)


def _is_open(cls: type) -> bool:
    """Whether instances may be made without their constructor, as `copy.copy` makes them."""
    if type(cls) not in (type, abc.ABCMeta) or inspect.isabstract(cls):
        return False
    owners = [owner for owner in cls.__mro__[:-1] if owner.__module__ not in ("abc", "typing")]
    return all(is_ours(owner) or owner in _NODES for owner in owners) and not any(
        name in vars(owner) and _is_own(vars(owner)[name]) for owner in owners for name in (*_OWN_WAYS, *_STORING)
    )


def _is_own(found: Any, missing: bool = True) -> bool:
    """Whether an author wrote a function, and not dataclasses or the like; `missing` is returned for what is no
    function.
    """
    code = getattr(getattr(found, "__func__", found), "__code__", None)
    return missing if code is None else code.co_filename in FILES


def _store(target: Any, name: str, value: Any, is_new: bool) -> None:
    try:
        setattr(target, name, value)
    except AttributeError:  # a frozen dataclass: its instance is new, or nothing changes in it
        if not is_new and getattr(target, name) != value:
            raise Refused("a change of `%s`, which cannot be changed" % name) from None
        object.__setattr__(target, name, value)


def _guard(cls: type) -> type:
    """Return a subclass whose comparisons are called on its own instances only; the class itself if it defines none."""
    own = [name for name in _COMPARISONS if _is_own(getattr(cls, name, None), missing=False)]
    if not own:
        return cls
    space: dict[str, Any] = {name: _guarded(cls, getattr(cls, name)) for name in own}
    space.update(__slots__=(), __hash__=cls.__hash__, __class__=property(lambda instance: cls), __module__="test")
    return type(cls)(cls.__name__, (cls,), space)


def _guarded(cls: type, comparison: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: comparison(one, other) if isinstance(other, cls) else NotImplemented


def _try_constructor(cls: type, fields: dict[str, Any]) -> None:
    """Have the constructor check the fields, where it takes them by their names."""
    if not _is_own(cls.__init__, missing=False) and not hasattr(cls, "__post_init__"):
        return
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    named = {it.name: fields[it.name] for it in parameters if it.name in fields}
    if all(it.name in named or it.default is not it.empty or it.kind in (2, 4) for it in parameters):
        try:
            cls(**named)
        except Exception:
            raise Refused("an instance of `%s` that its constructor would not make" % cls.__name__) from None
