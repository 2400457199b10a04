"""Turns at a server: a small one takes one request at a time, and refuses a second one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_LOOK_S = 0.5
"""Seconds between two looks at the time left, while waiting."""


@dataclass(slots=True, eq=False)
class Turn:
    """One request that is under way."""

    most_others: int
    """The most other requests of the run that were under way at the same time."""


@dataclass(slots=True)
class Turns:
    """The requests of one run at a server. Without a refusal, none waits."""

    most: int | None = None
    """How many requests it takes at a time; None where it has refused none for being busy."""
    _under_way: list[Turn] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def turn(self, seconds_left: Callable[[], float]) -> Iterator[Turn]:
        """Wait for a turn, as long as there is time, and hold it within the block."""
        with self._changed:
            while self.most is not None and len(self._under_way) >= self.most and (left := seconds_left()) > 0:
                self._changed.wait(min(_LOOK_S, left))
            turn = Turn(len(self._under_way))
            for other in self._under_way:
                other.most_others = max(other.most_others, turn.most_others)
            self._under_way.append(turn)
        try:
            yield turn
        finally:
            with self._changed:
                self._under_way.remove(turn)
                self._changed.notify_all()

    def is_crowded(self, turn: Turn) -> bool:
        """Whether a refused request was one too many because of our own other requests.

        From then on fewer run at a time, so that it is worth waiting for a turn. The requests during the refused one
        count: when its refusal is read, the others may have ended.
        """
        with self._changed:
            if turn.most_others:
                self.most = min(max(1, turn.most_others // 2), self.most or turn.most_others)
            return turn.most_others > 0
