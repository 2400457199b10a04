"""A refinement as it goes, and what it hands over: shared by the commands that refine, resume and replay."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli import show
from coderefine.cli.options import warn
from coderefine.files import write_whole
from coderefine.rerun import Observers

if TYPE_CHECKING:
    from rich.console import Console

    from coderefine.problem import Problem
    from coderefine.result import Candidate, Iteration, Result


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a result goes."""

    file: str | None = None
    """The solution as the user named it; None where a model drafted it."""
    path: str | None = None
    """The same, from the root."""
    target: str | None = None
    """The file to write the program to; - is standard output."""
    guarded: bool = False
    """Whether `target` is only written while it holds the program that the run started from."""

    @classmethod
    def of(cls, file: str | None, output: str | None, in_place: bool) -> Delivery:
        """As the options of the command line say."""
        plain = cls(file, None if file in (None, "-") else str(Path(str(file)).absolute()))
        return plain.in_place() if in_place else plain.to(output) if output else plain

    def in_place(self) -> Delivery:
        """Back to the file that it came from."""
        if self.path is None:
            raise click.UsageError("--in-place needs a FILE")
        return Delivery(self.file, self.path, self.path, guarded=True)

    def to(self, output: str) -> Delivery:
        """To another file, or - for standard output."""
        return Delivery(self.file, self.path, output if output == "-" else str(Path(output).absolute()))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return asdict(self)


def observers(console: Console, problem: Problem) -> Observers:
    """Who tells the story on the console."""
    return Observers(
        on_start=lambda candidate: _show_start(console, problem, candidate),
        on_iteration=lambda iteration: _show_iteration(console, problem, iteration),
        warn=warn,
    )


def hand_over(result: Result, delivery: Delivery, console: Console, *, run: str, format_: str) -> int:
    """Print the result, write it where it is to go, tell how it ended, and return the exit code."""
    _write(result, delivery)
    if format_ == "json":
        click.echo(json.dumps({"run": run or None, **result.to_json()}, indent=2))
    elif delivery.target == "-" or (delivery.file is None and delivery.target is None):
        sys.stdout.write(result.source)
    elif result.diff:
        from coderefine.patch import make_diff

        console.print()
        show.print_diff(make_diff(result.original.source, result.source, _name_in_diff(delivery.file)))
    _show_end(console, result, run)
    if result.interrupted:
        return 130
    if result.failure and not result.accepted:
        return result.failure.exit_code
    return 0 if result.accepted else 1


def _write(result: Result, delivery: Delivery) -> None:
    if delivery.target in (None, "-"):
        return
    target = Path(str(delivery.target))
    if not delivery.guarded or (result.diff and _holds(target, result.original.source)):
        write_whole(target, result.source)
    elif result.diff and not _holds(target, result.source):
        warn(f"{target} has changed since the run began; it is left alone")


def _holds(path: Path, source: str) -> bool:
    from coderefine.errors import UsageError
    from coderefine.loading import read_source

    try:
        return read_source(path) == source
    except UsageError:
        return False


def _name_in_diff(file: str | None) -> str:
    """The path as it was given, so that `patch -p1` works where the command was typed."""
    if file in (None, "-"):
        return "solution.py"
    path = Path(str(file))
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


def _show_start(console: Console, problem: Problem, candidate: Candidate) -> None:
    console.print(show.line(("before", "bold"), show.summary(candidate.report)))
    console.print(show.indented(show.cases(problem, candidate.report)))


def _show_iteration(console: Console, problem: Problem, iteration: Iteration) -> None:
    console.print()
    console.print(show.line((f"iteration {iteration.number}", "bold"), (iteration.engine, "dim")))
    console.print(show.indented(show.plain(iteration.criticism)))
    for candidate in iteration.tested[:1]:
        console.print(show.indented(show.line(("patch", "bold"), (candidate.note or "see the diff", ""))))
        console.print(show.indented(show.line(("after", "bold"), show.summary(candidate.report))))
        console.print(show.indented(show.cases(problem, candidate.report), 4))
    if not iteration.tested:
        console.print(show.plain("  no patch was found", style="yellow"))


def _show_end(console: Console, result: Result, run: str) -> None:
    calls = f"{result.calls} calls" + (f" + {result.cached} cached" if result.cached else "")
    figures = [result.backend, f"{result.candidates} candidates", calls, show.money(result.cost_usd)]
    figures += [f"{result.seconds:.1f} s"] + ([f"run {run}"] if run else [])
    if result.accepted:
        ending = "plausible: all visible tests pass" if result.diff else "nothing to do: all visible tests pass already"
    else:
        ending = f"not accepted: {result.stopped}; " + (
            "the best so far" if result.diff else "the program is unchanged"
        )
    console.print()
    console.print(show.line(show.verdict_text(result.verdict), (ending, "")))
    if result.hardening and result.hardening.inputs:
        console.print(show.plain(result.hardening.summary(), style="dim"))
    console.print(show.plain(" · ".join(figures), style="dim"))
