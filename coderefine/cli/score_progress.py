"""The progress of a scoring run: a bar in a terminal, elsewhere a line from time to time."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from coderefine.cli import show
from coderefine.scoring.attempting import label

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from coderefine.accidents import Accidents
    from coderefine.budget import Meter
    from coderefine.scoring.outcome import Attempt

LINE_EVERY_S = 10.0
LONG_S = 2.0
"""Seconds after which a running attempt is named."""


class Board:
    """Counts attempts and puts their progress in words; used from any thread."""

    def __init__(self, problems: int, total: Meter) -> None:
        self.problems = problems
        self.attempts = self.right = self.failed = 0
        self.place = 0
        """The furthest problem that has a finished attempt."""
        self._from: int | None = None
        self._total = total
        self._began = time.monotonic()
        self._in_hand: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def doing(self, attempt: str, what: str) -> None:
        """Note what a running attempt is doing."""
        with self._lock:
            began, _ = self._in_hand.get(attempt, (time.monotonic(), ""))
            self._in_hand[attempt] = began, what

    def count(self, attempt: Attempt) -> None:
        """Count a finished attempt."""
        outcome = attempt.after or attempt.before
        with self._lock:
            self._in_hand.pop(label(attempt.slug, attempt.sample), None)
        if self._from is None:
            self._from = attempt.number - 1  # a resumed run skips finished attempts at once
        self.attempts += 1
        self.right += bool(outcome and outcome.right)
        self.failed += attempt.status == "failed"
        self.place = max(self.place, attempt.number)

    @property
    def figures(self) -> str:
        """Return the text next to the bar."""
        seconds = time.monotonic() - self._began
        parts = [f"{self.right} of {self.attempts} right", f"{self.attempts / max(seconds, 1e-9):.1f}/s"]
        done = self.place - (self._from or 0)
        if done:
            parts.append(f"{_clock(seconds / done * max(0, self.problems - self.place))} left")
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self._total.calls:
            cost = show.money(self._total.cost_usd if self._total.cost_known else None)
            parts.append(f"{show.count(self._total.calls, 'call')}, {cost}")
        return " · ".join([*parts, *self._longest()])

    def _longest(self) -> list[str]:
        """Return what the longest-running attempt is doing, once it has taken a while."""
        with self._lock:
            attempt, (began, what) = min(
                self._in_hand.items(), key=lambda item: item[1][0], default=("", (math.inf, ""))
            )
        seconds = time.monotonic() - began
        return [f"{attempt}: {what}, {_clock(seconds)}"] if seconds >= LONG_S else []


@contextmanager
def shown(console: Console, board: Board, accidents: Accidents) -> Iterator[Callable[[Attempt], None]]:
    """Yield a function that counts attempts; the console may be printed on meanwhile."""
    if console.quiet:
        yield board.count
    elif console.is_terminal and not console.is_dumb_terminal:
        with _bar(console, board) as count:
            yield count
    else:
        with _lines(console, board, accidents):
            yield board.count


@contextmanager
def _bar(console: Console, board: Board) -> Iterator[Callable[[Attempt], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task

    class Figures(ProgressColumn):
        """The figures at the moment when they are drawn."""

        def render(self, task: Task) -> Text:
            return show.plain(board.figures)

    columns = (BarColumn(bar_width=30), MofNCompleteColumn(), Figures())
    with Progress(*columns, console=console, transient=True, refresh_per_second=4) as progress:
        task = progress.add_task("", total=board.problems or None)

        def count(attempt: Attempt) -> None:
            board.count(attempt)
            progress.update(task, completed=board.place)

        yield count


@contextmanager
def _lines(console: Console, board: Board, accidents: Accidents) -> Iterator[None]:
    over = threading.Event()

    def tell() -> None:
        with accidents.survive("the display of progress"):
            while not over.wait(LINE_EVERY_S):
                console.print(show.plain(f"problem {board.place} of {board.problems}: {board.figures}", "dim"))

    telling = threading.Thread(target=tell, name="progress", daemon=True)
    telling.start()
    try:
        yield
    finally:
        over.set()
        telling.join()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
