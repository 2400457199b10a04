"""`coderefine refine`: repair a solution."""

from __future__ import annotations

from typing import Any

import click

from coderefine.cli import completing, refining
from coderefine.cli.options import Whole, follow_links_option
from coderefine.cli.pasted import from_option
from coderefine.cli.solution import read_task


@click.command("refine")
@click.argument("problem", required=False, shell_complete=completing.problems)
@click.argument("file", required=False, shell_complete=completing.files)
@from_option
@refining.refining_options
@click.option("--save-tests", is_flag=True, help="With --ask: keep the answers as visible tests of the problem.")
@click.option(
    "--samples",
    type=Whole(1, 64),
    default=1,
    show_default=True,
    help="Answers to a question that are drafted and improved, each by itself, before all vote.",
)
@follow_links_option
def command(problem: str | None, file: str | None, page: str | None, follow_links: bool, **given: Any) -> int:
    """Refine FILE, a solution to PROBLEM, until it passes the visible tests; print the change as a unified diff.

    PROBLEM is a problem directory or the name of a bundled problem; with --from, a problem's page stands for it, so
    that nothing is kept. FILE may be "-" for standard input; without it a language model (--model) drafts the first
    solution. FILE is not changed unless you say --in-place.

    The run is recorded as it goes: `coderefine resume` goes on after a crash, `coderefine runs` shows it.
    """
    task = read_task(problem, file, page, follow_links=follow_links)
    return refining.run(task.problem, task.source, task.file, given, task.told)
