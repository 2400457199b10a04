"""Lets programs use asyncio without sockets and epoll.

An event loop wakes itself by a pair of sockets and waits by epoll; both are denied to a candidate. A pipe and `poll` do
the same, and are allowed. So `asyncio.run`, tasks, locks, queues and threads work as in plain Python; what needs a
network or a process is denied as before.

Imported once by the nursery. Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import selectors
from asyncio import selector_events
from typing import Any


class _End:
    """An end of a pipe, with what an event loop asks of a socket."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        os.set_blocking(handle, False)

    def fileno(self) -> int:
        """Return its descriptor."""
        return self._handle

    def recv(self, most: int) -> bytes:
        """Read what has arrived; raises BlockingIOError where nothing has."""
        return os.read(self._handle, most)

    def send(self, data: bytes) -> int:
        """Write the data; return how many bytes were written."""
        return os.write(self._handle, data)

    def close(self) -> None:
        """Close it, once."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def make_possible() -> None:
    """Make all event loops of this process, and of the processes that it forks, do without sockets and epoll."""
    selectors.DefaultSelector = selectors.PollSelector  # type: ignore[misc]
    loop: Any = selector_events.BaseSelectorEventLoop
    loop._make_self_pipe = _make_self_pipe


def _make_self_pipe(loop: Any) -> None:
    loop._ssock, loop._csock = map(_End, os.pipe())
    loop._internal_fds += 1
    loop._add_reader(loop._ssock.fileno(), loop._read_from_self)
