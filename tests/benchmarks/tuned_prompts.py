"""Prompts tuned with a real model on two generated tasks: zero-shot, `coderefine tune`, and TextGrad's own loop.

    python3 -m venv /tmp/textgrad && /tmp/textgrad/bin/pip install textgrad==0.1.8    # for the benchmark alone
    python -m tests.benchmarks.tuned_prompts --model openai/m --api-base http://127.0.0.1:8815/v1 \
        --textgrad /tmp/textgrad/bin/python [--task counting] [--steps 12] [--split 20,20,30] -o OUT.json

The tasks are those of docs/examples/texts, with its plain prompt. TextGrad's loop gets the same parts, the same reading of
answers and as many calls as tuning made here before the test part. Each prompt is then asked the test part by the same code; a
gain is that on the same problems, with its 95 % interval.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from coderefine.budget import Meter
from coderefine.descent.answering import asked
from coderefine.descent.models import open_model
from coderefine.formats.reading import read
from coderefine.judge.judge import Judge
from coderefine.kinds.question import asked_of
from coderefine.problem.problem import Problem
from coderefine.scoring.estimates import estimate
from coderefine.tuning.evaluating import Evaluator
from coderefine.tuning.split import Split, split

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "docs" / "examples" / "texts"
SIDE = Path(__file__).with_name("tuned_prompts_side.py")


def tuned_here(folder: Path, task: str, given: dict[str, Any]) -> dict[str, Any]:
    """Run `coderefine tune` without the test part; return what it prints as JSON."""
    training, validation, _ = given["sizes"].split(",")
    command = [sys.executable, "-m", "coderefine", "tune", folder / f"{task}.jsonl", TEXTS / "prompt.txt"]
    command += ["--model", given["model"], "--api-base", given["api_base"], "--split", f"{training},{validation},0"]
    command += ["--steps", given["steps"], "--batch", given["batch"], "--answer-tokens", given["answer_tokens"]]
    command += ["--seed", given["seed"], "--timeout", 1800, "--format", "json", "--home", folder / "home"]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(done.returncode)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def tuned_there(python: str, parts: Split, calls: int, given: dict[str, Any], home: Path) -> dict[str, Any]:
    """Run TextGrad's loop with so many calls; return what it prints."""

    def row(problem: Problem) -> dict[str, str]:
        return {"asked": asked(problem), "key": str(problem.hidden[0].expected)}

    job = {
        "url": given["api_base"],
        "model": given["model"].partition("/")[2],
        "calls": calls,
        "prompt": (TEXTS / "prompt.txt").read_text(encoding="utf-8").strip(),
        "form": asked_of(parts.training[0])[0],
        "training": [row(it) for it in parts.training],
        "validation": [row(it) for it in parts.validation],
        **{name: given[name] for name in ("steps", "batch", "seed", "answer_tokens")},
    }
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home)}  # it caches answers there
    done = subprocess.run(
        [python, str(SIDE), str(ROOT)],
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment,
        cwd=home,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(folder: Path, task: str, python: str | None, given: dict[str, Any]) -> dict[str, Any]:
    """Tune a task's prompt in both; return the figures."""
    sizes = [int(it) for it in given["sizes"].split(",")]
    parts = split([record.problem for record in read(folder / f"{task}.jsonl")], sizes, given["seed"])
    first = (TEXTS / "prompt.txt").read_text(encoding="utf-8").strip()
    sides: dict[str, dict[str, Any]] = {"zero-shot": {"prompt": first, "calls": 0, "tokens": 0, "seconds": 0.0}}
    began = time.monotonic()
    ours = tuned_here(folder, task, given)
    steps = ours["steps"]
    sides["here"] = {
        "prompt": ours["prompt"],
        "validation": [step["validation"] for step in steps],
        "endings": [step["ending"] for step in steps],
        "calls": steps[-1]["calls"],
        "tokens": steps[-1]["tokens"],
        "seconds": time.monotonic() - began,
    }
    if python is not None:
        began = time.monotonic()
        theirs = tuned_there(python, parts, steps[-1]["calls"], given, folder)
        sides["textgrad"] = {**theirs, "seconds": time.monotonic() - began}
    limits = {"answer_tokens": given["answer_tokens"], "timeout_s": 1800.0}
    model = open_model(given["model"], api_base=given["api_base"], meter=Meter(), **limits)
    evaluator = Evaluator(model, Judge("none", _nothing_runs, workers=1))
    before = [float(it.is_right) for it in evaluator.outcomes(first, parts.test)]
    for side in sides.values():
        after = [float(it.is_right) for it in evaluator.outcomes(side["prompt"], parts.test)]
        side["test"] = estimate(after).to_json()
        side["gain"] = estimate([b - a for a, b in zip(before, after, strict=True)]).to_json()
    return {"task": task, "sides": sides}


def _nothing_runs(memory_mib: int) -> Any:
    raise AssertionError("answers in words are not run")


def line(name: str, side: dict[str, Any]) -> str:
    """Return a side's figures in a line."""
    test, gain = ("{mean:.1%} ({low:.1%} to {high:.1%})".format(**side[it]) for it in ("test", "gain"))
    spent = f"{side['calls']} calls, {side['tokens']:,} tokens, {side['seconds']:.0f} s to tune"
    return f"  {name:<10} test {test}" + (f"  gain {gain}  {spent}" if name != "zero-shot" else "")


@click.command()
@click.option("--model", required=True)
@click.option("--api-base", required=True)
@click.option("--textgrad", "python", help="An interpreter that has textgrad 0.1.8.")
@click.option("--task", "tasks", type=click.Choice(["counting", "sorting"]), multiple=True)
@click.option("--split", "sizes", default="20,20,30", show_default=True)
@click.option("--steps", default=12, show_default=True)
@click.option("--batch", default=3, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--answer-tokens", default=256, show_default=True, help="Of answers, criticisms and prompts.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
def main(python: str | None, tasks: tuple[str, ...], output: Path, **given: Any) -> None:
    """Print the figures of each task, and write them to a file."""
    found = []
    with tempfile.TemporaryDirectory(prefix="coderefine-") as name:
        folder = Path(name)
        subprocess.run([sys.executable, str(TEXTS / "generate.py"), str(folder)], check=True)
        for task in tasks or ("counting", "sorting"):
            found.append(compare(folder, task, python, given))
            output.write_text(json.dumps({"asked": given, "tasks": found}, indent=2) + "\n", encoding="utf-8")
            click.echo(task)
            for side, figures in found[-1]["sides"].items():
                click.echo(line(side, figures))


if __name__ == "__main__":
    main()
