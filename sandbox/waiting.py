"""Lets a test await what the program gives it, and the program await what the test gives it.

A coroutine runs where its code is. In the other process, its stand-in is a coroutine as well, which asks again and
again for it to go on. So tasks of both sides take turns, and time-outs and cancellation reach their targets. The
program's process has one event loop for all that a test awaits, and does the waiting for it, because its time is what
counts.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import asyncio
from typing import Any, Callable

_TURN_S = 0.005
"""The most seconds that one side goes on before it is the other's turn."""
AWAITABLE = ("coroutine", "async_generator_asend", "async_generator_athrow")
_DONE, _CANCELLED, _WAITS = "done", "cancelled", "waits"

Ask = Callable[[bool], Any]
"""Asks the other process to go on with something of its own, or to cancel it; returns its state: [what, value]."""


async def awaited(ask: Ask, pause_s: float = 0.0) -> Any:
    """Return the result of what runs in the other process, which is asked again after each pause.

    It cannot cancel whoever waits for it: that would end a test without a word.
    """
    is_cancelled = False
    while True:
        what, value = ask(False)
        if what == _DONE:
            return value
        if what == _CANCELLED:
            if is_cancelled:
                raise asyncio.CancelledError
            raise RuntimeError("what was awaited has cancelled itself")
        try:
            await asyncio.sleep(pause_s)
        except asyncio.CancelledError:
            is_cancelled = True
            ask(True)


async def produced(ask_next: Callable[[], Any]) -> Any:
    """Yield what an asynchronous generator of the other process yields; `ask_next` returns what is to be awaited."""
    while True:
        try:
            value = await ask_next()
        except StopAsyncIteration:
            return
        yield value


def is_awaitable(value: Any) -> bool:
    """Whether it is a coroutine, or a step of an asynchronous generator."""
    return type(value).__name__ in AWAITABLE and type(value).__module__ == "builtins"


class Tasks:
    """The awaitables that the program gets from a test: tasks of the loop that the test runs, else run to their end at
    once.
    """

    def __init__(self) -> None:
        self._tasks: dict[int, tuple[Any, asyncio.Future[Any]]] = {}

    def clear(self) -> None:
        """Forget what an earlier test gave."""
        self._tasks.clear()

    def state(self, awaitable: Any, cancel: bool) -> list[Any]:
        """Return the state of an awaitable; raises what it raises."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return [_DONE, asyncio.run(_ended(awaitable))]
        if id(awaitable) not in self._tasks:
            self._tasks[id(awaitable)] = awaitable, loop.create_task(_ended(awaitable))
        task = self._tasks[id(awaitable)][1]
        if cancel:
            task.cancel()
        return _state(task)


class Loop:
    """The event loop of the program's process, for what a test awaits."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[int, tuple[Any, asyncio.Future[Any]]] = {}

    def clear(self) -> None:
        """Forget what an earlier test awaited."""
        self._loop = None
        self._tasks.clear()

    def __enter__(self) -> None:
        """Be the running loop, as the test's own loop is while the test calls the program."""
        asyncio._set_running_loop(self._opened())

    def __exit__(self, *exc_info: object) -> None:
        asyncio._set_running_loop(None)

    def _opened(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop

    def state(self, awaitable: Any, cancel: bool) -> list[Any]:
        """Go on with an awaitable for one turn; return its state. Raises what it raises."""
        loop = self._opened()
        if id(awaitable) not in self._tasks:
            future = awaitable if asyncio.isfuture(awaitable) else loop.create_task(_ended(awaitable))
            self._tasks[id(awaitable)] = awaitable, future
        task = self._tasks[id(awaitable)][1]
        if cancel:
            task.cancel()
        if not task.done():
            end = loop.call_later(_TURN_S, loop.stop)
            task.add_done_callback(_stop)
            loop.run_forever()
            end.cancel()
            task.remove_done_callback(_stop)
        return _state(task)


async def _ended(awaitable: Any) -> Any:
    return await awaitable


def _state(task: asyncio.Future[Any]) -> list[Any]:
    if not task.done():
        return [_WAITS, None]
    return [_CANCELLED, None] if task.cancelled() else [_DONE, task.result()]


def _stop(task: asyncio.Future[Any]) -> None:
    task.get_loop().stop()
