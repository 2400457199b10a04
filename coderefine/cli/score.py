"""`coderefine score`: score a set of problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from coderefine.cli import completing
from coderefine.cli.options import (
    Number,
    Whole,
    budget_options,
    chosen_format,
    chosen_models,
    engine_options,
    follow_links_option,
    home_option,
    open_store,
    packages_option,
    quiet_option,
    read_instruction,
    read_prompts,
    sandbox_options,
)
from coderefine.cli.score_compare import WithCompare
from coderefine.problem.suite import ALLOWED

if TYPE_CHECKING:
    from typing import Literal

    from coderefine.pipeline.graph import Pipeline
    from coderefine.scoring.setup import Setup

_FIXED = ("fail_fast", "test_seconds", "program_seconds", "allow")


@click.command("score", cls=WithCompare)
@click.argument("problems", nargs=-1, metavar="[PROBLEMS]...", shell_complete=completing.problems)
@click.option("--from", "from_", metavar="FORMAT", help="Format of PROBLEMS, where their rows do not show it.")
@click.option(
    "--solutions",
    metavar="PLACE",
    help="A folder, a file of samples as harnesses write them, or `oracle`: the set's own programs.",
)
@click.option("--generate", is_flag=True, help="Have the model write the first drafts.")
@click.option("-k", "samples", type=Whole(1), default=1, show_default=True, help="Drafts for each problem.")
@click.option("--refine", is_flag=True, help="Refine each program on the visible tests, and score it before and after.")
@click.option(
    "--ask-oracle", is_flag=True, help="With --refine: the set's own program answers what `refine --ask` would ask."
)
@click.option("--model", "models", multiple=True, envvar="CODEREFINE_MODEL", help="As of refine; may be repeated.")
@click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server.")
@engine_options
@click.option(
    "--fail-fast/--all-tests",
    default=True,
    show_default=True,
    help="Whether the first test that a program fails is its last; the table is the same either way.",
)
@click.option("--test-seconds", type=Number(0.01), metavar="S", help="CPU time of a test, in place of the set's.")
@click.option("--program-seconds", type=Number(0.01), metavar="S", help="CPU time of all tests of a program together.")
@click.option("--harden/--no-harden", default=True, help="As of refine: compare programs that pass on further inputs.")
@click.option("--shrink/--no-shrink", default=True, help="As of refine: reduce a model's rewrite to what tests need.")
@click.option("--iterations", type=Whole(1), default=5, show_default=True, help="Steps of each model.")
@budget_options
@click.option("--max-total-cost", type=Number(0), metavar="USD", help="Budget of money, for all together.")
@click.option("--max-total-calls", type=Whole(0), help="Budget of model calls, for all together.")
@click.option("--max-total-tokens", type=Whole(0), help="Budget of tokens, for all together.")
@click.option("--calls-per-minute", type=Number(0, min_open=True), help="No more model calls than that.")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Who judges: this machine, or a Ray cluster; drafts and refinement stay here.",
)
@click.option(
    "--ray-address", metavar="ADDRESS", help="Of a cluster, as Ray has it; else RAY_ADDRESS, else one is started here."
)
@packages_option
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice([*ALLOWED, "evaluator"]),
    help="What tests that pytest runs may do in the sandbox; evaluator: see evolve. May be repeated.",
)
@click.option("--workers", type=Whole(1, 1024), help="Attempts at once; as many as processors, 8 with a model.")
@click.option("--limit", type=Whole(1), metavar="N", help="Score the first N problems only.")
@click.option(
    "--resume", metavar="RUN", help="Go on with a scoring run, or `last`; what is recorded is not done again."
)
@click.option("--redo", metavar="SLUG", multiple=True, help="With --resume: do that problem again; `all` for all.")
@click.option("--fail-under", type=Number(0, 1), metavar="RATE", help="Exit with 1 below that completion rate.")
@click.option("-o", "--output", metavar="FILE", help="Write the result there, not to standard output.")
@follow_links_option
@home_option
@sandbox_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl", "junit", "csv", "github"]),
    default="text",
    callback=chosen_format,
    help="text for people, the others for programs; github prints annotations.",
)
@quiet_option
def command(
    problems: tuple[str, ...],
    from_: str | None,
    solutions: str | None,
    generate: bool,
    samples: int,
    refine: bool,
    ask_oracle: bool,
    models: tuple[str, ...],
    api_base: str | None,
    instruction: str | None,
    prompt: str | None,
    critic_prompt: str | None,
    patcher_prompt: str | None,
    critic_model: str | None,
    pipeline: Pipeline,
    candidates: int,
    edit_format: Literal["diff", "whole", "search"],
    timeout_s: float,
    answer_tokens: int | None,
    context_tokens: int | None,
    fail_fast: bool,
    test_seconds: float | None,
    program_seconds: float | None,
    harden: bool,
    shrink: bool,
    iterations: int,
    max_seconds: float | None,
    max_calls: int | None,
    max_tokens: int | None,
    max_cost: float | None,
    max_total_cost: float | None,
    max_total_calls: int | None,
    max_total_tokens: int | None,
    calls_per_minute: float | None,
    engine: Literal["local", "ray"],
    ray_address: str | None,
    packages: str | None,
    allow: tuple[str, ...],
    workers: int | None,
    limit: int | None,
    resume: str | None,
    redo: tuple[str, ...],
    fail_under: float | None,
    output: str | None,
    follow_links: bool,
    home: str | None,
    sandbox: str,
    image: str | None,
    format_: str,
    quiet: bool,
) -> int:
    """Score programs on all tests of PROBLEMS: given ones, or a model's, before and after refinement.

    PROBLEMS are problem directories, folders of them, names of bundled problems, or files of a format that `coderefine
    import` reads; without --solutions or --generate, the programs that came with them are scored. Refinement sees the
    visible tests only; hidden ones only score. --max-cost and the like hold for each program, --max-total-cost and the
    like for all. `coderefine score compare RUN_A RUN_B` compares two runs.

    The run is recorded as it goes: after a crash or Ctrl-C, --resume goes on. Exits with 0 when all is scored, with 1
    where --fail-under is not met, with 3 where attempts failed because of a model or the judge.
    """
    from dataclasses import replace
    from pathlib import Path

    from coderefine.budget import Budget
    from coderefine.cli import show
    from coderefine.cli.score_engine import opened
    from coderefine.cli.score_run import carry_out, hand_over
    from coderefine.engine import EngineOptions
    from coderefine.judge.site import requirements
    from coderefine.record.store import Store
    from coderefine.runs import tasks
    from coderefine.scoring import rows
    from coderefine.scoring.setup import Setup

    console = show.story()
    console.quiet = quiet
    wanted = requirements(packages) if packages else ()
    if ask_oracle and not refine:
        raise click.UsageError("--ask-oracle needs --refine")
    if redo and not resume:
        raise click.UsageError("--redo needs --resume RUN")
    if resume and (problems or solutions or generate or refine or not _are_default(*_FIXED)):
        raise click.UsageError("--resume goes on with what the run was asked for; leave out the rest")
    with open_store(home) if resume else Store.open(home) as store:
        if resume:
            run, setup, options = rows.load(store, resume)
            setup = replace(setup, limit=limit or setup.limit)
            setup = _with(setup, workers, calls_per_minute, max_total_cost, max_total_calls, max_total_tokens)
            options = replace(options, api_base=api_base or options.api_base)
            if _are_default("sandbox"):
                sandbox, image = options.command.get("sandbox", sandbox), image or options.command.get("image")
            if _are_default("engine"):
                engine = options.command.get("engine", engine)
                ray_address = ray_address or options.command.get("ray_address")
            wanted = wanted or tuple(options.command.get("packages") or ())
        else:
            models = chosen_models(models, pipeline)
            _check(problems, solutions, generate, samples, refine, models)
            setup = Setup(
                problems=problems,
                format=from_,
                solutions=solutions,
                drafts=samples if generate else 0,
                refine=refine,
                ask_oracle=ask_oracle,
                total=Budget(max_calls=max_total_calls, max_tokens=max_total_tokens, max_cost_usd=max_total_cost),
                calls_per_minute=calls_per_minute,
                limit=limit,
                fail_fast=fail_fast,
                test_s=test_seconds,
                program_s=program_seconds,
                allow=allow,
                threads=workers,
                follow_links=follow_links,
            )
            asked = EngineOptions(
                instruction=read_instruction(instruction) if instruction is not None else None,
                **read_prompts({"prompt": prompt, "critic_prompt": critic_prompt, "patcher_prompt": patcher_prompt}),
                critic=critic_model,
                pipeline=pipeline,
                candidates=candidates,
                edit_format=edit_format,
                timeout_s=timeout_s,
                answer_tokens=answer_tokens,
                context_tokens=context_tokens,
            )
            options = tasks.Options(
                models=(models or ("search",)) if refine or generate else (),
                budget=Budget(max_seconds, max_calls, max_tokens, max_cost),
                max_iterations=iterations,
                api_base=api_base,
                engine=asked,
                harden=harden,
                shrink=shrink,
                command={
                    "sandbox": sandbox,
                    "image": image,
                    "engine": engine,
                    "ray_address": ray_address,
                    "packages": list(wanted),
                    "folder": str(Path.cwd()),
                },
            )
            run = ""
        if ray_address and engine != "ray":
            raise click.UsageError("--ray-address needs --engine ray")
        refines = bool(options.models)
        opening = opened(
            engine,
            ray_address,
            sandbox,
            image,
            wanted,
            setup.allow,
            refines=refines,
            tell=lambda it: console.print(show.plain(it, "dim")),
        )
        summary, run = carry_out(store, run, setup, options, opening, redo, console)
        hand_over(store, run, summary, format_, output)
    if summary.failed:
        return 3
    return 1 if fail_under is not None and summary.after.mean < fail_under else 0


def _are_default(*names: str) -> bool:
    said = {click.get_current_context().get_parameter_source(name) for name in names}
    return said <= {ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP}


def _check(
    problems: tuple[str, ...],
    solutions: str | None,
    generate: bool,
    samples: int,
    refine: bool,
    models: tuple[str, ...],
) -> None:
    if not problems:
        raise click.UsageError("name the PROBLEMS to score")
    if generate and solutions:
        raise click.UsageError("--generate writes the programs that --solutions would give; choose one")
    if generate and set(models) <= {"search"}:
        raise click.UsageError("--generate needs a language model: --model NAME")
    if samples > 1 and not generate:
        raise click.UsageError("-k is the number of drafts that --generate writes")


def _with(
    setup: Setup,
    workers: int | None,
    calls_per_minute: float | None,
    cost: float | None,
    calls: int | None,
    tokens: int | None,
) -> Setup:
    """Return the set-up of a resumed run with changed limits of speed and cost."""
    from dataclasses import replace

    total = setup.total
    total = replace(
        total,
        max_cost_usd=total.max_cost_usd if cost is None else cost,
        max_calls=total.max_calls if calls is None else calls,
        max_tokens=total.max_tokens if tokens is None else tokens,
    )
    pace = calls_per_minute or setup.calls_per_minute
    return replace(setup, total=total, threads=workers or setup.threads, calls_per_minute=pace)
