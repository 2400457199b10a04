"""`coderefine tune --pipeline`: learn which stages of a refinement pay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coderefine.cli import show
from coderefine.cli.options import open_judge, open_store, warn
from coderefine.cli.tune_options import asked_of_models, changed, resumable
from coderefine.errors import unwritable

if TYPE_CHECKING:
    from rich.text import Text

    from coderefine.runs.tasks import Options
    from coderefine.tuning.pipelines.learning import LearnStep, Learnt
    from coderefine.tuning.pipelines.running import PipelineSetup
    from coderefine.tuning.pipelines.worth import Total

_OF_PROMPTS = {"forward_model": "--forward-model", "constraints": "--constraint"}


def is_one(name: str, home: str | None) -> bool:
    """Whether a recorded run learns a pipeline; raises UsageError where there is none of that name."""
    from coderefine.runs import listing
    from coderefine.tuning.pipelines import running
    from coderefine.tuning.running import KIND

    with open_store(home) as store:
        return running.is_one(store, listing.find(store, name, KIND))


def run(problems: str, prompt: str | None, given: dict[str, Any]) -> int:
    """Learn a pipeline, or resume that; print it and return the exit code."""
    from coderefine.formats.reading import read
    from coderefine.record.store import Store
    from coderefine.scoring.tally import Tally
    from coderefine.tuning.pipelines import running
    from coderefine.tuning.pipelines.programs import parts, programs

    console, resume = show.story(), given["resume"]
    console.quiet = given["quiet"] or given["format_"] != "text"
    with open_store(given["home"]) if resume else Store.open(given["home"]) as store:
        name, setup, options = running.load(store, resume) if resume else ("", *_asked(problems, prompt, given))
        options = changed(options, given) if resume else options
        tally = Tally()
        records = list(read(setup.problems, tally.fault, format_=setup.format))
        tally.tell(warn)
        cases = parts(programs(records), setup.sizes, setup.options.seed)  # raises before a run is recorded
        with open_judge(given["sandbox"], given["image"]) as judge:
            name = name or running.begin(store, setup, options, judge.backend)
            counts = (len(cases.training), len(cases.validation), len(cases.test))
            told = "{} programs to learn from, {} to choose by, {} to score".format(*counts)
            console.print(show.line((Path(setup.problems).name, "bold"), (told, ""), (f"run {name}", "dim")))
            with resumable(name):
                learnt = running.go_on(
                    store, name, setup, options, records, judge, lambda it: show.say(console, step_line(it)), warn
                )
    hand_over(console, learnt, name, given["output"], given["format_"])
    return 0 if learnt.improved else 1


def _asked(problems: str, prompt: str | None, given: dict[str, Any]) -> tuple[PipelineSetup, Options]:
    from coderefine.tuning.pipelines.learning import SAMPLES, LearnOptions
    from coderefine.tuning.pipelines.running import PipelineSetup
    from coderefine.tuning.pipelines.worth import Weights

    wrong = ["PROMPT"] if prompt else [option for name, option in _OF_PROMPTS.items() if given[name]]
    wrong += ["--for"] if given["tuned"] != "prompt" else []
    if wrong:
        raise click.UsageError(f"--pipeline learns which stages pay, and no prompt; leave out {wrong[0]}")
    options = LearnOptions(
        steps=given["steps"],
        samples=given["samples"] or SAMPLES,
        batch=given["batch"],
        seed=given["seed"],
        weights=Weights.read(given["weights"] or ""),
    )
    setup = PipelineSetup(problems, given["from_"], given["sizes"], options)
    return setup, asked_of_models(given["models"] or ("search",), given)


def step_line(step: LearnStep) -> Text:
    """Return a step in a line: its solved tries, its time and its calls."""
    total = step.total
    spent = f"{total.seconds:,.1f} s" + (f" · {show.count(total.calls, 'call')}" if total.calls else "")
    solved = f"{total.solved} of {total.programs} tries solved"
    return show.line((f"step {step.number}", "bold"), (solved, ""), (spent, "dim"))


def hand_over(console: Any, learnt: Learnt, run: str, output: str | None, format_: str) -> None:
    """Print how it ended, and print the pipeline or write it to a file."""
    from coderefine.pipeline.file import to_toml

    if learnt.steps:
        for name, probability in zip(learnt.names, learnt.steps[-1].probabilities, strict=True):
            show.say(console, show.plain(f"  {probability:6.1%}  {name}", "" if probability >= 0.5 else "dim"))
    for part, pair in (("validation", learnt.validation), ("test", learnt.test)):
        for name, total in zip(("all edges", "learnt"), pair or (), strict=False):
            show.say(console, show.line((part, "bold"), (f"{name}: {_told(total)}", "")))
    ending = "a better pipeline" if learnt.improved else "no better pipeline was found, all edges stay on"
    show.say(console, show.plain(f"{ending}: {learnt.stopped}"))
    if learnt.exhausted:
        show.say(console, show.plain(f"to go on with more: coderefine tune --resume {run} --max-...", "dim"))
    elif learnt.steps:
        show.say(console, show.plain(f"its probabilities over the steps: coderefine report {run} -o FILE.html", "dim"))
    text = to_toml(learnt.pipeline)
    if output:
        try:
            Path(output).write_text(text, encoding="utf-8")
        except OSError as error:
            raise unwritable(output, error) from None
    if format_ == "json":
        click.echo(json.dumps({"version": 1, "run": run, **learnt.to_json()}, indent=2))
    elif not output:
        click.echo(text, nl=False)


def _told(total: Total) -> str:
    cost = f", {show.count(total.calls, 'call')}, {show.money(total.usd)}" if total.calls else ""
    return f"{total.solved} of {total.programs} solved, {total.seconds:,.1f} s{cost}"


def print_recorded(found: dict[str, Any]) -> None:
    """Print the record of a pipeline run, as `Learnt.to_json` writes it."""
    from coderefine.pipeline.file import to_toml
    from coderefine.pipeline.graph import Pipeline

    console = show.console()
    for step in found["steps"]:
        total = step["total"]
        told = f"step {step['number']}  {total['solved']} of {total['programs']} tries solved  {total['seconds']:.1f} s"
        show.say(console, show.plain(told))
    for part in ("validation", "test"):
        for name, total in zip(("all edges", "learnt"), found[part] or (), strict=False):
            told = f"{total['solved']} of {total['programs']} solved, {total['seconds']:.1f} s"
            show.say(console, show.plain(f"{part}  {name}: {told}"))
    show.say(console, show.plain(found["stopped"], "dim"))
    click.echo(to_toml(Pipeline(**{name: tuple(it) for name, it in found["pipeline"].items()})), nl=False)
