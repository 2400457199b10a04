"""`coderefine refine`: repair a solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coderefine.cli.options import (
    budget_options,
    engine_options,
    follow_links_option,
    format_option,
    home_option,
    in_place_option,
    open_judge,
    output_option,
    quiet_option,
    read_instruction,
    read_solution,
    sandbox_options,
    verbose_option,
    warn,
)

if TYPE_CHECKING:
    from typing import Literal

    from coderefine.accidents import Accidents
    from coderefine.record.store import Store


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
@budget_options
@click.option("--harden/--no-harden", default=True, help="Whether programs that pass are compared on further inputs.")
@click.option("--cache", is_flag=True, help="Answer calls that an earlier run made from its record, at no cost.")
@output_option
@in_place_option
@home_option
@sandbox_options
@follow_links_option
@format_option
@quiet_option
@verbose_option
def command(
    problem: str,
    file: str | None,
    models: tuple[str, ...],
    api_base: str | None,
    instruction: str | None,
    critic_model: str | None,
    candidates: int,
    edit_format: Literal["diff", "whole", "search"],
    timeout_s: float,
    answer_tokens: int | None,
    context_tokens: int | None,
    iterations: int,
    max_seconds: float | None,
    max_calls: int | None,
    max_tokens: int | None,
    max_cost: float | None,
    harden: bool,
    cache: bool,
    output: str | None,
    in_place: bool,
    home: str | None,
    sandbox: str,
    image: str | None,
    follow_links: bool,
    format_: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Refine FILE, a solution to PROBLEM, until it passes the visible tests; print the change as a unified diff.

    PROBLEM is a problem directory or the name of a bundled problem. FILE may be "-" for standard input; without it a
    language model (--model) drafts the first solution. FILE is not changed unless you say --in-place.

    The run is recorded as it goes: `coderefine resume` goes on after a crash, `coderefine runs` shows it.
    """
    if in_place and file in (None, "-"):
        raise click.UsageError("--in-place needs a FILE")
    if file is None and set(models) == {"search"}:  # before a run is recorded that could only fail
        raise click.UsageError(
            "the search repairs a program but cannot write one: give a FILE, or a language model (--model)"
        )
    from contextlib import closing, nullcontext

    from coderefine.accidents import Accidents
    from coderefine.budget import Budget
    from coderefine.cli import outcome, show
    from coderefine.cli.narrator import Narrator
    from coderefine.engine import EngineOptions
    from coderefine.folder.loading import load_problem
    from coderefine.runs import tasks

    engine = EngineOptions(
        instruction=read_instruction(instruction) if instruction is not None else None,
        critic=critic_model,
        candidates=candidates,
        edit_format=edit_format,
        timeout_s=timeout_s,
        answer_tokens=answer_tokens,
        context_tokens=context_tokens,
    )
    loaded = load_problem(problem, follow_links=follow_links)
    source = read_solution(file) if file else None
    console = show.story()
    console.quiet = quiet or format_ == "json"
    delivery = outcome.Delivery.of(file, output, in_place)
    options = tasks.Options(
        models=models,
        budget=Budget(max_seconds, max_calls, max_tokens, max_cost),
        max_iterations=iterations,
        api_base=api_base,
        harden=harden,
        cache=cache,
        engine=engine,
        command={"sandbox": sandbox, "image": image, "delivery": delivery.to_json()},
    )
    accidents = Accidents(warn)
    store = _open_store(home, accidents)
    with (
        accidents.within("closing the sandbox", open_judge(sandbox, image)) as judge,
        accidents.within("closing the store of runs", closing(store) if store else nullcontext()),
    ):
        narrator = Narrator(console, loaded, accidents, verbose)
        narrator.head(show.line((loaded.title, "bold"), show.sandbox_line(judge)))
        task = tasks.begin(store, loaded, source, options, judge.backend, warn)
        with narrator.told() as observers:
            result = tasks.go_on(store, task, judge, observers)
        return outcome.hand_over(result, delivery, narrator, run=task.run, format_=format_)


def _open_store(home: str | None, accidents: Accidents) -> Store | None:
    """Open or make the store; a run is never lost to one that fails."""
    from coderefine.record.store import Store
    from coderefine.record.writer import RECORDING, UNRECORDED

    with accidents.survive(RECORDING, UNRECORDED):
        return Store.open(home)
    return None
