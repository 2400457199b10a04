"""`coderefine tune`: make a prompt better on a set of problems."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from coderefine.cli import completing
from coderefine.cli.options import (
    Whole,
    answer_tokens_option,
    budget_options,
    context_option,
    format_option,
    home_option,
    open_store,
    quiet_option,
    read_instruction,
    sandbox_options,
    timeout_option,
)
from coderefine.cli.tune_options import LIMITS, asked_of_models, changed, resumable

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge
    from coderefine.problem.problem import Problem
    from coderefine.runs.tasks import Options
    from coderefine.tuning.setup import TuneSetup

_OF_ANY_RUN = {"resume", "home", "format_", "quiet", "output", "api_base", "sandbox", "image", *LIMITS}


class Sizes(click.ParamType):  # type: ignore[type-arg]
    """Three whole numbers with commas, of which the last may be 0."""

    name = "n,n,n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Return the numbers; raises BadParameter."""
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(",")]
        if len(parts) != len("abc") or not all(part.isascii() and part.isdigit() and len(part) < 8 for part in parts):
            self.fail("expected three numbers, such as 20,20,30: to learn from, to choose by, to score", param, ctx)
        sizes = tuple(map(int, parts))
        if not (sizes[0] and sizes[1]):
            self.fail("at least one problem is needed to learn from, and one to choose by", param, ctx)
        return sizes


@click.command("tune")
@click.argument("problems", required=False, metavar="[PROBLEMS]", shell_complete=completing.problems)
@click.argument("prompt", required=False, metavar="[PROMPT]", shell_complete=completing.files)
@click.option(
    "--for",
    "tuned",
    type=click.Choice(["prompt", "instruction", "critic", "patcher"]),
    default="prompt",
    show_default=True,
    help="What PROMPT is: one that answers; of repairs, the test-time instruction, or a system prompt.",
)
@click.option("--from", "from_", metavar="FORMAT", help="Format of PROBLEMS, where their rows do not show it.")
@click.option(
    "--pipeline",
    is_flag=True,
    help="Learn which stages of refine pay on the programs of PROBLEMS; needs no model.",
)
@click.option(
    "--model",
    "models",
    metavar="NAME",
    multiple=True,
    envvar="CODEREFINE_MODEL",
    help="Criticises and rewrites the prompt. With --pipeline: an engine of refine, search by default; repeatable.",
)
@click.option("--forward-model", metavar="NAME", help="Answers with the prompt; else --model does.")
@click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server.")
@click.option("--batch", type=Whole(1), default=3, show_default=True, help="Problems that a step learns from.")
@click.option("--steps", type=Whole(0), default=12, show_default=True, help="Steps, at most.")
@click.option(
    "--samples", type=Whole(1, 16), help="New prompts that a step asks for, else 1; pipelines that it tries, else 4."
)
@click.option(
    "--weights",
    metavar="TEXT",
    help="What a pipeline is worth: solved=1,seconds=0.02,usd=1,calls=0,tokens=0, or what differs from that.",
)
@click.option(
    "--split",
    "sizes",
    type=Sizes(),
    metavar="N,N,N",
    help="Problems to learn from, to choose by and to score; else two, two and three sevenths.",
)
@click.option("--seed", type=Whole(0), default=0, show_default=True, help="Of the parts and of the batches.")
@click.option("--constraint", "constraints", multiple=True, metavar="TEXT", help="What a prompt must meet; repeatable.")
@timeout_option
@answer_tokens_option
@context_option
@click.option("--cache", is_flag=True, help="Answer calls that an earlier run made from its record, at no cost.")
@budget_options
@click.option("--resume", metavar="RUN", shell_complete=completing.runs, help="Go on with a run as it was asked for.")
@click.option("-o", "--output", metavar="FILE", shell_complete=completing.files, help="Write the best prompt there.")
@home_option
@sandbox_options
@format_option
@quiet_option
def command(problems: str | None, prompt: str | None, **given: Any) -> int:
    """Make a prompt better on a set of problems, and print the best one.

    PROBLEMS is a set as `score` takes it: questions, or problems whose solutions are programs. PROMPT is a file with
    the system prompt to begin with, or with a whole prompt that has the field $question; else it is the built-in one.

    With --for instruction, wrong programs of the set are repaired by criticisms that follow PROMPT; the best one is a
    file for --instruction of refine and score. With --for critic or --for patcher, PROMPT is the system prompt of one
    of them, and the best one a file for --critic-prompt or --patcher-prompt.

    A step answers a batch with the prompt, criticises what is wrong and rewrites the prompt. The new one has to be
    better on the batch, then on the part to choose by; the part to score is for the first and the last prompt only.

    With --pipeline it is learnt which stages of refine pay on the programs that PROBLEMS bring, or on wrong submissions
    of problem folders; what is printed is a file for --pipeline of refine and score.

    The run is recorded: after a crash, Ctrl-C or a spent budget, --resume goes on and pays nothing twice. Exits with 0
    where a better prompt was found, with 1 where not.
    """
    from coderefine.cli import show, tune_pipeline
    from coderefine.cli.options import warn
    from coderefine.cli.tuned import check_writable, hand_over, step_line
    from coderefine.record.store import Store
    from coderefine.scoring.tally import Tally
    from coderefine.tuning import running
    from coderefine.tuning.split import split

    console = show.story()
    console.quiet = given["quiet"] or given["format_"] != "text"
    resume = given["resume"]
    if resume and (problems or prompt or not _are_default({*given} - _OF_ANY_RUN)):
        raise click.UsageError("--resume goes on with what the run was asked for; leave out the rest")
    if not resume and not problems:
        raise click.UsageError("name the PROBLEMS to tune a prompt on")
    if given["output"]:
        check_writable(given["output"])
    if given["pipeline"] or (resume and tune_pipeline.is_one(resume, given["home"])):
        return tune_pipeline.run(problems or "", prompt, given)
    if given["weights"] is not None:
        raise click.UsageError("--weights are those of a pipeline; say --pipeline too")
    if not resume and (len(given["models"]) != 1 or given["models"] == ("search",)):
        raise click.UsageError("tune needs a language model, and one alone: --model NAME")
    with open_store(given["home"]) if resume else Store.open(given["home"]) as store:
        run, setup, options = running.load(store, resume) if resume else ("", *_asked(problems or "", prompt, given))
        options = changed(options, given) if resume else options
        tally = Tally()
        found = setup.read(tally.fault)
        tally.tell(warn)
        problems_found = [record.problem for record in found]
        split(problems_found, setup.sizes, setup.options.seed)  # raises before a run is recorded that could only fail
        setup = setup if setup.prompt else _with_built_in(setup, problems_found)
        with _judge(problems_found, given["sandbox"], given["image"]) as judge:
            run = run or running.begin(store, setup, options, judge.backend)
            models = f"{setup.forward_model or options.models[0]} answers, {options.models[0]} criticises"
            console.print(show.line((Path(setup.problems).name, "bold"), (models, ""), (f"run {run}", "dim")))
            with resumable(run):
                tuned = running.go_on(
                    store, run, setup, options, found, judge, lambda step: show.say(console, step_line(step)), warn
                )
    hand_over(console, tuned, run, given["output"], given["format_"])
    return 0 if tuned.improved else 1


