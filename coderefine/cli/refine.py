"""`coderefine refine`: repair a solution."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coderefine.cli.options import (
    engine_options,
    format_option,
    open_judge,
    quiet_option,
    read_instruction,
    read_solution,
    sandbox_options,
)

if TYPE_CHECKING:
    from typing import Literal

    from rich.console import Console

    from coderefine.problem import Problem
    from coderefine.result import Candidate, Iteration, Result


@click.command("refine")
@click.argument("problem")
@click.argument("file", required=False)
@click.option(
    "--model",
    "models",
    multiple=True,
    default=("search",),
    show_default=True,
    envvar="CODEREFINE_MODEL",
    help="search, or a litellm model name; may be repeated: the next one gets what the last one left.",
)
@click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server.")
@engine_options
@click.option("--iterations", type=click.IntRange(1), default=5, show_default=True, help="Steps of each model.")
@click.option("--max-seconds", type=click.FloatRange(0, min_open=True), help="Time budget of the whole run.")
@click.option("--max-calls", type=click.IntRange(0), help="Budget of model calls.")
@click.option("--max-tokens", type=click.IntRange(0), help="Budget of tokens, prompts and answers together.")
@click.option("--max-cost", type=click.FloatRange(0), metavar="USD", help="Budget of money.")
@click.option("-o", "--output", metavar="FILE", help="Write the refined program there; - is standard output.")
@click.option("-i", "--in-place", is_flag=True, help="Write the refined program back to FILE.")
@sandbox_options
@format_option
@quiet_option
def command(
    problem: str,
    file: str | None,
    models: tuple[str, ...],
    api_base: str | None,
    instruction: str | None,
    critic_model: str | None,
    candidates: int,
    edit_format: Literal["diff", "whole"],
    iterations: int,
    max_seconds: float | None,
    max_calls: int | None,
    max_tokens: int | None,
    max_cost: float | None,
    output: str | None,
    in_place: bool,
    sandbox: str,
    image: str | None,
    format_: str,
    quiet: bool,
) -> int:
    """Refine FILE, a solution to PROBLEM, until it passes the visible tests; print the change as a unified diff.

    PROBLEM is a problem directory or the name of a bundled problem. FILE may be "-" for standard input; without it a
    language model (--model) drafts the first solution. FILE is not changed unless you say --in-place.
    """
    if in_place and file in (None, "-"):
        raise click.UsageError("--in-place needs a FILE")
    from coderefine.budget import Budget
    from coderefine.cli import show
    from coderefine.engine import EngineOptions
    from coderefine.files import write_whole
    from coderefine.loading import load_problem
    from coderefine.refine import refine

    options = EngineOptions(
        instruction=read_instruction(instruction) if instruction is not None else None,
        critic=critic_model,
        candidates=candidates,
        edit_format=edit_format,
    )
    loaded = load_problem(problem)
    source = read_solution(file) if file else None
    console = show.story()
    console.quiet = quiet or format_ == "json"
    with open_judge(sandbox, image) as judge:
        console.print(show.line((loaded.title, "bold"), show.sandbox_line(judge)))
        result = refine(
            loaded,
            source,
            models=models,
            judge=judge,
            budget=Budget(max_seconds, max_calls, max_tokens, max_cost),
            max_iterations=iterations,
            api_base=api_base,
            options=options,
            on_start=lambda candidate: _show_start(console, loaded, candidate),
            on_iteration=lambda iteration: _show_iteration(console, loaded, iteration),
        )
    if in_place and result.diff:
        output = file
    if output and output != "-":
        write_whole(Path(output), result.source)
    if format_ == "json":
        click.echo(json.dumps(result.to_json(), indent=2))
    elif output == "-" or (file is None and not output):
        sys.stdout.write(result.source)
    elif result.diff:
        from coderefine.patch import make_diff

        console.print()
        show.print_diff(make_diff(result.original.source, result.source, _name_in_diff(file)))
    _show_end(console, result)
    if result.interrupted:
        return 130
    if result.failure and not result.accepted:
        return result.failure.exit_code
    return 0 if result.accepted else 1


def _name_in_diff(file: str | None) -> str:
    """The path as it was given, so that `patch -p1` works where the command was typed."""
    if file in (None, "-"):
        return "solution.py"
    path = Path(str(file))
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


def _show_start(console: Console, problem: Problem, candidate: Candidate) -> None:
    from coderefine.cli import show

    console.print(show.line(("before", "bold"), show.summary(candidate.report)))
    console.print(show.indented(show.cases(problem, candidate.report)))


def _show_iteration(console: Console, problem: Problem, iteration: Iteration) -> None:
    from coderefine.cli import show

    console.print()
    console.print(show.line((f"iteration {iteration.number}", "bold"), (iteration.engine, "dim")))
    console.print(show.indented(show.plain(iteration.criticism)))
    for candidate in iteration.tested[:1]:
        console.print(show.indented(show.line(("patch", "bold"), (candidate.note or "see the diff", ""))))
        console.print(show.indented(show.line(("after", "bold"), show.summary(candidate.report))))
        console.print(show.indented(show.cases(problem, candidate.report), 4))
    if not iteration.tested:
        console.print(show.plain("  no patch was found", style="yellow"))


def _show_end(console: Console, result: Result) -> None:
    from coderefine.cli import show

    cost = "cost unknown" if result.cost_usd is None else f"${result.cost_usd:.4f}" if result.cost_usd else "$0"
    figures = (
        f"{result.backend} · {result.candidates} candidates · {result.calls} calls · {cost} · {result.seconds:.1f} s"
    )
    if result.accepted:
        ending = "plausible: all visible tests pass" if result.diff else "nothing to do: all visible tests pass already"
    else:
        ending = f"not accepted: {result.stopped}; " + (
            "the best so far" if result.diff else "the program is unchanged"
        )
    console.print()
    console.print(show.line(show.verdict_text(result.verdict), (ending, "")))
    console.print(show.plain(figures, style="dim"))
