"""The two lines at the bottom of the terminal during a run: what it is doing, and what it has spent.

Guarantees: drawn at most four times a second, in one write each; gone without a trace when the run ends, however it
does; nothing at all, not even an import, where standard error is not a terminal or the story is not told. A line is
never longer than the terminal is wide: what matters least is left out.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.text import Text

from coderefine.cli import show
from coderefine.rendering import printable

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from coderefine.accidents import Accidents
    from coderefine.budget import Meter
    from coderefine.progress import Progress

LIVE = "the live display"
_PER_SECOND = 4
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_ASCII_SPINNER = "|/-\\"


@contextmanager
def live(console: show.SharedConsole, accidents: Accidents) -> Iterator[Callable[[Progress], None]]:
    """Yield a function that shows progress; the console may be printed on meanwhile.

    A failure to draw ends the drawing, and is reported to `accidents`.
    """
    if console.quiet or console.is_dumb_terminal or not (console.is_terminal and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.live import Live

    view, over = View(console), threading.Event()
    lines = Live(
        console=console, get_renderable=view.refreshed, auto_refresh=False, transient=True, redirect_stdout=False
    )

    def draw() -> None:
        with accidents.survive(LIVE):
            while not over.wait(1 / _PER_SECOND):
                with console.turn:  # before rich's own lock, in the same order as printing
                    lines.refresh()

    drawing = threading.Thread(target=draw, name="live", daemon=True)
    with lines:
        drawing.start()
        try:
            yield view.tell
        finally:
            over.set()
            drawing.join()


class View:
    """The content of the lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._frame = 0
        self._drawn: tuple[int, ...] = ()
        """How many cells each of the lines on the screen took."""

    def tell(self, progress: Progress) -> None:
        """Show this progress from the next drawing on."""
        self._progress = progress

    def refreshed(self) -> View:
        """Return the view, when rich draws it again."""
        self._frame += 1
        self._make_up_for(self._console.width)
        return self

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Return the lines as they are now."""
        width = options.max_width - 1  # a terminal breaks a line that fills it
        text = Text("\n").join(self._lines(width, ascii_only=options.ascii_only)) if self._progress else Text()
        self._drawn = tuple(line.cell_len for line in text.split("\n"))
        yield text

    def _lines(self, width: int, *, ascii_only: bool) -> list[Text]:
        assert self._progress
        it = self._progress
        frames = _ASCII_SPINNER if ascii_only else _SPINNER
        parts = [f"iteration {it.iteration}"] if it.iteration else []
        parts += [it.engine] if it.engine not in it.doing else []
        while parts and len("  ".join([*parts, it.doing])) + 3 > width:
            parts.pop()  # what it is doing matters most
        head = Text(frames[self._frame % len(frames)], "cyan")
        for part in parts:
            head.append(f" {printable(part)} ", "bold" if part.startswith("iteration") else "dim")
        head.append(f" {printable(it.doing)}")
        head.truncate(max(1, width), overflow="ellipsis")
        spent = figures(it.meter)
        while len(spent) > 1 and 2 + len(" · ".join(spent)) > width:
            spent.pop()
        tail = Text("  " + " · ".join(spent), "dim")
        tail.truncate(max(1, width), overflow="ellipsis")
        return [head, tail]

    def _make_up_for(self, width: int) -> None:
        """Erase the rows that our lines took more in a terminal that became narrower; rich removes one row for each
        line.
        """
        broken = sum(max(0, -(-cells // max(1, width)) - 1) for cells in self._drawn)
        if broken:
            from rich.control import Control
            from rich.segment import ControlType

            erase = ((ControlType.ERASE_IN_LINE, 2), (ControlType.CURSOR_UP, 1))
            self._console.control(Control(ControlType.CARRIAGE_RETURN, *erase * broken))
            self._drawn = ()


def figures(meter: Meter) -> list[str]:
    """Return the figures of a run's cost, and the rest of its budget, the most important first."""
    budget = meter.budget
    time = f"{meter.seconds:.1f} s"
    if budget.max_seconds is not None:
        time += f", {max(0.0, meter.seconds_left):.1f} s left"
    found = [time]
    if meter.calls or meter.cached or budget.max_calls is not None:
        found.append(_of(meter.calls, budget.max_calls, "call"))
    if meter.cached:
        found.append(f"{meter.cached} cached")
    if meter.calls:
        cost = show.money(meter.cost_usd if meter.cost_known else None)
        found.append(cost + (f" of ${budget.max_cost_usd:g}" if budget.max_cost_usd is not None else ""))
        found.append(_of(meter.prompt_tokens + meter.completion_tokens, budget.max_tokens, "token"))
    if meter.candidates > 1 or budget.max_candidates is not None:
        found.append(_of(meter.candidates, budget.max_candidates, "candidate") + " tested")
    return found


def _of(count: int, limit: int | None, noun: str) -> str:
    return show.count(count, noun) if limit is None else f"{count:,} of {show.count(limit, noun)}"
