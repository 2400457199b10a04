"""Whose turn it is at a server: a small one takes one request at a time, and refuses what comes beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_LOOK_S = 0.5
"""How often whoever waits looks at the clock."""


@dataclass(slots=True)
class Turns:
    """The requests of one run at a server. Without a refusal, nobody waits."""

    most: int | None = None
    """How many at a time it takes; None where it has refused none for being busy."""
    under_way: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def turn(self, seconds_left: Callable[[], float]) -> Iterator[None]:
        """Wait for a turn, as long as there is time, and have it within the block."""
        with self._changed:
            while self.most is not None and self.under_way >= self.most and (left := seconds_left()) > 0:
                self._changed.wait(min(_LOOK_S, left))
            self.under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self.under_way -= 1
                self._changed.notify_all()

    def is_crowded(self) -> bool:
        """Tell, of a request that was refused for being one too many, whether others of ours are why.

        From then on there are fewer at a time, so that it is worth waiting for a turn.
        """
        with self._changed:
            if self.under_way:
                self.most = max(1, self.under_way // 2)
            return self.under_way > 0
