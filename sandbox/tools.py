"""Objects of the library that a test gives a program to work with: they stay with the test, and lend their methods.

The table is closed, since what hangs on such an object might let a program reach into the test.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

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


def methods(value: Any) -> list[tuple[str, Any]]:
    """Return the methods that an object lends, bound to it; none if it is none of the table."""
    cls = type(value)
    names = _METHODS.get((cls.__module__, cls.__name__), ())
    return [(name, getattr(value, name)) for name in names if hasattr(value, name)]


def new(name: str, lent: Sequence[tuple[str, Callable[..., Any]]]) -> Any:
    """Return what has these methods, in the program's process."""
    return type(name, (), {method: _unbound(function) for method, function in lent})()


def _unbound(function: Callable[..., Any]) -> Any:
    return lambda self, *args, **kwargs: function(*args, **kwargs)
