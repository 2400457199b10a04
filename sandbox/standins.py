"""The stand-ins in the candidate's process for the functions, iterators, coroutines and classes of the test.

Each asks the tester when it is used (see proxies.py for the other end).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import asyncio
import collections
import enum
from typing import Any, Callable

from sandbox import datatypes, kinds, mocks, prelude, tools, waiting

Ask = Callable[[dict], Any]
"""Has the tester do something with an object that it lent."""


class StandIns:
    """The objects that the test lent; `scope` holds the names of the program."""

    def __init__(self, ask: Ask, scope: dict[str, Any]) -> None:
        self._ask, self._scope = ask, scope
        self._classes: dict[str, type] = {}
        self._borrowed: dict[int, tuple[int, Any]] = {}

    def clear(self) -> None:
        """Forget what an earlier test lent."""
        self._classes.clear()
        self._borrowed.clear()

    def handle(self, value: Any) -> int | None:
        """Return the handle of an object that the test lent; None for anything else."""
        found = self._borrowed.get(id(value))
        return None if found is None else found[0]

    def is_ours(self, cls: type) -> bool:
        """Whether a class is the stand-in for a class of the test."""
        return self._classes.get(cls.__name__) is cls

    def lend(self, handle: int, what: str, name: Any, doc: Any, read: kinds.Read) -> Any:
        """Return the stand-in for an object of the test."""
        if what == "error":
            made = read(name)
        elif what == "iterator":
            made = _Iterator(self._ask)
        elif what == "mock":
            made = mocks.StandIn(self._ask, read(name) or None)
        elif what == "tool":
            made = tools.new(name, [(part, read(it)) for part, it in doc])
        elif what == "awaitable":
            made = waiting.awaited(lambda cancel: self._ask({"do": "wait", "target": made, "cancel": cancel}), 0.001)
        elif what == "asynchronous iterator":
            made = waiting.produced(lambda: self._ask({"do": "anext", "target": made}))
        else:
            made = _Function(self._ask, name, doc)
            if what == "coroutine function":
                made._is_coroutine = getattr(asyncio.coroutines, "_is_coroutine", True)
        self._borrowed[id(made)] = handle, made
        return made

    def class_of(
        self,
        name: str,
        shape: Any,
        handle: int,
        methods: list[list[Any]],
        attributes: list[list[Any]],
        read: kinds.Read,
    ) -> type:
        """Return the class for objects of a class of the test: the prelude's or the program's of that name, or a new
        one.
        """
        found = self._scope.get(name, getattr(prelude, name, None))
        bases = {"enum": enum.Enum, "record": tuple}.get(shape[0], object)
        if isinstance(found, type) and issubclass(found, bases) and (bases is not object or not _extends(found)):
            return found
        if name not in self._classes:
            self._classes[name] = self._class(name, shape, handle, methods, attributes, read)
        return self._classes[name]

    def _class(
        self, name: str, shape: Any, handle: int, methods: list[Any], attributes: list[Any], read: kinds.Read
    ) -> type:
        if shape[0] == "enum":
            members = [(member, read(value)) for member, value in shape[2]]
            return getattr(enum, shape[1], enum.Enum)(name, members)
        space = {attribute: read(value) for attribute, value in attributes}
        space.update((method, self._method(self._borrow(method, number), how)) for method, number, how in methods)
        if shape[0] == "record":
            return type(name, (collections.namedtuple(name, shape[1]),), dict(space, __slots__=()))
        made = _StandIn(name, (), space)
        made.construct = self._borrow(name, handle)
        return made

    def _borrow(self, name: str, handle: int) -> Any:
        made = _Function(self._ask, name, None)
        self._borrowed[id(made)] = handle, made
        return made

    def _method(self, function: Any, wrapped: str) -> Any:
        if wrapped == "property":
            return property(_plain(function))
        if wrapped == "static":
            return staticmethod(function)
        return _plain(function)


class _StandIn(type):
    """A class of the test; its instances are made in the test's process."""

    construct: Any

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls.construct(*args, **kwargs)


class _Function:
    # A function of the test, with its docstring.
    __slots__ = ("__dict__", "__doc__", "__name__", "__qualname__", "_ask", "_is_coroutine")
    __module__ = "test"

    def __init__(self, ask: Ask, name: Any, doc: Any) -> None:
        self._ask = ask
        self.__name__ = self.__qualname__ = str(name)
        self.__doc__ = doc

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask({"do": "call", "target": self, "args": list(args), "kwargs": kwargs})


class _Iterator:
    """An iterator of the test."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self._ask({"do": "next", "target": self})


def method(value: Any) -> Any:
    """Return a value as an attribute of a class: a function of the test becomes a plain function, all else stays."""
    return _plain(value) if isinstance(value, _Function) else value


def _plain(function: Any) -> Any:
    """Return a plain function that calls `function`: instances of `_Function` do not become methods in a class."""

    def method(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return method


def _extends(cls: type) -> bool:
    return datatypes.nearest(cls) is not None or issubclass(cls, (BaseException, enum.Enum))
