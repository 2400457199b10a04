"""Tells whether a process should not be used again, because a program left it short of memory or threads.

This is asked in the candidate's own process after each answer; a lie gains the candidate nothing but a new process.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import mmap
import resource
import threading
from typing import Any, List

_SPARE = 10  # the fraction of its memory that must still be free is one over this
_PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS


class Shortage:
    """Checks one process, in which a program may use `memory_mib`."""

    def __init__(self, memory_mib: int) -> None:
        self._spare = (memory_mib << 20) // _SPARE
        self._in_thread = False
        self._before = threading.excepthook
        threading.excepthook = self._note

    def _note(self, failure: Any) -> None:
        self._in_thread = self._in_thread or issubclass(failure.exc_type, MemoryError)
        self._before(failure)

    def told(self, message: List[Any]) -> List[Any]:
        """Return the message of a run; it names MemoryError where a thread ended by that and the rest failed in
        consequence.
        """
        if self._in_thread and message[0] == "error" and message[1] != "MemoryError":
            return ["error", "MemoryError", "in a thread; then %s: %s" % (message[1], message[2]), *message[3:]]
        return message

    def after(self, message: List[Any]) -> bool:
        """Return whether a run that ended with this message left the process short."""
        return self._in_thread or _is_short(message) or not self._has_room()

    def _has_room(self) -> bool:
        try:
            mmap.mmap(-1, self._spare, _PRIVATE).close()
        except (OSError, MemoryError):
            return False
        return True


def take_reserve() -> None:
    """Release the memory that was held back, so that this process can still report what happened."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _is_short(message: List[Any]) -> bool:
    kind, *rest = message
    if kind == "evidence":
        return _is_short(rest[0])
    if kind == "screened":
        return any(map(_is_short, rest))
    if kind not in ("error", "failed"):
        return False
    name, text = rest[:2]
    return (
        name == "MemoryError"
        or (name == "OSError" and text.startswith("[Errno 12]"))  # ENOMEM
        or (name == "RuntimeError" and text.startswith("can't start new thread"))
    )
