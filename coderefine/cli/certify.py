"""`coderefine certify`: what the tests of a problem leave open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    Whole,
    follow_links_option,
    format_option,
    open_judge,
    packages_option,
    quiet_option,
    sandbox_options,
    warn,
)

if TYPE_CHECKING:
    from rich.console import Console

    from coderefine.problem.problem import Problem
    from coderefine.search.survivors import Certificate, Telling

_SHOWN = 5
"""Changes that are listed one by one."""


@click.command("certify")
@click.argument("problem", shell_complete=completing.problems)
@click.argument("file", shell_complete=completing.files)
@click.option("--changes", type=Whole(1), default=1000, show_default=True, help="How many to try at most.")
@click.option("--save-tests", is_flag=True, help="Add the proposed tests, with FILE's answers, to the problem.")
@sandbox_options
@packages_option
@follow_links_option
@format_option
@quiet_option
def command(
    problem: str,
    file: str,
    changes: int,
    save_tests: bool,
    sandbox: str,
    image: str | None,
    packages: str | None,
    follow_links: bool,
    format_: str,
    quiet: bool,
) -> int:
    """Say which small changes of FILE, a right solution to PROBLEM, all tests let through.

    Each is run on further inputs; where one answers something else than FILE, that input is proposed as a test, with
    FILE's answer for you to confirm. Exits with 0 if no test is to be proposed, 1 if some are or FILE fails a test.
    """
    from coderefine.cli import show
    from coderefine.cli.questions import keep
    from coderefine.cli.solution import read_task
    from coderefine.judge.site import requirements
    from coderefine.search.survivors import certify

    task = read_task(problem, file, None, follow_links=follow_links)
    assert task.source is not None
    with open_judge(sandbox, image, requirements(packages) if packages else ()) as judge:
        if not quiet and format_ != "json":
            show.story().print(show.line((task.problem.title, "bold"), show.sandbox_line(judge)))
        found = certify(task.problem, judge, task.source, max_changes=changes)
    if save_tests and found.telling and not found.are_certain:
        warn("no test is saved: whether these inputs are valid is not certain; look at them, and add those that are")
    elif save_tests:
        keep(task.problem, found.with_tests(task.problem))
    if format_ == "json":
        click.echo(json.dumps(_as_json(task.problem, found), indent=2))
    else:
        _print(show.console(), task.problem, found)
    return 0 if found.report.accepted and not found.telling else 1


def _print(console: Console, problem: Problem, found: Certificate) -> None:
    from coderefine.cli import show
    from coderefine.rendering import count

    if not found.report.accepted:
        console.print(show.plain("only a program that passes all tests can say what they leave open"))
        show.print_cases(console, problem, found.report)
        return
    caught = found.changes - found.survivors
    console.print(
        show.plain(
            f"{count(found.changes, 'small change')} tried: {caught:,} fail a test, {found.survivors:,} pass all"
        )
    )
    if found.telling:
        told = sum(len(it.survivors) for it in found.telling)
        console.print(show.plain(f"\n{count(len(found.telling), 'test')} would catch {told} of these:"))
    for telling in found.telling:
        console.print(show.plain(f"  {_text(problem, telling)}", "bold"))
        _print_notes(console, [it.note for it in telling.survivors])
    if found.alike:
        console.print(
            show.plain(f"\n{count(len(found.alike), 'change')} without an effect on {count(found.inputs, 'input')}:")
        )
        _print_notes(console, [it.note for it in found.alike])


def _print_notes(console: Console, notes: list[str]) -> None:
    from coderefine.cli import show

    for note in notes[:_SHOWN]:
        console.print(show.plain(f"    {note}", "dim"))
    if len(notes) > _SHOWN:
        console.print(show.plain(f"    and {len(notes) - _SHOWN} more", "dim"))


def _text(problem: Problem, telling: Telling) -> str:
    from coderefine.problem.problem import TestCase
    from coderefine.rendering import literal

    return f"{problem.kind.case_text(problem, TestCase('', telling.args))} → {literal(telling.value)}"


def _as_json(problem: Problem, found: Certificate) -> dict[str, Any]:
    from coderefine.rendering import literal

    def change(note: str, source: str) -> dict[str, str]:
        return {"note": note, "source": source}

    return {
        "version": 1,
        "problem": problem.slug,
        "accepted": found.report.accepted,
        "changes": found.changes,
        "survivors": found.survivors,
        "inputs": found.inputs,
        "tests": [
            {
                "input": [literal(arg) for arg in it.args],
                "answer": literal(it.value),
                "catches": [change(survivor.note, survivor.source) for survivor in it.survivors],
            }
            for it in found.telling
        ],
        "alike": [change(it.note, it.source) for it in found.alike],
    }
