"""The tester's stand-ins for the candidate's own classes, instances, functions and iterators.

Each class of the program has a class here, made from a description, and each object is one instance of it, so that
`isinstance`, `is`, `except` and `type(x).__name__` work as usual. Attributes, calls, `len`, iteration and the like are
sent to the program as questions, whose answers are values. An instance of a class that extends a builtin type *is* a
value of that type here, with the program's attributes as well.

The program must not decide a test. So a comparison, an operator or `in` goes to the program only if both sides are its
own objects, or if the test made the object itself by calling the class. Otherwise the program's `__eq__` and the like
are not called, and do not learn the test's value.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import dataclasses
import itertools
import types
from typing import Any

from sandbox import datatypes, kinds, waiting

COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
_OPERATORS = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
    *("lshift", "rshift", "and", "or", "xor"),
)
_QUESTIONS = (
    *("len", "iter", "next", "reversed", "length_hint", "getitem", "setitem", "delitem", "enter", "hash", "bool"),
    *("missing", "aiter", "anext", "aenter"),
    *("str", "repr", "format", "bytes", "int", "float", "complex", "index", "abs", "neg", "pos", "invert"),
    *("round", "trunc", "floor", "ceil"),
)
OPERATORS = frozenset("__%s%s__" % (how, name) for name in _OPERATORS for how in ("", "r", "i"))
QUESTIONS = frozenset("__%s__" % name for name in _QUESTIONS)
_ATTRIBUTES = (
    *("__dict__", "__members__", "__annotations__", "__name__", "__qualname__", "__wrapped__", "__self__"),
    *("__func__", "__notes__", "__code__", "__defaults__", "__kwdefaults__"),
)
LIBRARY: dict[str, type] = {
    found.__name__: found
    for found in (
        *(types.FunctionType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType),
        *(map, filter, zip, enumerate, reversed, type(iter([])), type(iter(())), type(iter({})), type(iter(""))),
        *(type(iter(range(0))), type(iter(set())), itertools.chain, itertools.islice, itertools.count, itertools.cycle),
        *(itertools.repeat, itertools.product, itertools.permutations, itertools.combinations, itertools.accumulate),
    )
}
"""Types of the library whose objects stay in the program's process, though a test may ask for their type."""
MAX_NAME = 200
_UNCHANGING = ("int", "float", "complex", "str", "bytes", "tuple", "frozenset")
"""Types whose own methods a class of the program does not replace: they define the value itself."""


class ForeignType(type):
    """The metaclass of the program's classes; `__foreign__` holds the end of the channel and the class's handle."""

    def __new__(mcs, *args: Any, **kwargs: Any) -> Any:
        """Refuse a class that the test derives."""
        end = next(base.__foreign__[0] for base in args[1] if isinstance(base, ForeignType))
        raise end.unjudged("a class of the test that extends a class of the program")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make an instance in the program's process."""
        end = cls.__foreign__[0]
        return end.made(end.ask("call", cls, args=list(args), kwargs=kwargs))

    def __instancecheck__(cls, it: Any) -> bool:
        """Whether a value is an instance; for an object of the program, the program's own classes decide."""
        if type.__instancecheck__(cls, it) or not isinstance(type(it), ForeignType):
            return type.__instancecheck__(cls, it)
        return cls.__foreign__[0].ask("isinstance", cls, it=it) is True

    def __subclasscheck__(cls, it: Any) -> bool:
        if type.__subclasscheck__(cls, it) or not isinstance(it, ForeignType):
            return type.__subclasscheck__(cls, it)
        return cls.__foreign__[0].ask("issubclass", cls, it=it) is True

    def __getattr__(cls, name: str) -> Any:
        return _attribute(cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        if name[:2] == "__" == name[-2:] or name.startswith("_abc_"):
            type.__setattr__(cls, name, value)
            return
        end, found = cls.__foreign__[0], vars(cls).get(name)
        if isinstance(found, Method) and found.original is None:
            found.original = end.ask("get", cls, name=name)
        end.ask("set", cls, name=name, value=value)

    def __iter__(cls) -> Any:
        return cls.__foreign__[0].ask("special", cls, name="__iter__", args=[])

    def __len__(cls) -> Any:
        return cls.__foreign__[0].ask("special", cls, name="__len__", args=[])

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, key: Any) -> Any:
        if cls.__generic__:
            return cls
        return cls.__foreign__[0].ask("special", cls, name="__getitem__", args=[key])

    def __contains__(cls, item: Any) -> bool:
        return any(item is member or item == member for member in cls)


