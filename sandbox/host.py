"""The relay's channel to the host: frames in, frames out.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import select
from typing import Any

from sandbox import wire


class HostGone(Exception):
    """Standard input ended."""


class Host:
    """The channel to the host: frames in, frames out."""

    def __init__(self, source: int, sink: int) -> None:
        self.source, self.sink = source, sink
        self._frames = wire.FrameBuffer()

    def receive(self) -> tuple[dict[str, Any], list[bytes]]:
        """Wait for the next frame; raises HostGone."""
        while True:
            frame = self._frames.pop()
            if frame is not None:
                return frame
            self.pull()

    def pull(self) -> None:
        """Read what has arrived, waiting for at least one byte; raises HostGone."""
        data = os.read(self.source, 1 << 20)
        if not data:
            raise HostGone
        self._frames.feed(data)

    def stop_requested(self, run_id: int) -> bool:
        """Return whether the host asked to end this run; a request to stop an earlier run is dropped."""
        while select.select([self.source], [], [], 0)[0]:
            self.pull()
        frame = self._frames.pop()
        return frame is not None and frame[0] == {"op": "stop", "id": run_id}

    def send(self, header: dict[str, Any], *parts: bytes) -> None:
        """Send one frame."""
        wire.write_all(self.sink, wire.pack(header, *parts))
