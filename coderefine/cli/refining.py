"""The common part of the commands that refine a program: their options, and the run itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    F,
    Whole,
    allow_evaluator_option,
    budget_options,
    chosen_models,
    engine_options,
    home_option,
    in_place_option,
    keep_partial_option,
    lines_format_option,
    open_judge,
    output_option,
    packages_option,
    quiet_option,
    read_instruction,
    read_prompts,
    sandbox_options,
    verbose_option,
    warn,
)

if TYPE_CHECKING:
    from coderefine.accidents import Accidents
    from coderefine.problem.problem import Problem
    from coderefine.record.store import Store

_OPTIONS = (
    click.option(
        "--model",
        "models",
        multiple=True,
        default=("search",),
        show_default=True,
        envvar="CODEREFINE_MODEL",
        shell_complete=completing.models,
        help="search, or a litellm model name; may be repeated: the next one gets what the last one left.",
    ),
    click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server."),
    engine_options,
    click.option("--iterations", type=Whole(1), default=5, show_default=True, help="Steps of each model."),
    budget_options,
    click.option(
        "--harden/--no-harden", default=True, help="Whether programs that pass are compared on further inputs."
    ),
    click.option(
        "--shrink/--no-shrink", default=True, help="Whether a model's rewrite is reduced to the smallest tested edit."
    ),
    click.option(
        "--ask",
        is_flag=True,
        help="Where programs that pass differ, ask which answer is right; each answer is a test from then on.",
    ),
    click.option(
        "--peers",
        multiple=True,
        metavar="FILE",
        shell_complete=completing.files,
        help="A right program for the same problem, or a folder of them: their answers are tests. May be repeated.",
    ),
    click.option("--cache", is_flag=True, help="Answer calls that an earlier run made from its record, at no cost."),
    output_option,
    in_place_option,
    keep_partial_option,
    home_option,
    sandbox_options,
    packages_option,
    allow_evaluator_option,
    lines_format_option,
    quiet_option,
    verbose_option,
)


def refining_options(function: F) -> F:
    """Add the options of a refinement; `run` takes them."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def run(problem: Problem, source: str | None, file: str | None, given: dict[str, Any], told: str = "") -> int:
    """Refine `source`, the content of `file`, with the options in `given`; return the exit code.

    `told` is a first line about the problem.
    """
    from contextlib import closing, nullcontext
    from functools import partial

    from coderefine.accidents import Accidents
    from coderefine.budget import Budget
    from coderefine.cli import outcome, questions, show
    from coderefine.cli.narrator import Narrator
    from coderefine.descent.kind import PromptedKind
    from coderefine.engine import EngineOptions
    from coderefine.errors import UsageError
    from coderefine.evolution.options import EvolutionOptions
    from coderefine.judge.site import requirements
    from coderefine.pipeline.graph import FULL
    from coderefine.runs import tasks
    from coderefine.runs.asking import with_several

    if command := PromptedKind.of(problem).improved_by:
        place = " ".join([str(problem.path or problem.slug), *([file] if file else [])])
        raise UsageError(f"{problem.slug} is improved on its cases: {command} {place} --model NAME")
    if given.get("samples", 1) > 1 and not PromptedKind.of(problem).answers_in_words:
        raise UsageError("--samples is for questions, whose answers vote; for programs there is --candidates")
    pipeline = given["pipeline"] or FULL
    models = chosen_models(given["models"], pipeline)
    if given["in_place"] and file in (None, "-"):
        raise click.UsageError("--in-place needs a FILE")
    if source is None and set(models) == {"search"}:  # before a run is recorded that can only fail
        raise click.UsageError(
            "the search repairs a program but cannot write one: give a FILE, or a language model (--model)"
        )
    engine = EngineOptions(
        instruction=read_instruction(given["instruction"]) if given["instruction"] is not None else None,
        **read_prompts(given),
        critic=given["critic_model"],
        pipeline=pipeline,
        **{name: given[name] for name in ("candidates", "edit_format", "timeout_s", "answer_tokens", "context_tokens")},
    )
    console = show.story()
    console.quiet = given["quiet"] or given["format_"] != "text"
    packages = requirements(given["packages"]) if given["packages"] else ()
    delivery = outcome.Delivery.of(file, given["output"], given["in_place"], given["keep_partial"])
    options = tasks.Options(
        budget=Budget(
            given["max_seconds"], given["max_calls"], given["max_tokens"], given["max_cost"], given.get("programs")
        ),
        evolution=given.get("evolution", EvolutionOptions()),
        max_iterations=given["iterations"],
        engine=engine,
        command={
            "folder": str(Path.cwd()),
            "sandbox": given["sandbox"],
            "image": given["image"],
            "packages": list(packages),
            "allow": list(given["allow"]),
            "delivery": delivery.to_json(),
        },
        models=models,
        samples=given.get("samples", 1),
        **{name: given[name] for name in ("api_base", "harden", "shrink", "cache")},
    )
    if given["ask"]:
        options = with_several(options)
    accidents = Accidents(warn)
    store = _open_store(given["home"], accidents, given["max_seconds"])
    with (
        accidents.within(
            "closing the sandbox",
            open_judge(given["sandbox"], given["image"], packages, given["allow"]),
        ) as judge,
        accidents.within("closing the store of runs", closing(store) if store else nullcontext()),
    ):
        if given["peers"]:
            from coderefine.cli.peers import ask_peers

            problem, said = ask_peers(problem, judge, given["peers"])
            told = "\n".join(filter(None, [told, said]))
        narrator = Narrator(console, problem, accidents, given["verbose"])
        narrator.head(show.line((problem.title, "bold"), show.sandbox_line(judge)))
        if told:
            narrator.head(show.plain(told, "dim"))
        task = tasks.begin(store, problem, source, options, judge.backend, warn)
        ask = None
        if given["ask"]:
            asker = questions.Asker(console, None if given["format_"] == "json" else sys.stdin)
            ask = partial(questions.ask, judge, asker, problem if given.get("save_tests") else None)
        return outcome.carry_out(store, task, judge, narrator, delivery, given["format_"], ask)


def _open_store(home: str | None, accidents: Accidents, max_seconds: float | None) -> Store | None:
    """Open or create the store; a run is never lost to a store that fails, nor its time to one that is locked."""
    from coderefine.record.store import PATIENCE_S, Store
    from coderefine.record.writer import RECORDING, UNRECORDED

    with accidents.survive(RECORDING, UNRECORDED):
        return Store.open(home, patience_s=min(PATIENCE_S, max_seconds or PATIENCE_S))
    return None
