"""The state of one request under way."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Transfer:
    """A request and what it has received so far; the caller's thread reads it when it stops waiting."""

    beat: Callable[[], None]
    """Called whenever a part of an answer arrives."""
    most_chars: int
    stream: bool = True
    stream_usage: bool = True
    status: int | None = None
    """The status of the response; None before there is one."""
    began: bool = False
    """Whether an answer has begun, so that it may be billed."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """The pieces of content and of reasoning."""
    chars: int = 0

    connection: socket.socket | None = None

    def abort(self) -> None:
        """Close the connection, so that the server stops working on it, and a thread that waits for it here goes on."""
        if self.connection is not None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    @property
    def text(self) -> str:
        """The content so far."""
        return "".join(self.texts.get("content", []))
