"""`coderefine evolve`: evolve a candidate of a problem that is measured."""

from __future__ import annotations

from typing import Any

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    Whole,
    allow_evaluator_option,
    budget_options,
    follow_links_option,
    home_option,
    in_place_option,
    lines_format_option,
    output_option,
    packages_option,
    quiet_option,
    sandbox_options,
    verbose_option,
)

_ENDLESS = 1_000_000
"""A number of steps without end: the budget and the targets end an evolution, not the number of improvements."""
_UNUSED: dict[str, Any] = {
    "instruction": None,
    "prompt": None,
    "critic_model": None,
    "pipeline": None,
    "critic_prompt": None,
    "patcher_prompt": None,
    "candidates": 1,
    "edit_format": "diff",
    "timeout_s": 120.0,
    "answer_tokens": None,
    "context_tokens": None,
    "ask": False,
    "peers": (),
    "cache": False,
    "harden": False,
    "shrink": False,
}
"""Options of a refinement that an evolution does not use."""


@click.command("evolve")
@click.argument("problem", shell_complete=completing.problems)
@click.argument("file", metavar="[PROGRAM]", required=False, shell_complete=completing.files)
@click.option(
    "--model",
    "engines",
    multiple=True,
    default=("search",),
    show_default=True,
    shell_complete=completing.models,
    help="Who varies programs: search, which needs no model, or a litellm model name; may be repeated.",
)
@click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server.")
@click.option("--programs", type=Whole(1), default=2000, show_default=True, help="Programs to try at most.")
@click.option("--seed", type=int, default=0, show_default=True, help="One seed gives one course of events.")
@click.option("--islands", type=Whole(1), default=4, show_default=True, help="Populations that rarely mix.")
@click.option(
    "--batch", type=Whole(1), default=16, show_default=True, help="Programs of a generation, judged side by side."
)
@click.option(
    "--migration", type=Whole(0), default=8, show_default=True, help="Generations between migrations; 0 for none."
)
@click.option(
    "--descriptor",
    "descriptors",
    multiple=True,
    default=("length",),
    show_default=True,
    metavar="NAME",
    help="What cells are made of: length, operations, or the name of a metric; may be repeated.",
)
@click.option(
    "--patience", type=Whole(1), default=2000, show_default=True, help="Programs in a row that may be no better."
)
@budget_options
@output_option
@in_place_option
@home_option
@sandbox_options
@packages_option
@allow_evaluator_option
@lines_format_option
@quiet_option
@verbose_option
@follow_links_option
def command(problem: str, file: str | None, follow_links: bool, **given: Any) -> int:
    """Evolve PROGRAM, a candidate of PROBLEM, until all targets are met; print the change as a unified diff.

    PROBLEM is a problem of kind objective: its evaluator measures what candidates put out. Without PROGRAM the
    problem's starter is where it begins. The best measured candidate is the result, also where a target is missed.

    The run is recorded as it goes: `coderefine resume` goes on after a crash and comes to the same programs.
    """
    from coderefine.cli import refining
    from coderefine.cli.solution import read_task
    from coderefine.errors import UsageError
    from coderefine.evolution.options import EvolutionOptions

    task = read_task(problem, file, None, follow_links=follow_links)
    if not task.problem.is_measured:
        raise UsageError(f"{task.problem.slug} is not measured; evolve is for problems of kind objective")
    source = task.source or task.problem.starter
    if not source.strip():
        raise UsageError(f"{task.problem.slug} has no starter; give a PROGRAM to begin with")
    known = ["length", "operations", *(metric.name for metric in task.problem.evaluation.metrics)]
    for name in given["descriptors"]:
        if name not in known:
            raise UsageError(f"--descriptor {name}: expected one of {', '.join(known)}")
    names = ("seed", "islands", "batch", "migration", "descriptors", "engines", "patience")
    evolution = EvolutionOptions(**{name: given.pop(name) for name in names})
    asked = {**_UNUSED, **given, "models": ("evolve",), "iterations": _ENDLESS, "keep_partial": True}
    return refining.run(task.problem, source, task.file, {**asked, "evolution": evolution}, task.told)
