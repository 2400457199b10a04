"""What comes back of prompts: problems through a model, for each version of the prompts.

    python -m tests.benchmarks.prompts --model openai/m --api-base http://127.0.0.1:8080/v1 [--count 20] [--search]
    python -m tests.benchmarks.prompts ... --prompts "" --prompts FOLDER      # those of the package, and others

One submission that fails the visible tests of each bundled problem is chosen by the seed; each version gets the same ones. FOLDER holds texts that
take the place of those in `coderefine/prompts/`, any of them. A usable answer is one that is read as an edit; rewrites are programs
in criticisms. `--search`
has the search go first and mend afterwards. `--answers FILE` takes down what could not be used, a line of JSON each: look at it.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import click

from coderefine import resources
from coderefine.descent import asking, code_loss, optimizer
from coderefine.engine import EngineOptions
from coderefine.errors import CoderefineError, PatchError
from coderefine.folder.loading import load_problem
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.kinds.called import CalledProblemKind
from coderefine.loop import refine
from coderefine.refining.options import RefineOptions

PROBLEMS = Path(__file__).resolve().parents[2] / "problems"
COLUMNS = (
    "problems",
    "criticisms",
    "rewrites",
    "repaired by these",
    "answers",
    "usable",
    "unchanged",
    "unusable",
    "repaired",
    "failed",
    "calls",
    "prompt",
    "completion",
)


def sample(seed: int, judge: Judge) -> Iterator[Path]:
    """Yield a submission of each problem that fails its visible tests: others are not asked about."""
    rng = random.Random(seed)
    folders = sorted(path for path in PROBLEMS.iterdir() if path.is_dir())
    rng.shuffle(folders)
    for folder in folders:
        problem = load_problem(folder)
        if not isinstance(problem.kind, CalledProblemKind):  # no program, or one that is measured
            continue
        files = sorted(file for file in (folder / "submissions").rglob("*.py") if file.parent.name != "accepted")
        rng.shuffle(files)
        failing = (file for file in files if not judge.run(problem, file.read_text(encoding="utf-8")).accepted)
        if found := next(failing, None):
            yield found


class Reading:
    """Counts what is read of answers."""

    def __init__(self, figures: Counter[str], file: Path | None) -> None:
        self.figures, self.file, self.read = figures, file, asking.read_edit

    def __call__(self, source, answer, names=()):
        self.figures["answers"] += 1
        try:
            edit = self.read(source, answer, names)
        except PatchError as error:
            self.figures["unchanged" if "changes nothing" in str(error) else "unusable"] += 1
            if self.file:
                with self.file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps({"why": str(error), "answer": answer.text, "program": source}) + "\n")
            raise
        self.figures["usable"] += 1
        return edit


class Rewriting:
    """Counts the programs in criticisms, and keeps them."""

    def __init__(self, figures: Counter[str]) -> None:
        self.figures, self.find = figures, code_loss.rewrite_in
        self.found = set()

    def __call__(self, said, source):
        self.figures["criticisms"] += 1
        if rewrite := self.find(said, source):
            self.figures["rewrites"] += 1
            self.found.add(rewrite)
        return rewrite


def texts_of(folder: str):
    """Return what reads a prompt: a text of the folder, if it has that one."""
    theirs, ours = Path(folder), resources.prompt

    def read(name: str) -> str:
        file = theirs / f"{name}.txt"
        return file.read_text(encoding="utf-8") if folder and file.exists() else ours(name)

    return read


@click.command()
@click.option("--model", required=True)
@click.option("--api-base")
@click.option("--count", type=click.IntRange(1), default=20, show_default=True, help="Problems.")
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True, help="Problems to pass over first.")
@click.option("--seed", type=int, default=19, show_default=True)
@click.option("--iterations", type=click.IntRange(1), default=1, show_default=True)
@click.option("--edit-format", type=click.Choice(["diff", "whole", "search"]), default="diff", show_default=True)
@click.option("--answer-tokens", type=int)
@click.option("--timeout", type=float, default=3000.0, show_default=True)
@click.option("--prompts", multiple=True, default=("",), help="A folder of prompts; may be repeated.")
@click.option("--search", is_flag=True, help="The search before the model, and on what it wrote.")
@click.option("--answers", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sandbox", type=click.Choice(["auto", "docker", "local"]), default="local", show_default=True)
def main(
    model,
    api_base,
    count,
    offset,
    seed,
    iterations,
    edit_format,
    answer_tokens,
    timeout,
    prompts,
    search,
    answers,
    sandbox,
) -> None:
    """Run problems through a model and count."""
    os.environ.setdefault("OPENAI_API_KEY", "none")
    engine = EngineOptions(timeout_s=timeout, answer_tokens=answer_tokens, edit_format=edit_format)
    options = RefineOptions(api_base=api_base, max_iterations=iterations, harden=False, engine=engine)
    with open_judge(sandbox) as judge:
        for folder in prompts:
            figures, began = Counter[str](), time.monotonic()
            with ExitStack() as patched:
                reading = Reading(figures, answers)
                patched.enter_context(patch.object(resources, "prompt", texts_of(folder)))
                patched.enter_context(patch.object(asking, "read_edit", reading))
                patched.enter_context(patch.object(optimizer, "read_edit", reading))
                rewriting = Rewriting(figures)
                patched.enter_context(patch.object(code_loss, "rewrite_in", rewriting))
                for file in itertools.islice(sample(seed, judge), offset, offset + count):
                    problem = load_problem(file.parents[2])
                    engines = ["search", model] if search else [model]
                    figures["problems"] += 1
                    try:
                        source = file.read_text(encoding="utf-8")
                        result = refine(problem, source, judge=judge, engines=engines, options=options)
                    except CoderefineError as error:
                        figures["failed"] += 1
                        click.echo(f"{problem.slug}/{file.stem}: {error}", err=True)
                        continue
                    figures["repaired"] += result.accepted
                    figures["repaired by these"] += result.accepted and result.source in rewriting.found
                    figures["calls"] += result.calls
                    figures["prompt"] += result.prompt_tokens
                    figures["completion"] += result.completion_tokens
                    click.echo(f"{problem.slug}/{file.stem}: {result.verdict}, {result.calls} calls", err=True)
            said = ", ".join(f"{name} {figures[name]}" for name in COLUMNS)
            click.echo(f"{folder or 'the prompts of the package'}: {said}; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
