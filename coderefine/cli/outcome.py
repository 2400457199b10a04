"""Hands over the result of a refinement: shared by the commands that refine, resume and replay."""

from __future__ import annotations

import codecs
import json
import os
import shlex
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli import diagnostics, show
from coderefine.cli.options import warn
from coderefine.interrupts import uninterrupted
from coderefine.outside import encode_python, python_encoding
from coderefine.patch.files import write_whole
from coderefine.rendering import literal, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coderefine.cli.narrator import Narrator
    from coderefine.harden.question import Question
    from coderefine.judge.judge import Judge
    from coderefine.problem.problem import Problem
    from coderefine.record.store import Store
    from coderefine.result import Result
    from coderefine.runs.asking import Answer, Asked
    from coderefine.runs.tasks import RecordedRun

    Questions = Sequence[tuple[Question, Answer | None]]


VERSION = 1
"""The version of the results' JSON: its fields stay, and more may be added."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The destination of a result."""

    file: str | None = None
    """The solution as the user named it; None where a model drafted it."""
    path: str | None = None
    """The same file as an absolute path."""
    target: str | None = None
    """The file to write the program to; - is standard output."""
    guarded: bool = False
    """Whether `target` is only written while it contains the program that the run started from."""
    keep_partial: bool = False
    """Whether a program that is better but not accepted is written as well."""

    @classmethod
    def of(cls, file: str | None, output: str | None, in_place: bool, keep_partial: bool = False) -> Delivery:
        """Return the destination that the command line names; raises UsageError where it cannot be written."""
        plain = cls(file, None if file in (None, "-") else str(Path(str(file)).absolute()), keep_partial=keep_partial)
        return plain.chosen(output, in_place)

    def chosen(self, output: str | None, in_place: bool) -> Delivery:
        """Return the destination with other options; raises UsageError where it cannot be written."""
        if output and in_place:
            raise click.UsageError("give one of --in-place and --output")
        return self.in_place() if in_place else self.to(output) if output else self

    def in_place(self) -> Delivery:
        """Return the destination that replaces the solution's own file."""
        if self.path is None:
            raise click.UsageError("--in-place needs a FILE")
        return replace(self, target=self.path, guarded=True)

    def to(self, output: str) -> Delivery:
        """Return another file, or - for standard output, as the destination."""
        if output == "-":
            return replace(self, target="-", guarded=False)
        target = Path(output).absolute()
        if target.is_dir() or not target.parent.is_dir():
            why = "it is a folder" if target.is_dir() else "there is no such folder"
            raise click.UsageError(f"--output {output}: {why}; give the name of a file")
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise click.UsageError(f"--output {output}: you may not write there")
        return replace(self, target=str(target), guarded=False)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return asdict(self)


@uninterrupted
def carry_out(
    store: Store | None,
    task: RecordedRun,
    judge: Judge,
    narrator: Narrator,
    delivery: Delivery,
    format_: str,
    ask: Callable[[Problem, Callable[[Problem], Result]], Asked] | None = None,
) -> int:
    """Do a task, or the rest of it, and hand over its result; Ctrl-C does not lose the result at any moment.

    `ask` refines and asks questions by the function that it is given. That function does the task, or refines the
    program anew on further tests.
    """
    from coderefine.errors import UsageError
    from coderefine.judge import untested
    from coderefine.runs import tasks

    run = task.run

    def refine(problem: Problem) -> Result:
        nonlocal run
        is_first = problem is task.problem
        again = task if is_first else tasks.begin(store, problem, task.source, task.options, judge.backend, warn)
        run = again.run
        try:
            with narrator.told() as observers:
                return tasks.go_on(store, again, judge, observers)
        except KeyboardInterrupt:
            warn("the program was not tested yet" + (f"; to go on: coderefine resume {run}" if run else ""))
            raise

    asked = ask(task.problem, refine) if ask else None
    result = asked.result if asked else refine(task.problem)
    if untested.are_all_skipped(result.original.report):
        raise UsageError(f"{task.problem.title}: all of its tests are skipped, so that nothing is tested")
    code = hand_over(result, delivery, narrator, run=run, format_=format_, asked=asked.questions if asked else ())
    return 130 if asked and asked.interrupted else code


def hand_over(
    result: Result,
    delivery: Delivery,
    narrator: Narrator,
    *,
    run: str,
    format_: str,
    asked: Questions = (),
) -> int:
    """Print the result, write it to its destination, print how it ended, and return the exit code.

    A program that could not be written is printed; then the error that prevented it is raised.
    """
    unwritten: Exception | None = None
    written = ""
    try:
        written = _write(result, delivery, run)
    except Exception as error:  # noqa: BLE001 - raised below, when the program is printed
        unwritten, delivery = error, delivery.to("-")
    _print(result, delivery, narrator, run=run, format_=format_, asked=asked)
    narrator.end(result, run)
    if written:
        narrator.head(show.plain(f"{printable(written)} is written", "dim"))
    if unwritten:
        raise unwritten
    if result.interrupted:
        return 130
    if result.failure and not result.accepted:
        return result.failure.exit_code
    return 0 if result.accepted else 1


