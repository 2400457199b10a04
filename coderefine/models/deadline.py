"""A hard limit on how long the caller waits for a blocking call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns or raise what it raises; raises TimeoutError after `seconds`.

    HTTP clients time each read, so a server that keeps a connection alive with blank lines (some do while a request
    queues) would hold us for ever. The abandoned call ends in a daemon thread, which does not delay our exit.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(timeout=seconds)
