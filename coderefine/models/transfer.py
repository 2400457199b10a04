"""What came of one request so far."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Transfer:
    """One request and what came of it so far; its caller's thread reads it where it gives up waiting."""

    beat: Callable[[], None]
    """Called whenever a part of an answer arrives."""
    most_chars: int
    stream: bool = True
    stream_usage: bool = True
    status: int | None = None
    """That of the response, None before there is one."""
    began: bool = False
    """Whether an answer began to come: it may be billed."""
    texts: dict[str, list[str]] = field(default_factory=dict)
    """The pieces of content and of reasoning."""
    chars: int = 0

    connection: socket.socket | None = None

    def abort(self) -> None:
        """End the connection, so that the server stops working for it, and whoever waits for it here goes on."""
        if self.connection is not None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    @property
    def text(self) -> str:
        """The content so far."""
        return "".join(self.texts.get("content", []))
