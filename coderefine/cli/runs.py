"""`coderefine runs`: look at recorded runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli import completing
from coderefine.cli.options import Whole, chosen_format, format_option, home_option, open_store

if TYPE_CHECKING:
    from rich.console import Console

    from coderefine.record.store import Store
    from coderefine.runs.story import RecordedStep, RunStory

_WIDEST = 1000
_STATES = {"running": "cyan", "killed": "red", "failed": "red", "interrupted": "yellow", "done": ""}


@click.group("runs")
def command() -> None:
    """List, show and export recorded runs.

    RUN is the id of a run, its first letters, or `last`.
    """


@command.command("list")
@click.argument("problem", required=False, shell_complete=completing.problems)
@click.option("-n", "--limit", type=Whole(1), default=20, show_default=True, help="How many, at most.")
@home_option
@format_option
def list_(problem: str | None, limit: int, home: str | None, format_: str) -> int:
    """List runs, newest first; only those of PROBLEM where one is named."""
    from coderefine.record import store
    from coderefine.runs import listing

    found: list[dict[str, Any]] = []
    if (store.home(home) / store.FILE).exists():
        with open_store(home) as opened:
            found = listing.overviews(opened, limit, problem)
    if format_ == "json":
        click.echo(json.dumps(found, indent=2))
    elif found:
        _print_table(found)
    else:
        click.echo("no runs yet", err=True)
    return 0


@command.command("show")
@click.argument("run", shell_complete=completing.runs)
@home_option
@format_option
def show_(run: str, home: str | None, format_: str) -> int:
    """Show RUN: how it ended, and for each step the criticism in brief, the patch and the verdict."""

    from coderefine.runs import listing
    from coderefine.runs.story import tell

    with open_store(home) as store:
        found = listing.find(store, run)
        kind = listing.overview(store, found)["kind"]
        if kind in _SHOWN:
            return _SHOWN[kind](store, found, format_)
        story = tell(store, found)
    if format_ == "json":
        click.echo(json.dumps(story.to_json(), indent=2))
    else:
        from coderefine.cli.show import console

        _print_story(console(), story)
    return 0


def _show_score(store: Store, run: str, format_: str) -> int:

    from coderefine.cli.score_table import print_summary
    from coderefine.errors import UsageError
    from coderefine.scoring import rows
    from coderefine.scoring.summary import summarise

    summary = summarise(rows.every(store, run))
    if summary is None:
        raise UsageError(f"nothing is scored yet in {run}; go on with it by: coderefine score --resume {run}")
    if format_ == "json":
        click.echo(json.dumps({"run": run, "summary": summary.to_json()}, indent=2))
    else:
        from coderefine.cli.show import console

        print_summary(console(), summary, run)
    return 0


def _show_tuned(store: Store, run: str, format_: str) -> int:
    from coderefine.cli import tune_pipeline, tuned
    from coderefine.errors import UsageError
    from coderefine.tuning import running
    from coderefine.tuning.pipelines.running import PIPELINE

    found = running.result(store, run)
    if found is None:
        raise UsageError(f"{run} has no result yet; go on with it by: coderefine tune --resume {run}")
    if format_ == "json":
        click.echo(json.dumps({"run": run, **found}, indent=2))
    else:
        (tune_pipeline if found.get("tuned") == PIPELINE else tuned).print_recorded(found)
    return 0


_SHOWN = {"score": _show_score, "tune": _show_tuned}
"""The functions that show runs other than refinements, by their kind."""


@command.command("path")
@home_option
@format_option
def path(home: str | None, format_: str) -> int:
    """Print where runs are recorded: a SQLite file, for your own queries."""
    from coderefine.record import store

    file = str(store.home(home) / store.FILE)
    click.echo(json.dumps({"path": file}) if format_ == "json" else file)
    return 0


@command.command("export")
@click.argument("run", shell_complete=completing.runs)
@home_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json"]),
    default="json",
    callback=chosen_format,
    help="The only one there is.",
)
def export(run: str, home: str | None, format_: str) -> int:
    """Print all that is recorded of RUN as one JSON document: prompts, answers, programs, reports, the result."""
    from coderefine.runs import listing

    with open_store(home) as store:
        click.echo(json.dumps(listing.export(store, listing.find(store, run)), indent=2))
    return 0


def _print_table(found: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from coderefine.cli import show

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column, justify in _COLUMNS:
        table.add_column(column, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for row in found:
        state = f"{row['exhausted']} spent" if row["exhausted"] else row["status"].removeprefix("done")
        calls = f"{row['calls']}" + (f" + {row['cached']} cached" if row["cached"] else "")
        verdicts = _verdicts(row) + Text(f" {state}" if state else "", _STATES[row["status"]])
        models = show.plain(", ".join(row["options"]["models"]))
        table.add_row(
            row["id"], verdicts, show.plain(row["slug"]), models, calls, show.money(row["cost_usd"]), _when(row)
        )
    # As wide as it needs to be: a pipe has no width, and a terminal breaks lines better than we cut them.
    Console(highlight=False, soft_wrap=True, width=_WIDEST).print(table)


_COLUMNS = (
    ("run", "left"), ("verdict", "left"), ("problem", "left"), ("models", "left"), ("calls", "right"),
    ("cost", "right"), ("when", "left"),
)  # fmt: skip


def _verdicts(row: dict[str, Any]) -> Any:
    """Return `WA → AC`: before and after, as far as known."""
    from rich.text import Text

    from coderefine.cli import show
    from coderefine.judge.verdict import Verdict

    if row["completed"]:
        before, after = (f"{share:.1%}" for share in row["completed"])
        figures = [after if before == after else f"{before} → {after}", *_passes(row)]
        return Text("  ".join(figures))
    known = [show.verdict_text(Verdict(verdict)) for verdict in (row["verdict_before"], row["verdict"]) if verdict]
    return Text(" → ").join(known) if known else Text("–")


def _passes(row: dict[str, Any]) -> list[str]:
    """Return `pass@10 0.812` for the largest k, and `base 0.900` for a set with extra tests."""
    ks = sorted(map(int, row["pass_at"] or ()))
    found = [f"pass@{ks[-1]} {row['pass_at'][str(ks[-1])]:.3f}"] if ks[1:] else []
    return found + ([f"base {row['base_pass_at']['1']:.3f}"] if row["base_pass_at"] else [])


def _when(row: dict[str, Any]) -> str:
    from datetime import datetime

    return datetime.fromisoformat(row["began_at"]).astimezone().strftime("%Y-%m-%d %H:%M")


def _print_story(console: Console, story: RunStory) -> None:
    from coderefine.cli import show

    row = story.overview
    calls = show.count(row["calls"], "call") + (f" + {row['cached']} cached" if row["cached"] else "")
    figures = [row["backend"], calls, show.money(row["cost_usd"]), f"coderefine {row['version']}", _when(row)]
    console.print(show.line((f"run {row['id']}", "bold"), (row["slug"], ""), (" · ".join(figures), "dim")))
    if story.before:
        console.print(show.line(("before", "bold"), show.verdict_text(story.before.verdict), (story.before.score, "")))
    for step in story.steps:
        _print_step(console, step)
    console.print()
    ending = story.ending + (f"; to go on: coderefine resume {row['id']}" if story.resumable else "")
    console.print(show.line((row["status"], _STATES[row["status"]] or "bold"), _verdicts(row), (ending, "")))


def _print_step(console: Console, step: RecordedStep) -> None:
    from coderefine.cli import show

    console.print()
    console.print(show.line((f"iteration {step.number}", "bold"), (step.engine, "dim")))
    show.say(console, show.criticism(*show.brief(step.criticism)), 2)
    for tested in step.tested:
        if tested.note:
            console.print(show.indented(show.line(("patch", "bold"), (tested.note, ""))))
        console.print(show.indented(show.diff(tested.diff), 4))
        console.print(
            show.indented(show.line(("after", "bold"), show.verdict_text(tested.verdict), (tested.score, "")))
        )
    if not step.tested:
        console.print(show.plain("  no patch was found", style="yellow"))
