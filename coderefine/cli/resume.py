"""`coderefine resume`: go on with a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    Whole,
    budget_options,
    format_option,
    home_option,
    image_option,
    in_place_option,
    keep_partial_option,
    open_judge,
    open_store,
    output_option,
    quiet_option,
    sandbox_option,
    verbose_option,
    warn,
)

if TYPE_CHECKING:
    from coderefine.runs.tasks import RecordedRun


@click.command("resume")
@click.argument("run", shell_complete=completing.runs)
@click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server, if another than before.")
@click.option("--programs", type=Whole(1), help="Programs to try at most, with those of before.")
@budget_options
@output_option
@in_place_option
@keep_partial_option
@home_option
@sandbox_option()
@image_option
@format_option
@quiet_option
@verbose_option
def command(
    run: str,
    api_base: str | None,
    programs: int | None,
    max_seconds: float | None,
    max_calls: int | None,
    max_tokens: int | None,
    max_cost: float | None,
    output: str | None,
    in_place: bool,
    keep_partial: bool,
    home: str | None,
    sandbox: str | None,
    image: str | None,
    format_: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Go on with RUN where it ended: after a crash, Ctrl-C, a failing model or a spent budget.

    RUN is the id of a run, its first letters, or `last`. What the run has done is taken from its record: no call is
    made or paid twice, and the budgets count what was spent. It goes on with the options, the problem and the program
    that it was started with; options given here replace those.
    """
    from dataclasses import replace

    from coderefine.accidents import Accidents
    from coderefine.budget import Budget
    from coderefine.cli import outcome, show
    from coderefine.cli.narrator import Narrator
    from coderefine.runs import tasks

    console = show.story()
    console.quiet = quiet or format_ == "json"
    accidents = Accidents(warn)
    with accidents.within("closing the store of runs", open_store(home)) as store:
        task = tasks.load(store, run)
        asked, before = task.options, task.options.budget
        task = replace(
            task,
            options=replace(
                asked,
                api_base=api_base or asked.api_base,
                budget=Budget(
                    before.max_seconds if max_seconds is None else max_seconds,
                    before.max_calls if max_calls is None else max_calls,
                    before.max_tokens if max_tokens is None else max_tokens,
                    before.max_cost_usd if max_cost is None else max_cost,
                    before.max_candidates if programs is None else programs,
                ),
            ),
        )
        delivery = outcome.Delivery(**asked.command.get("delivery", {}))
        delivery = replace(delivery.chosen(output, in_place), keep_partial=keep_partial or delivery.keep_partial)
        packages = tuple(asked.command.get("packages") or ())
        allow = tuple(asked.command.get("allow") or ())
        where = sandbox or asked.command.get("sandbox", "auto"), image or asked.command.get("image")
        with accidents.within("closing the sandbox", open_judge(*where, packages, allow)) as judge:
            narrator = Narrator(console, task.problem, accidents, verbose)
            goes_on = show.plain(f"goes on with run {task.run}: {_done(task)}", "dim")
            narrator.head(show.line((task.problem.title, "bold"), show.sandbox_line(judge)), goes_on)
            return outcome.carry_out(store, task, judge, narrator, delivery, format_)


def _done(task: RecordedRun) -> str:
    from coderefine.rendering import count

    counts = Counter(kind for kind, _ in task.recorded)
    calls, reports = count(counts["call"], "call"), count(counts["report"], "test report")
    searches = "1 search" if counts["search"] == 1 else f"{counts['search']} searches"
    return f"{calls}, {searches} and {reports} are recorded"
