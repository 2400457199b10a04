"""Carries out a scoring run for the command line: shows its progress, says how to resume it, hands over the result."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coderefine.accidents import Accidents
from coderefine.budget import Meter
from coderefine.cli import show
from coderefine.cli.options import warn
from coderefine.cli.score_progress import Board, shown
from coderefine.errors import BudgetExhausted, UsageError, unwritable
from coderefine.formats.reading import count
from coderefine.record.store import Store
from coderefine.runs.tasks import Options
from coderefine.scoring import rows
from coderefine.scoring.outputs import WRITERS
from coderefine.scoring.place import Place
from coderefine.scoring.scoring import score
from coderefine.scoring.setup import Setup
from coderefine.scoring.summary import Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Callable

    from coderefine.scoring.outcome import Attempt


def carry_out(
    store: Store,
    run: str,
    setup: Setup,
    options: Options,
    opening: AbstractContextManager[Place],
    redo: tuple[str, ...],
    console: Any,
) -> tuple[Summary, str]:
    """Do the rest of a run, or all of a new one; return its summary and its id."""
    resumed = bool(run)
    total = Meter(setup.total)
    problems = sum(count(path, format_=setup.format) for path in setup.problems)
    board = Board(min(problems, setup.limit or problems), total)
    faults = 0

    def report(fault: object) -> None:
        nonlocal faults
        faults += 1

    accidents = Accidents(warn)
    with accidents.within("closing the sandbox", opening) as place:
        run = run or rows.begin(store, setup, options, place.backend)
        if redo:
            rows.forget(store, run, () if "all" in redo else redo)
        with accidents.survive("reporting the run"):
            console.print(show.line((setup.name, "bold"), show.sandbox_line(place), (f"run {run}", "dim")))
        try:
            with ExitStack() as stack:
                tell: Callable[[Attempt], None] = board.count
                with accidents.survive("the display of progress"):
                    tell = stack.enter_context(
                        accidents.within("the display of progress", shown(console, board, accidents))
                    )
                score(
                    store, run, setup, options, place,
                    resumed=resumed, total=total, on_attempt=tell, on_doing=board.doing, on_fault=report, warn=warn,
                )  # fmt: skip
        except (KeyboardInterrupt, BudgetExhausted) as error:
            why = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
            click.echo(f"{why}; to go on: coderefine score --resume {run}", err=True)
            raise
        except UsageError:
            if not resumed:
                rows.discard(store, run)
            raise
    summary = summarise(rows.every(store, run))
    assert summary is not None
    rows.end(store, run, None, summary.to_json() | {"unreadable": faults})
    return summary, run


def hand_over(store: Store, run: str, summary: Summary, format_: str, output: str | None) -> None:
    """Print the result, or write it to a file."""
    try:
        with Path(output).open("w", encoding="utf-8", newline="") if output else nullcontext(sys.stdout) as file:
            if format_ == "text":
                from coderefine.cli.score_table import print_summary
                from coderefine.cli.show import console

                print_summary(console(file), summary, run)
            else:
                for piece in WRITERS[format_](run, rows.every(store, run), summary):
                    file.write(piece)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise unwritable(output, error) from None
