"""How deep programs may recurse that share a process: little at first, and up to their own limit where that helps.

Endless recursion is frequent among programs that an edit broke, and takes time and memory in proportion to the limit.
So a program that reaches a low limit is run again with a high one, but only while few of such repetitions were in vain.
One that was not in vain raises the limit for all.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import operator
import sys
from typing import Any, Callable

_SHALLOW, _DEEP = 400, 10_000
_IN_VAIN = 2


class Depth:
    """The limit of recursion: the one that programs see, and the one in force."""

    def __init__(self) -> None:
        self._change, self._allowed, self._asked, self._vain = sys.setrecursionlimit, _SHALLOW, 0, 0

    def begin(self, limit: int) -> None:
        """Begin a program that may recurse up to `limit` without asking for more."""
        sys.setrecursionlimit, sys.getrecursionlimit = self._ask, lambda: self._asked
        self._ask(limit)

    def end(self) -> None:
        """Restore the limit that our own code needs."""
        self._change(_DEEP)

    def run(self, program: Callable[[], Any]) -> Any:
        """Return the message that `program` returns, from a second run where a low limit may have cut the first one
        short.
        """
        message = program()
        if not self._cut_short(message):
            return message
        before, self._allowed = self._allowed, _DEEP
        message = program()
        if message and message[0] != "value":
            self._vain += 1
            self._allowed = before
        return message

    def _cut_short(self, message: Any) -> bool:
        is_of_depth = bool(message) and message[:2] == ["error", RecursionError.__name__]
        return is_of_depth and self._allowed < min(self._asked, _DEEP) and self._vain < _IN_VAIN

    def _ask(self, new: int, /) -> None:
        """Set the maximum depth of the Python interpreter stack to n."""
        limit = operator.index(new)
        if limit <= 0:
            raise ValueError("recursion limit must be greater or equal than 1")
        self._asked = limit
        below, frame = 2 * (sys.version_info < (3, 12)), sys._getframe(1)
        while frame:
            below, frame = below + 1, frame.f_back  # type: ignore[assignment]
        self._change(min(limit, self._allowed) + below)