class Foreign:
    """The base of all stand-ins."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return _attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:2] == "__" == name[-2:]:  # such as the traceback of an exception
            object.__setattr__(self, name, value)
        else:
            _end(self).ask("set", self, name=name, value=value)

    def __delattr__(self, name: str) -> None:
        _end(self).ask("del", self, name=name)

    def __copy__(self) -> Any:
        return _end(self).ask("copy", self, deep=False)

    def __deepcopy__(self, memo: Any) -> Any:
        return _end(self).ask("copy", self, deep=True)


class Method:
    """A method of a class, found both on the class and on its instances."""

    __class__ = property(lambda self: types.FunctionType)  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self._name = name
        self.original: Any = None
        """The function itself, once the test has put something else in its place."""
        self._owner: Any = None

    def __set_name__(self, owner: Any, name: str) -> None:
        self._owner = owner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method as the function that it is on the class."""
        return Bound(self._owner, self._name)(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(Bound(self._owner, self._name), name)

    def __get__(self, instance: Any, owner: Any) -> Any:
        return Bound(owner if instance is None else instance, self._name)

    def __set__(self, instance: Any, value: Any) -> None:
        _end(instance).ask("set", instance, name=self._name, value=value)


class Bound:
    """A method bound to an object."""

    def __init__(self, owner: Any, name: str) -> None:
        self.__self__, self.__name__ = owner, name

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        return types.FunctionType if isinstance(self.__self__, ForeignType) else types.MethodType

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the program's process."""
        return _end(self.__self__).ask("call", self.__self__, name=self.__name__, args=list(args), kwargs=kwargs)

    def __getattr__(self, name: str) -> Any:
        return _attribute(_end(self.__self__).ask("get", self.__self__, name=self.__name__), name)


class Entry:  # noqa: D101 - its docstring is that of the function under test, which it calls by its name
    __class__ = property(lambda self: types.FunctionType)  # type: ignore[assignment]

    def __init__(self, end: Any, name: str) -> None:
        self._end, self.__name__ = end, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the program's process."""
        return self._end.ask("call", None, entry=self.__name__, args=list(args), kwargs=kwargs)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._end.ask("entry", None, entry=self.__name__).__doc__

    def __getattr__(self, name: str) -> Any:
        return getattr(self._end.ask("entry", None, entry=self.__name__), name)


class Lazy:
    """The entry point `Solution().method`, with one instance for all calls of a test."""

    def __init__(self, end: Any, owner: str, name: str) -> None:
        self._end, self._owner, self.__name__ = end, owner, name
        self._instance: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the program's process."""
        return getattr(self.__self__, self.__name__)(*args, **kwargs)

    @property
    def __self__(self) -> Any:
        if self._instance is None:
            self._instance = self._end.ask("entry", None, entry=self._owner)()
        return self._instance

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self.__self__, self.__name__), name)


def _end(value: Any) -> Any:
    return value.__foreign__[0]


def _attribute(owner: Any, name: str) -> Any:
    if name[:2] == "__" == name[-2:] and name not in _ATTRIBUTES:
        raise AttributeError("%r of the program has no attribute %r" % (type(owner).__name__, name))
    end = owner.__foreign__[0]
    return end.attribute(owner, name)


def new_class(end: Any, payload: Any, read: kinds.Read) -> Any:
    """Return the class for a description (see describing.py); raises ValueError."""
    handle, name, bases, extends, specials, methods, fields, doc, library = payload
    found = [read(base) for base in bases]
    if not all(isinstance(base, ForeignType) for base in found):
        raise ValueError("no class of the program")
    extended = datatypes.named_type(extends) if extends is not None else None
    if extended is not None and extends not in datatypes.EXTENDED and not issubclass(extended, Exception):
        raise ValueError("no type that is extended")
    space: dict[str, Any] = {"__slots__": (), "__module__": "solution", "__foreign__": (end, handle), "__doc__": doc}
    space["__generic__"] = "__class_getitem__" in specials
    if library in LIBRARY:
        space.update(_of_library(library))
    for method in methods:
        if method.isidentifier() and method[:2] != "__" and not (extends in _UNCHANGING and hasattr(extended, method)):
            space[method] = Method(method)
    for special in specials:
        made = _special(special, extended)
        if made is not None:
            space[special] = made
    if "no __hash__" in specials:
        space["__hash__"] = None
    if fields is not None:
        space["__dataclass_fields__"] = dataclasses.make_dataclass("Fields", fields).__dataclass_fields__
    parents = [*found] if any(issubclass(base, extended or object) for base in found) else [*found, extended or Foreign]
    if Foreign not in parents and not found:
        parents.insert(0, Foreign)
    try:
        return type.__new__(ForeignType, name[:MAX_NAME], tuple(parents), space)
    except TypeError:  # the bases do not fit together here
        return type.__new__(ForeignType, name[:MAX_NAME], tuple([Foreign, extended] if extended else [Foreign]), space)


def _of_library(name: str) -> dict[str, Any]:
    """Return the attributes that mark objects of a library type: the type as their class, a function's docstring."""
    space: dict[str, Any] = {"__class__": property(lambda self: LIBRARY[name]), "__library__": name}
    if name == "function":
        space["__doc__"] = property(lambda self: _end(self).attribute(self, "__doc__"))
    return space


def _special(name: str, extended: Any) -> Any:
    """Return the stand-in for a special method of the program; None where this side does without."""
    if name == "__call__":
        return lambda self, *args, **kwargs: _end(self).ask("call", self, args=list(args), kwargs=kwargs)
    if name == "__exit__":
        return _exit
    if name == "__aexit__":
        return _aexit
    if name == "__await__":
        return lambda self: waiting.awaited(lambda cancel: _end(self).ask("wait", self, cancel=cancel)).__await__()
    if name in COMPARISONS or name in OPERATORS or name == "__contains__":
        fallback = getattr(extended, name, None) if extended is not None else None
        return lambda self, *args: _end(self).operator(self, name, args, fallback)
    if name in QUESTIONS:
        return lambda self, *args: _end(self).ask("special", self, name=name, args=list(args))
    return None


def _exit(self: Any, cls: Any, error: Any, trace: Any) -> bool:
    args = _end_of_with(self, cls, error)
    return bool(_end(self).ask("special", self, name="__exit__", args=args)) and args[1] is not None


async def _aexit(self: Any, cls: Any, error: Any, trace: Any) -> bool:
    args = _end_of_with(self, cls, error)
    return bool(await _end(self).ask("special", self, name="__aexit__", args=args)) and args[1] is not None


def _end_of_with(self: Any, cls: Any, error: Any) -> list[Any]:
    return [cls, error, None] if _end(self).may_hide(error) else [None, None, None]
