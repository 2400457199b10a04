"""HTTP connections that end by themselves: uvicorn's, with time limits for everything that a client may leave undone.

uvicorn limits the size of a request's head, and how long a connection may be idle after an answer. It waits for ever
for a head that does not arrive, and for a client that does not receive what it is sent.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from coderefine.serve.bounds import Bounds


def protocol_of(bounds: Bounds) -> type[asyncio.Protocol]:
    """Return the protocol class of a server with these limits."""
    return type("BoundedProtocol", (_WatchedProtocol,), {"bounds": bounds})


class _WatchedProtocol(H11Protocol):
    """A connection that is checked from time to time."""

    bounds: Bounds

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        self._idle_since: float | None = self.loop.time()
        self._seen: Any = None
        self._stuck_since: float | None = None
        if len(self.connections) > self.bounds.connections:
            transport.abort()
            return
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        self._stuck_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck_since = None
        super().resume_writing()

    def _look_later(self) -> None:
        interval_s = min(self.bounds.head_s, self.bounds.write_s) / 4
        self._timer = self.loop.call_later(interval_s, self._look)

    def _look(self) -> None:
        now = self.loop.time()
        is_idle = self.cycle is None or self.cycle.response_complete
        if not is_idle:
            self._idle_since = None
        elif self._idle_since is None or self.cycle is not self._seen:  # requests may come and go between two checks
            self._idle_since = now
        self._seen = self.cycle
        is_overdue = self._idle_since is not None and now - self._idle_since > self.bounds.head_s
        is_stuck = self._stuck_since is not None and now - self._stuck_since > self.bounds.write_s
        if is_overdue or is_stuck:
            self.transport.abort()  # unsent data is dropped, because the client does not receive it
        else:
            self._look_later()
