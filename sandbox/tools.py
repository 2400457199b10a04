"""Objects of the library that a test gives a program to work with: they stay with the test, which lends their methods.

The table is closed, because the attributes of other objects might let a program reach into the test.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import importlib
from typing import Any, Callable, Sequence

_LOGGER = (
    *("debug", "info", "warning", "warn", "error", "critical", "fatal", "exception", "log", "isEnabledFor"),
    *("getEffectiveLevel", "setLevel", "hasHandlers"),
)
_QUEUE = ("put", "get", "put_nowait", "get_nowait", "qsize", "empty", "full", "task_done", "join")
_LOCK = ("acquire", "release", "locked", "__enter__", "__exit__")
_AWAITED_LOCK = ("acquire", "release", "locked", "__aenter__", "__aexit__")
_EVENT = ("set", "clear", "is_set", "wait")
_METHODS = {
    ("logging", "Logger"): _LOGGER,
    ("logging", "RootLogger"): _LOGGER,
    ("logging", "LoggerAdapter"): _LOGGER,
    ("queue", "Queue"): _QUEUE,
    ("queue", "LifoQueue"): _QUEUE,
    ("queue", "PriorityQueue"): _QUEUE,
    ("_queue", "SimpleQueue"): _QUEUE,
    ("_thread", "lock"): _LOCK,
    ("_thread", "RLock"): _LOCK,
    ("threading", "Semaphore"): _LOCK,
    ("threading", "BoundedSemaphore"): _LOCK,
    ("threading", "Condition"): (*_LOCK, "wait", "wait_for", "notify", "notify_all"),
    ("threading", "Event"): _EVENT,
    ("threading", "Barrier"): ("wait", "reset", "abort"),
    ("asyncio.queues", "Queue"): _QUEUE,
    ("asyncio.queues", "LifoQueue"): _QUEUE,
    ("asyncio.queues", "PriorityQueue"): _QUEUE,
    ("asyncio.locks", "Lock"): _AWAITED_LOCK,
    ("asyncio.locks", "Semaphore"): _AWAITED_LOCK,
    ("asyncio.locks", "BoundedSemaphore"): _AWAITED_LOCK,
    ("asyncio.locks", "Condition"): (*_AWAITED_LOCK, "wait", "wait_for", "notify", "notify_all"),
    ("asyncio.locks", "Event"): _EVENT,
}


_DATA = ("name", "maxsize")


def lent(value: Any) -> list[tuple[str, Any]]:
    """Return the methods that an object lends, bound to it, and its attributes that may be read; [] for other
    objects.
    """
    names = _METHODS.get(_kind(type(value)), ())
    return [(name, getattr(value, name)) for name in (*names, *(_DATA if names else ())) if hasattr(value, name)]


def name_of(value: Any) -> str:
    """Return the name by which `new` knows the type of a lent object."""
    return ":".join(_kind(type(value)))


def new(name: str, parts: Sequence[tuple[str, Any]]) -> Any:
    """Return an object with these methods and attributes, in the program's process; raises ValueError."""
    module, _, cls = name.partition(":")
    if (module, cls) not in _METHODS:
        raise ValueError("no tool of the library")
    base = getattr(importlib.import_module(module), cls, object)
    space = {part: _unbound(it) if callable(it) else it for part, it in parts}
    try:
        made = type(cls, (base,), space)
    except TypeError:  # a type that cannot be extended, such as a lock
        made = type(cls, (), space)
    return made.__new__(made)


def _kind(cls: type) -> tuple[str, str]:
    return cls.__module__, cls.__name__


def _unbound(function: Callable[..., Any]) -> Any:
    return lambda self, *args, **kwargs: function(*args, **kwargs)
