"""What a refinement hands over: shared by the commands that refine, resume and replay."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli import show
from coderefine.cli.options import warn
from coderefine.patch.files import write_whole

if TYPE_CHECKING:
    from coderefine.accidents import Accidents
    from coderefine.cli.narrator import Narrator
    from coderefine.result import Result


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


def hand_over(result: Result, delivery: Delivery, narrator: Narrator, *, run: str, format_: str) -> int:
    """Print the result, write it where it is to go, tell how it ended, and return the exit code.

    A program that could not be written is printed, and then what prevented that is raised.
    """
    unwritten: Exception | None = None
    try:
        _write(result, delivery)
    except Exception as error:  # noqa: BLE001 - raised below, when the program is out
        unwritten, delivery = error, delivery.to("-")
    _print(result, delivery, narrator, run=run, format_=format_)
    narrator.end(result, run)
    if unwritten:
        raise unwritten
    if result.interrupted:
        return 130
    if result.failure and not result.accepted:
        return result.failure.exit_code
    return 0 if result.accepted else 1


def _print(result: Result, delivery: Delivery, narrator: Narrator, *, run: str, format_: str) -> None:
    """Print what the options ask for; where that fails, the program."""
    if format_ == "json":
        return click.echo(_as_json(result, run, narrator.accidents))
    if delivery.target != "-" and (delivery.file, delivery.target) != (None, None):
        with narrator.accidents.survive("showing the change", "here is the whole program", but=BrokenPipeError):
            return _print_change(result, delivery, narrator)
    return show.print_source(result.source)


def _print_change(result: Result, delivery: Delivery, narrator: Narrator) -> None:
    if result.diff:
        from coderefine.patch import make_diff

        narrator.head(show.plain(""))
        show.print_diff(make_diff(result.original.source, result.source, _name_in_diff(delivery.file)))


def _as_json(result: Result, run: str, accidents: Accidents) -> str:
    with accidents.survive("writing the result in full", "its main fields are written"):
        return json.dumps({"run": run or None, **result.to_json()}, indent=2)
    main = {"verdict": result.verdict.value, "accepted": result.accepted, "source": result.source, "diff": result.diff}
    return json.dumps({"run": run or None, **main, "stopped": result.stopped}, indent=2)


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
    from coderefine.folder.loading import read_source

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
