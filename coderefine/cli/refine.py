"""`coderefine refine`: repair a solution."""

from __future__ import annotations

from typing import Any

import click

from coderefine.cli import refining
from coderefine.cli.options import follow_links_option, read_solution


@click.command("refine")
@click.argument("problem")
@click.argument("file", required=False)
@refining.refining_options
@follow_links_option
def command(problem: str, file: str | None, follow_links: bool, **given: Any) -> int:
    """Refine FILE, a solution to PROBLEM, until it passes the visible tests; print the change as a unified diff.

    PROBLEM is a problem directory or the name of a bundled problem. FILE may be "-" for standard input; without it a
    language model (--model) drafts the first solution. FILE is not changed unless you say --in-place.

    The run is recorded as it goes: `coderefine resume` goes on after a crash, `coderefine runs` shows it.
    """
    from coderefine.folder.loading import load_problem

    loaded = load_problem(problem, follow_links=follow_links)
    return refining.run(loaded, read_solution(file) if file else None, file, given)