def _are_default(names: set[str]) -> bool:
    context = click.get_current_context()
    said = {context.get_parameter_source(name) for name in names}
    return said <= {ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP, ParameterSource.ENVIRONMENT}


def _asked(problems: str, prompt: str | None, given: dict[str, Any]) -> tuple[TuneSetup, Options]:
    from coderefine.tuning.setup import TuneSetup
    from coderefine.tuning.tuning import TuneOptions

    of_tuning = ("batch", "steps", "constraints", "seed")
    setup = TuneSetup(
        problems=problems,
        prompt=read_instruction(prompt, "PROMPT") if prompt else "",
        forward_model=given["forward_model"],
        format=given["from_"],
        sizes=given["sizes"],
        options=TuneOptions(**{name: given[name] for name in of_tuning}, samples=given["samples"] or 1),
        tuned=given["tuned"],
    )
    return setup, asked_of_models(given["models"], given)


def _with_built_in(setup: TuneSetup, problems: list[Problem]) -> TuneSetup:
    from dataclasses import replace

    from coderefine import resources
    from coderefine.descent.kind import PromptedKind
    from coderefine.prompting import render
    from coderefine.tuning.setup import PROMPT

    built_in = {"instruction": "instruction", "critic": "criticise_system", "patcher": "patch_system"}
    if setup.tuned != PROMPT:
        return replace(setup, prompt=resources.prompt(built_in[setup.tuned]).strip())
    if starter := _starter(Path(setup.problems)):
        return replace(setup, prompt=starter)
    in_words = PromptedKind.of(problems[0]).answers_in_words
    return replace(setup, prompt=render("answer_system" if in_words else "draft_system"))


def _starter(path: Path) -> str:
    """Return the first prompt in a folder of kind prompt; "" for any other set."""
    from coderefine.folder.loading import load_problem
    from coderefine.kinds.stored import StoredKind

    if not (path / "problem.toml").is_file():
        return ""
    problem = load_problem(path)
    return problem.starter.strip() if StoredKind.of(problem).set_of(problem) else ""


def _judge(problems: list[Problem], sandbox: str, image: str | None) -> AbstractContextManager[Judge]:
    """Open a sandbox where programs have to run; answers in words need none."""
    from coderefine.cli.options import open_judge
    from coderefine.descent.kind import PromptedKind
    from coderefine.judge.judge import Judge

    if not all(PromptedKind.of(problem).answers_in_words for problem in problems):
        return open_judge(sandbox, image)

    def no_worker(memory_mib: int) -> Any:
        raise AssertionError("nothing of an answer in words is run")

    return nullcontext(Judge("none", no_worker, workers=1))
