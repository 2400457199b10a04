"""`coderefine score compare`: scoring runs side by side."""

from __future__ import annotations

import json
from typing import Any

import click

from coderefine.cli import completing
from coderefine.cli.options import format_option, home_option, open_store


@click.command("compare")
@click.argument("names", nargs=-1, required=True, metavar="RUN RUN...", shell_complete=completing.runs)
@home_option
@format_option
def compare(names: tuple[str, ...], home: str | None, format_: str) -> int:
    """Compare scoring runs: two of them problem by problem, the second minus the first, with a 95 % interval, and
    whether they say the same of the same programs; more than two in a table, the best first."""

    from coderefine.cli.score_table import print_comparison, print_leaderboard
    from coderefine.cli.show import console
    from coderefine.scoring import comparison, rows
    from coderefine.scoring.problem_score import problems
    from coderefine.scoring.summary import summarise

    if len(names) < 2:
        raise click.UsageError("name at least two runs to compare")
    with open_store(home) as store:
        runs = [rows.load(store, name)[0] for name in names]
        if len(runs) > 2:
            every = ((run, summarise(rows.every(store, run))) for run in runs)
            table = sorted(((run, it) for run, it in every if it), key=lambda pair: -pair[1].after.mean)
            if format_ == "json":
                click.echo(json.dumps([{"run": run, "summary": it.to_json()} for run, it in table], indent=2))
            else:
                print_leaderboard(console(), table)
            return 0
        found = comparison.compare(*(problems(rows.every(store, run)) for run in runs))
        agreed = comparison.agreement(*(rows.every(store, run) for run in runs))
    if format_ == "json":
        click.echo(json.dumps({"runs": runs, **found.to_json(), "agreement": agreed.to_json()}, indent=2))
    else:
        print_comparison(console(), found, agreed, (runs[0], runs[1]))
    return 0


class WithCompare(click.Command):
    """`score compare` in place of `score PROBLEMS...`: no problem can be named `compare` without a path."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:
        """Return the context of the command that is asked for."""
        if args[:1] == ["compare"]:
            return compare.make_context(f"{info_name} compare", args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)
