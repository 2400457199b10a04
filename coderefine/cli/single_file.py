"""A single file on the command line: its tests as options, and the problem made of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coderefine.cli.options import F, read_solution
from coderefine.cli.pasted import tell_notes
from coderefine.cli.solution import read_task

if TYPE_CHECKING:
    from coderefine.problem.problem import Problem

_IF_EMPTY = "write a function there, and a test of it, such as `assert f(1) == 2`"
_MORE = (
    click.option("--test", "more", multiple=True, metavar="CODE", help="A test, such as 'f([1, 2]) == 3'; repeatable."),
    click.option(
        "--stdin", "inputs", multiple=True, metavar="TEXT", help="What the program reads; with --stdout, repeatable."
    ),
    click.option("--stdout", "outputs", multiple=True, metavar="TEXT", help="What the program is to print then."),
)


@dataclass(frozen=True, slots=True)
class SingleFile:
    """A file, and the problem that its tests define."""

    problem: Problem
    source: str
    told: str
    """A line on where its tests come from."""


def more_tests_options(function: F) -> F:
    """Add the options that give tests one by one."""
    for option in reversed(_MORE):
        function = option(function)
    return function


tests_file_option = click.option(
    "--tests", "test_file", type=click.Path(exists=True, dir_okay=False), help="A file of tests, run by pytest."
)


def read_file(
    file: str,
    target: str | None = None,
    tests: tuple[str, ...] = (),
    test_file: str | None = None,
    inputs: tuple[str, ...] = (),
    outputs: tuple[str, ...] = (),
    page: str | None = None,
) -> SingleFile:
    """Return a file with its tests; raises UsageError."""
    from coderefine.single.problem import Given, problem_of

    if page is not None:
        if tests or test_file or inputs:
            raise click.UsageError("the tests are those of the page; give no --test, --tests or --stdin with --from")
        task = read_task(file, None, page, follow_links=False, target=target or "")
        assert task.source is not None
        return SingleFile(task.problem, task.source, task.told)

    if len(inputs) != len(outputs):
        raise click.UsageError("--stdin and --stdout come in pairs: give both for each run of the program")
    source = read_solution(file, _IF_EMPTY)
    runs = tuple(zip(map(_text, inputs), map(_text, outputs), strict=True))
    path = Path("program.py") if file == "-" else Path(file)
    found = problem_of(path, source, Given(target, tests, Path(test_file) if test_file else None, runs))
    tell_notes(found.notes)
    return SingleFile(found.problem, source, found.told)


def _text(option: str) -> str:
    r"""Return the text of an option, with its escaped line ends replaced."""
    return option.replace("\\n", "\n")
