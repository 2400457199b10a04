"""`coderefine fix`: repair a file by the tests that are in it or beside it."""

from __future__ import annotations

from typing import Any

import click

from coderefine.cli import refining
from coderefine.cli.single_file import read_file, tests_options


@click.command("fix")
@click.argument("file")
@click.argument("target", required=False)
@tests_options
@refining.refining_options
def command(
    file: str,
    target: str | None,
    tests: tuple[str, ...],
    test_file: str | None,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    **given: Any,
) -> int:
    """Repair FILE until its tests pass; print the change as a unified diff.

    The tests are its doctests, its assertions (at the top, below `if __name__ == "__main__"`, in functions test_...),
    examples in docstrings, or the file test_FILE.py beside it. A script without any is repaired until it runs. TARGET
    is the function to repair, else the one that the tests call. FILE is not changed unless you say --in-place.
    """
    found = read_file(file, target, tests, test_file, inputs, outputs)
    return refining.run(found.problem, found.source, file, given, found.told)
