"""Measures one iteration of the engine beside one of TextGrad 0.1.8, and the engine's own time.

    python tests/benchmarks/engine.py --textgrad /path/to/venv/bin/python [--json FILE]
    python tests/benchmarks/engine.py            # without TextGrad: ours alone

Both get the same problem, code, test results and answers, from one scripted server on loopback; what is counted is what
the server received, with the tokenizer of litellm's token_counter. Whatever the two sides do differently shows there.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from coderefine.autograd.variable import Variable  # noqa: E402
from coderefine.descent import evidence  # noqa: E402
from coderefine.descent.code_loss import CodeLoss  # noqa: E402
from coderefine.descent.optimizer import TextualGradientDescent  # noqa: E402
from coderefine.descent.problem_text import problem_text  # noqa: E402
from coderefine.folder.loading import load_problem  # noqa: E402
from coderefine.judge.judge import Judge  # noqa: E402
from coderefine.judge.opening import open_judge  # noqa: E402
from coderefine.loop import refine  # noqa: E402
from coderefine.models.litellm_model import _import_litellm  # noqa: E402
from coderefine.models.model import Answer  # noqa: E402
from coderefine.patch import make_diff  # noqa: E402
from coderefine.problem.problem import Problem  # noqa: E402
from coderefine.refining.options import RefineOptions  # noqa: E402
from tests.scripted_server import Request, serve  # noqa: E402

PROBLEMS = HERE.parent.parent / "problems"
# Shorter than the one of TextGrad's own evaluation, which would be sent three times.
INSTRUCTION = (
    "You evaluate a Python program for a coding problem, given the results of its unit tests. For each failed test, say "
    "concisely why the program does not give what is expected. Do not write a new program."
)
ROLE = "code that must be correct and fast"
LONG_TOKENS = 500
TOKEN_TARGET, CALL_TARGET, OWN_MS_TARGET = 0.5, 2, 15.0


@dataclass(frozen=True)
class Job:
    """A program to repair, the repair, and what a model says about it."""

    name: str
    problem: Problem
    wrong: str
    right: str

    @property
    def criticism(self) -> str:
        """A criticism as models write them: some ninety words that quote a line and follow a test."""
        line = next(line for line in self.wrong.splitlines()[1:] if line not in self.right.splitlines()).strip()
        return (
            f"The defect is in `{line}`. Following the smallest failing test by hand, the program agrees with the "
            "statement up to this line, and there it goes wrong: the value that is computed belongs to the neighbouring "
            "case, so that everything that depends on it is off as well and the answer at the end differs from the "
            "expected one. All failing tests have this one cause. The line has to be changed so that it covers the case "
            "that is left out now, including the first and the last element; the rest of the program can stay as it is."
        )


def jobs() -> list[Job]:
    """Bundled programs with one defect; the right one differs by that edit."""
    edits = [
        ("two-sum", "off_by_one", "range(len(nums) - 1)", "range(len(nums))"),
        ("edit-distance", "off_by_one", "range(1, columns - 1)", "range(1, columns)"),
        ("smallest-window", "off_by_one", "text[left : right]", "text[left : right + 1]"),
        ("lru-cache", "off_by_one", ">= self.capacity", "> self.capacity"),
        ("price-history", "off_by_one", "self.count_until(item, first)", "self.count_until(item, first - 1)"),
    ]
    found = []
    for slug, name, old, new in edits:
        wrong = (PROBLEMS / slug / "submissions" / "wrong_answer" / f"{name}.py").read_text(encoding="utf-8")
        found.append(Job(slug, load_problem(PROBLEMS / slug), wrong, wrong.replace(old, new, 1)))
    return found


def long(job: Job) -> Job:
    """Return the same job with some 190 lines more in the program."""
    body = "(values):\n    total = {0}\n    for value in values:\n        total += value\n    return total\n"
    filler = "".join(f"\n\ndef unused_{n}" + body.format(n) for n in range(27))
    return Job("200 lines", job.problem, job.wrong + filler, job.right + filler)


def tokens(requests: list[Request]) -> list[int]:
    """Count the prompt tokens of each request."""
    litellm = _import_litellm()
    return [litellm.token_counter(model="gpt-4o-mini", messages=request.body["messages"]) for request in requests]


def ours(job: Job, judge: Judge) -> list[Request]:
    """Return what one iteration of `refine` sends."""
    answers = [job.criticism, f"It covers the case.\n```diff\n{make_diff(job.wrong, job.right)}```\n"]
    with serve(answers) as server:
        options = RefineOptions(api_base=server.url, max_iterations=1)
        result = refine(job.problem, job.wrong, judge=judge, engines=["openai/scripted"], options=options)
    assert result.accepted, result
    assert result.source == job.right
    assert all(job.wrong.strip() in request.user for request in server.requests), "the whole code in each prompt"
    return server.requests


def theirs(job: Job, judge: Judge, python: str) -> list[Request]:
    """Return what one iteration of TextGrad sends."""
    answers = [job.criticism, job.criticism, f"<IMPROVED_VARIABLE>\n{job.right}\n</IMPROVED_VARIABLE>"]
    with serve(answers) as server, tempfile.TemporaryDirectory() as folder:
        texts = {
            "url": server.url,
            "code": job.wrong,
            "role": ROLE,
            "instruction": INSTRUCTION,
            "problem": problem_text(job.problem),
            # Without the lines and the values that only ours asks the judge for.
            "tests": evidence.describe(judge.run(job.problem, job.wrong), job.problem, job.wrong),
        }
        done = subprocess.run(
            [python, HERE / "textgrad_side.py"],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,  # where it writes its logs
            env={**os.environ, "XDG_CACHE_HOME": folder, "OPENAI_API_KEY": "none", "NO_PROXY": "127.0.0.1"},
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == job.right.strip(), done.stdout
    return server.requests


def compare(python: str | None, sandbox: str) -> dict:
    """Calls and prompt tokens of one iteration, for each job."""
    rows = {}
    with open_judge(sandbox) as judge:
        for job in [*jobs(), long(jobs()[0])]:
            row = {
                "lines": job.wrong.count("\n"),
                "code_tokens": code_tokens(job.wrong),
                "ours": tokens(ours(job, judge)),
            }
            if python:
                row["textgrad"] = tokens(theirs(job, judge, python))
                row["ratio"] = sum(row["ours"]) / sum(row["textgrad"])
            rows[job.name] = row
    return rows


def code_tokens(text: str) -> int:
    """Count the tokens of a text."""
    return _import_litellm().token_counter(model="gpt-4o-mini", text=text)


def show(rows: dict) -> None:
    """Print the comparison."""
    click.echo("prompt tokens of one iteration, call by call")
    for name, row in rows.items():
        click.echo(f"{name:16} {row['lines']:3} lines, {row['code_tokens']:4} tokens")
        for side in ("ours", "textgrad"):
            if side in row:
                calls = " + ".join(map(str, row[side]))
                click.echo(f"    {side:9} {len(row[side])} calls  {calls} = {sum(row[side])}")
        if "ratio" in row:
            if row["code_tokens"] > LONG_TOKENS:
                click.echo(
                    f"    - {row['ratio']:.2f} of TextGrad's (no target: the code itself is sent 2 times, not 3)"
                )
                continue
            met = row["ratio"] <= TOKEN_TARGET and len(row["ours"]) <= CALL_TARGET
            click.echo(f"    {'✓' if met else '✗'} {row['ratio']:.3f} of TextGrad's (at most {TOKEN_TARGET})")


class Instant:
    """A model that answers at once, in this process."""

    name = "openai/scripted"

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def complete(self, prompt) -> Answer:
        return Answer(self.answers.pop(0), prompt.tokens, 1, None, 0.0)


def own_time(sandbox: str, rounds: int) -> dict:
    """The time of an iteration without model and judge, for a program of 200 lines."""
    job = long(jobs()[0])
    lines = job.wrong.count("\n")
    assert 195 <= lines <= 205, lines
    diff = f"```diff\n{make_diff(job.wrong, job.right)}```\n"
    with open_judge(sandbox) as judge:
        report = judge.run(job.problem, job.wrong, evidence=True)
    taken = []
    for _ in range(rounds):
        model = Instant(job.criticism, diff)
        started = time.perf_counter()
        code = Variable(job.wrong, role="solution", requires_grad=True)
        loss = CodeLoss(model, job.problem)(code, report)
        loss.backward()
        (patch,) = TextualGradientDescent(code, model, job.problem, momentum=3).step()
        taken.append((time.perf_counter() - started) * 1000)
        assert patch.after == job.right
    return {
        "lines": lines,
        "rounds": rounds,
        "p50_ms": statistics.median(taken),
        "p90_ms": sorted(taken)[int(rounds * 0.9)],
    }


@click.command()
@click.option("--textgrad", "python", type=click.Path(exists=True), help="A Python with textgrad 0.1.8 installed.")
@click.option("--json", "file", type=click.Path(dir_okay=False), help="Write the figures there as well.")
@click.option("--rounds", type=click.IntRange(10), default=300, show_default=True, help="Of the time measurement.")
@click.option("--sandbox", type=click.Choice(["auto", "docker", "local"]), default="local", show_default=True)
def main(python, file, rounds, sandbox) -> None:
    """Measure the engine."""
    os.environ.setdefault("OPENAI_API_KEY", "none")
    os.environ["NO_PROXY"] = "127.0.0.1"
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    click.echo(f"{machine}; load average {os.getloadavg()[0]:.2f}")
    rows = compare(python, sandbox)
    show(rows)
    own = own_time(sandbox, rounds)
    met = "✓" if own["p50_ms"] < OWN_MS_TARGET else "✗"
    click.echo(f"own time of an iteration, {own['lines']} lines, without model and judge")
    click.echo(f"    {met} p50 {own['p50_ms']:.1f} ms, p90 {own['p90_ms']:.1f} ms (p50 below {OWN_MS_TARGET:g} ms)")
    if file:
        Path(file).write_text(
            json.dumps({"machine": machine, "tokens": rows, "own_time": own}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