def _print(result: Result, delivery: Delivery, narrator: Narrator, *, run: str, format_: str, asked: Questions) -> None:
    """Print the result in the format asked for, and where that fails the program; one that is only better is labelled
    so.
    """
    if format_ == "json":
        return click.echo(_as_json(result, delivery, run, narrator, asked))
    if format_ == "lines":
        return click.echo(diagnostics.lines(_diagnostics(result, delivery, narrator)), nl=False)
    is_draft = delivery.file is None
    if not (result.accepted or delivery.keep_partial) and (result.diff or is_draft):
        instead = f"coderefine replay {run} --keep-partial" if run else "--keep-partial"
        warn(f"no program was accepted; what is only better is no result, unless you ask for it: {instead}")
        with narrator.accidents.survive("showing what is better"):
            narrator.head(
                show.plain(result.source) if is_draft else show.diff(_diff(result, delivery, narrator.problem))
            )
        if delivery.target == "-" and not is_draft:
            show.print_source(_mark(delivery) + result.original.source, python_encoding(result.original.source))
        return None
    if delivery.target != "-" and (delivery.file, delivery.target) != (None, None):
        with narrator.accidents.survive("showing the change", "here is the whole program", but=BrokenPipeError):
            return _print_change(result, delivery, narrator)
    return show.print_source(_mark(delivery) + result.source, python_encoding(result.source))


def _print_change(result: Result, delivery: Delivery, narrator: Narrator) -> None:
    if result.diff:
        narrator.head(show.plain(""))
        if root := _place(delivery.file)[1]:
            narrator.head(show.plain(f"to apply it: patch -d {shlex.quote(root)} -p1", "dim"))
        is_copy = delivery.target is not None
        show.print_diff(
            _diff(result, delivery, narrator.problem), python_encoding(result.original.source), is_copy=is_copy
        )


def _diff(result: Result, delivery: Delivery, problem: Problem) -> str:
    from coderefine.patch import make_diff

    mark, name = _mark(delivery), _place(delivery.file, problem.evaluation.suffix)[0]
    return make_diff(mark + result.original.source, mark + result.source, name)


def _diagnostics(result: Result, delivery: Delivery, narrator: Narrator) -> list[dict[str, Any]]:
    """Return the first failures, and the changes of a patch that is the result, as diagnostics."""
    name, before = _place(delivery.file, narrator.problem.evaluation.suffix)[0], result.original
    found = diagnostics.of_report(narrator.problem, before.report, before.source, name)
    if result.accepted or delivery.keep_partial:
        message = f"a patch passes all visible tests: {result.best.note}" if result.accepted else result.best.note
        found += diagnostics.of_patch(before.source, result.source, name, message)
    return found


def _as_json(result: Result, delivery: Delivery, run: str, narrator: Narrator, asked: Questions) -> str:
    main = {"verdict": result.verdict.value, "accepted": result.accepted, "source": result.source, "diff": result.diff}
    with narrator.accidents.survive("writing the result in full", "its main fields are written"):
        name, root = _place(delivery.file, narrator.problem.evaluation.suffix)
        placed: dict[str, Any] = {"file": name if delivery.file not in (None, "-") else None, "diff_root": root or "."}
        questions = [
            {**question.to_json(), "right": None if answer is None else literal(answer.value)}
            for question, answer in asked
        ]
        placed |= {"questions": questions} if asked else {}
        placed |= {
            "diff": _diff(result, delivery, narrator.problem),
            "diagnostics": _diagnostics(result, delivery, narrator),
        }
        return json.dumps({"version": VERSION, "run": run or None, **result.to_json(), **placed}, indent=2)
    return json.dumps({"version": VERSION, "run": run or None, **main, "stopped": result.stopped}, indent=2)


def _write(result: Result, delivery: Delivery, run: str) -> str:
    """Write the result to its file, and return how the file is called from here; "" where nothing is written."""
    if delivery.target in (None, "-"):
        return ""
    target = Path(str(delivery.target))
    name = str(target.relative_to(Path.cwd())) if target.is_relative_to(Path.cwd()) else str(target)
    if not (result.accepted or delivery.keep_partial):
        warn(f"{name} is not written, since no program was accepted")
        return ""
    data = _mark(delivery).encode() + encode_python(result.source)
    if not delivery.guarded or (result.diff and _holds(target, result.original.source)):
        write_whole(target, data)
        return name
    if result.diff and not _holds(target, result.source):
        warn(f"{name} has changed since the run began; it is left alone")
    return ""


def _mark(delivery: Delivery) -> str:
    """Return UTF-8's byte order mark if the file begins with it; programs are handled without it."""
    try:
        with Path(str(delivery.path)).open("rb") as file:
            return "\ufeff" if delivery.path and file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8 else ""
    except OSError:
        return ""


def _holds(path: Path, source: str) -> bool:
    from coderefine.errors import UsageError
    from coderefine.folder.loading import read_source

    try:
        return read_source(path) == source
    except UsageError:
        return False


def _place(file: str | None, suffix: str = ".py") -> tuple[str, str]:
    """Return the path of a file for a diff, and the folder that it starts from: "" for the current one.

    Programs that apply diffs accept no absolute path, none that leads up, and no link. A solution without a file is
    called solution, with `suffix`.
    """
    if file in (None, "-"):
        return f"solution{suffix}", ""
    path, here = Path(str(file)), Path.cwd()
    if not path.is_absolute() and ".." not in path.parts and not path.is_symlink():
        return path.as_posix(), ""
    real = path.resolve()
    if real.is_relative_to(here):
        return real.relative_to(here).as_posix(), ""
    root = os.path.commonpath([real.parent, here])
    return real.relative_to(root).as_posix(), os.path.relpath(root)
