"""`coderefine score`: score a set of problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    Number,
    Whole,
    are_default,
    budget_options,
    chosen_format,
    chosen_models,
    engine_options,
    follow_links_option,
    home_option,
    open_store,
    packages_option,
    quiet_option,
    sandbox_options,
)
from coderefine.cli.score_compare import WithCompare
from coderefine.problem.suite import ALLOWED

if TYPE_CHECKING:
    from typing import Any

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
def command(problems: tuple[str, ...], **given: Any) -> int:
    """Score programs on all tests of PROBLEMS: given ones, or a model's, before and after refinement.

    PROBLEMS are problem directories, folders of them, names of bundled problems, or files of a format that `coderefine
    import` reads; without --solutions or --generate, the programs that came with them are scored. Refinement sees the
    visible tests only; hidden ones only score. --max-cost and the like hold for each program, --max-total-cost and the
    like for all. `coderefine score compare RUN_A RUN_B` compares two runs.

    The run is recorded as it goes: after a crash or Ctrl-C, --resume goes on. Exits with 0 when all is scored, with 1
    where --fail-under is not met, with 3 where attempts failed because of a model or the judge.
    """
    from coderefine.cli import show
    from coderefine.cli.score_engine import opened
    from coderefine.cli.score_run import carry_out, hand_over
    from coderefine.cli.score_setup import asked, resumed, whereabouts
    from coderefine.record.store import Store

    resume, home = given["resume"], given["home"]
    where = whereabouts(given)
    _check(bool(problems), given)
    new = None if resume else ("", *asked(problems, given, where), where)
    console = show.story()
    console.quiet = given["quiet"]
    with open_store(home) if resume else Store.open(home) as store:
        run, setup, options, where = new or resumed(store, resume, given, where)
        if where["ray_address"] and where["engine"] != "ray":
            raise click.UsageError("--ray-address needs --engine ray")
        opening = opened(
            **where,
            allow=setup.allow,
            refines=bool(options.models),
            tell=lambda it: console.print(show.plain(it, "dim")),
        )
        summary, run = carry_out(store, run, setup, options, opening, given["redo"], console)
        hand_over(store, run, summary, given["format_"], given["output"])
    if summary.failed:
        return 3
    fail_under = given["fail_under"]
    return 1 if fail_under is not None and summary.after.mean < fail_under else 0


def _check(has_problems: bool, given: dict[str, Any]) -> None:
    """Raise UsageError for options that contradict each other."""
    if given["ask_oracle"] and not given["refine"]:
        raise click.UsageError("--ask-oracle needs --refine")
    if given["redo"] and not given["resume"]:
        raise click.UsageError("--redo needs --resume RUN")
    if given["resume"]:
        if has_problems or given["solutions"] or given["generate"] or given["refine"] or not are_default(*_FIXED):
            raise click.UsageError("--resume goes on with what the run was asked for; leave out the rest")
        return
    if not has_problems:
        raise click.UsageError("name the PROBLEMS to score")
    if given["generate"] and given["solutions"]:
        raise click.UsageError("--generate writes the programs that --solutions would give; choose one")
    if given["generate"] and set(chosen_models(given["models"], given["pipeline"])) <= {"search"}:
        raise click.UsageError("--generate needs a language model: --model NAME")
    if given["samples"] > 1 and not given["generate"]:
        raise click.UsageError("-k is the number of drafts that --generate writes")
