"""Runs independent blocking calls in parallel, on daemon threads.

Guarantees: outcomes are identified by key or by order, never by which came first; a call sees the context variables of
the place where it was submitted. Ctrl-C in the waiting thread waits for no call and at no moment loses one, and neither
does the interpreter's exit wait, as it would for the threads of `concurrent.futures`.
"""

from __future__ import annotations

import contextvars
import itertools
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, Self, TypeVar

from coderefine import interrupts

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
MAX_THREADS = 8
_PATIENCE_S = 0.2
"""The longest single wait in seconds: a signal just before a wait begins does not end it."""


class Threads(Generic[K, T]):
    """At most `size` threads that run submitted calls in order."""

    def __init__(self, size: int = MAX_THREADS) -> None:
        self.pending = 0
        """Calls that were submitted and not yet taken."""
        self._size = size
        self._started = 0
        self._todo: SimpleQueue[tuple[K, Callable[[], T]] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[K, Future[T]]] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Drop calls that have not begun and let the threads end; calls under way are not waited for."""
        self.drop()
        for _ in range(self._started):
            self._todo.put(None)

    @interrupts.uninterrupted
    def submit(self, key: K, call: Callable[[], T]) -> None:
        """Have `call` run."""
        self._todo.put((key, partial(contextvars.copy_context().run, call)))
        self.pending += 1
        if self._started < min(self._size, self.pending):
            self._started += 1
            threading.Thread(target=self._work, daemon=True).start()

    @interrupts.uninterrupted
    def take(self) -> tuple[K, Future[T]]:
        """Wait for the next call to end; return its key and its finished outcome."""
        while True:
            interrupts.check()
            try:
                outcome = _wait(self._done)
            except Empty:
                continue
            self.pending -= 1
            return outcome

    def ready(self) -> bool:
        """Whether a call has ended that was not taken yet."""
        return not self._done.empty()

    def drop(self) -> None:
        """Drop the calls that have not begun."""
        while True:
            try:
                self._todo.get_nowait()
            except Empty:
                return
            self.pending -= 1

    def _work(self) -> None:
        while task := self._todo.get():
            key, call = task
            self._done.put((key, outcome(call)))


@interrupts.interruptible
def _wait(done: SimpleQueue[T]) -> T:
    return done.get(timeout=_PATIENCE_S)


def outcome(call: Callable[[], T]) -> Future[T]:
    """Run `call` here and return its outcome."""
    future: Future[T] = Future()
    try:
        future.set_result(call())
    except BaseException as error:  # noqa: BLE001 - raised again by `Future.result`
        future.set_exception(error)
    return future


def in_parallel(calls: Sequence[Callable[[], T]], size: int = MAX_THREADS) -> list[Future[T]]:
    """Run all `calls` and return their finished outcomes in order; a single call runs in this thread."""
    if len(calls) == 1:
        done = outcome(calls[0])
        if isinstance(done.exception(), KeyboardInterrupt):  # ours, not a call's
            done.result()
        return [done]
    outcomes: dict[int, Future[T]] = {}
    with Threads[int, T](size) as threads:
        for index, call in enumerate(calls):
            threads.submit(index, call)
        while threads.pending:
            index, done = threads.take()
            outcomes[index] = done
    return [outcomes[index] for index in range(len(calls))]


def in_order(calls: Iterable[Callable[[], T]], size: int, ahead: int = 1) -> Iterator[T]:
    """Yield the results of `calls` in order, or raise what one raises; they are consumed lazily, `ahead` for each
    thread.

    Closing the iterator early drops calls that have not begun; those under way are not waited for.
    """
    upcoming = enumerate(calls)
    ended: dict[int, Future[T]] = {}
    with Threads[int, T](size) as threads:

        def submit(count: int) -> None:
            for number, call in itertools.islice(upcoming, count):
                threads.submit(number, call)

        submit(ahead * size)
        for number in itertools.count():
            while number not in ended:
                if not threads.pending:
                    return
                key, done = threads.take()
                ended[key] = done
            yield ended.pop(number).result()
            submit(1)
