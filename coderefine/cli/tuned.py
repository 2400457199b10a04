"""Prints the steps of tuning a prompt, and hands over the best one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from coderefine.cli import show
from coderefine.cli.score_table import percent
from coderefine.errors import UsageError, unwritable

if TYPE_CHECKING:
    from coderefine.tuning.tuning import Tuned, TuneStep


def step_line(step: TuneStep) -> Text:
    """Return a step in a line: the outcome of its prompt, its figures, and the cost so far."""
    seen = "" if step.validation is None else f"validation {step.validation:.1%}"
    what = (
        "the first prompt" if step.batch is None else f"{step.ending}, batch {step.batch[0]} to {step.batch[1]} right"
    )
    spent = f"best {step.best:.1%} · {show.count(step.calls, 'call')} · {show.money(step.cost_usd)}"
    return show.line((f"step {step.number}", "bold"), (what, ""), *([(seen, "")] if seen else []), (spent, "dim"))


def check_writable(output: str) -> None:
    """Raise, before anything is paid, where the result could not be written."""
    path = Path(output)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(f"cannot write {output}: name a file in a folder that is there")
    was_there = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise unwritable(output, error) from None
    if not was_there:
        path.unlink()


def hand_over(console: Any, tuned: Tuned, run: str, output: str | None, format_: str) -> None:
    """Print how it ended, and print the best prompt or write it to a file."""
    figures = (
        ("first prompt", tuned.test_before, ""),
        ("best prompt", tuned.test_after, ""),
        ("gain", tuned.test_gain, "+"),
    )
    for name, found, sign in figures:
        if found and (tuned.improved or name == "first prompt"):
            show.say(console, show.line(("test", "bold"), (f"{name}  {percent(found, sign)}", "")))
    ending = "a better prompt" if tuned.improved else "no better prompt was found, the first one stands"
    show.say(console, show.plain(f"{ending}: {tuned.stopped}"))
    if tuned.doubt:
        show.say(console, show.plain(tuned.doubt, "yellow"))
    if tuned.exhausted:
        show.say(console, show.plain(f"to go on with more: coderefine tune --resume {run} --max-...", "dim"))
    if output:
        try:
            Path(output).write_text(tuned.prompt + "\n", encoding="utf-8")
        except OSError as error:
            raise unwritable(output, error) from None
    if format_ == "json":
        click.echo(json.dumps({"version": 1, "run": run, **tuned.to_json()}, indent=2))
    elif not output:
        show.print_source(tuned.prompt + "\n")


def print_recorded(found: dict[str, Any]) -> None:
    """Print the record of a tuning run, as `Tuned.to_json` writes it."""
    console = show.console()
    for step in found["steps"]:
        seen = "" if step["validation"] is None else f"  validation {step['validation']:.1%}"
        spent = f"{show.count(step['calls'], 'call')} · {show.money(step['cost_usd'])}"
        show.say(
            console, show.plain(f"step {step['number']}  {step['ending']}{seen}  best {step['best']:.1%}  {spent}")
        )
    show.say(console, show.plain(found["stopped"], "dim"))
    if found.get("doubt"):
        show.say(console, show.plain(found["doubt"], "yellow"))
    show.print_source(found["prompt"] + "\n")
