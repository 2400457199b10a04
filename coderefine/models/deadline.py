"""A hard limit on the time that the caller waits for a blocking call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import TypeVar

from coderefine import interrupts

T = TypeVar("T")


@dataclass(slots=True)
class Pulse:
    """When a call, or another one that waits for the same server, last received something."""

    last: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Note that something was received."""
        self.last = time.monotonic()


@interrupts.interruptible
def within(seconds: float, call: Callable[[], T], *, pulse: Pulse | None = None, most_s: float | None = None) -> T:
    """Return what `call` returns or raise what it raises; raises TimeoutError after `seconds` without a beat.

    Without a pulse the limit is `seconds` in all, and in any case `most_s` in all. HTTP clients limit each read, so a
    server that keeps a connection alive with blank lines (some do while a request queues) would hold us for ever. The
    abandoned call ends in a daemon thread, which does not delay our exit.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            future.set_exception(error)

    interrupts.check()
    began = time.monotonic()
    end = began + min(most_s, 10**9) if most_s is not None else None
    threading.Thread(target=run, daemon=True).start()
    while True:
        due = max(began, pulse.last if pulse else began) + seconds
        due = due if end is None else min(due, end)
        left = due - time.monotonic()
        if left <= 0 and not future.done():
            raise TimeoutError
        try:
            return future.result(timeout=max(0.0, left))
        except FutureTimeoutError:
            if future.done():
                return future.result()
