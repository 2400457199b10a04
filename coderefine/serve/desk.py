"""Admission and turns: which requests get in, which are told to come back later, and which program runs next.

Guarantees: memory for requests and the number of waiting programs are limited; as many programs run as there are
sandboxes; requests take turns, so that a large one does not hold up a small one. Used by the event loop only.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import anyio
import anyio.to_thread

from coderefine.serve.bounds import Bounds

T = TypeVar("T")
_LOOK_BACK = 256
"""The number of last programs by which the speed is measured."""
_WAIT_S = (1, 60)
"""The least and the most seconds that a client is told to wait."""


class Busy(Exception):
    """There is no room now; `retry_after_s` says when there may be."""

    def __init__(self, what: str, retry_after_s: int) -> None:
        super().__init__(what)
        self.retry_after_s = retry_after_s


class Desk:
    """The admission of a server, and its sandboxes."""

    def __init__(self, bounds: Bounds, sandboxes: int) -> None:
        self._bounds = bounds
        self._turns = anyio.CapacityLimiter(sandboxes)  # it serves in the order of requests
        self._ended: deque[float] = deque(maxlen=_LOOK_BACK)
        self.sandboxes = sandboxes
        self.held_bytes = 0
        self.waiting = 0
        """Programs without a verdict, the running ones included."""

    @property
    def running(self) -> int:
        """How many sandboxes are in use."""
        return self._turns.borrowed_tokens

    @property
    def is_full(self) -> bool:
        """Whether another program would be refused."""
        return self.waiting >= self._bounds.waiting

    @contextmanager
    def room(self, size: int) -> Iterator[None]:
        """Reserve `size` bytes for a request; raises Busy."""
        if self.held_bytes and self.held_bytes + size > self._bounds.held_bytes:
            raise Busy("the requests in hand take all the memory that there is for them", self.retry_after_s())
        self.held_bytes += size
        try:
            yield
        finally:
            self.held_bytes -= size

    @contextmanager
    def programs(self, count: int) -> Iterator[Callable[[], None]]:
        """Admit `count` programs; yield a function to call at the end of each. Raises Busy."""
        if self.waiting and self.waiting + count > self._bounds.waiting:
            raise Busy(f"{self.waiting:,} programs are waiting", self.retry_after_s())
        self.waiting += count
        left = count

        def ended() -> None:
            nonlocal left
            left -= 1
            self.waiting -= 1
            self._ended.append(time.monotonic())

        try:
            yield ended
        finally:
            self.waiting -= left

    async def run(self, call: Callable[[], T]) -> T:
        """Run a blocking call when it is its turn. If this is cancelled, a running call still ends first."""
        return await anyio.to_thread.run_sync(call, limiter=self._turns)

    def retry_after_s(self) -> int:
        """Return in how many seconds half of the waiting programs will have ended, at the recent speed."""
        least, most = _WAIT_S
        if len(self._ended) < 2:
            return least
        speed = len(self._ended) / max(time.monotonic() - self._ended[0], 1e-3)
        return max(least, min(most, round(self.waiting / 2 / speed)))
