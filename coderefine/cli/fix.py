"""`coderefine fix`: repair a file by the tests that are in it or beside it."""

from __future__ import annotations

from typing import Any

import click

from coderefine.cli import completing, refining
from coderefine.cli.pasted import from_option
from coderefine.cli.single_file import more_tests_options, read_file, tests_file_option


@click.command("fix")
@click.argument("file", shell_complete=completing.files)
@click.argument("target", required=False)
@more_tests_options
@tests_file_option
@from_option
@refining.refining_options
def command(
    file: str,
    target: str | None,
    more: tuple[str, ...],
    test_file: str | None,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    page: str | None,
    **given: Any,
) -> int:
    """Repair FILE until its tests pass; print the change as a unified diff.

    The tests are its doctests, its assertions (at the top, below `if __name__ == "__main__"`, in functions test_...),
    examples in docstrings, or the file test_FILE.py beside it. A script without any is repaired until it runs. TARGET
    is the function to repair, else the one that the tests call. With --from, the tests are the examples of a problem's
    page. FILE is not changed unless you say --in-place.
    """
    found = read_file(file, target, more, test_file, inputs, outputs, page)
    return refining.run(found.problem, found.source, file, given, found.told)
