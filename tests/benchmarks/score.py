"""Measures `coderefine score` on a large set made of the bundled problems, and kills it at random moments.

    python -m tests.benchmarks.score --problems 1000 --samples 3
    python -m tests.benchmarks.score --kills 10

The set: each problem is a bundled one with some of its tests, each solution one of its submissions with an operator or
a number changed. Throughput is compared with the judge alone, on the same candidates and as many threads.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import click

from coderefine.formats.reading import read
from coderefine.formats.record import Record
from coderefine.formats.writing import write
from coderefine.judge.opening import open_judge
from coderefine.loading import load_problem
from coderefine.verify import find_problems, submissions
from tests.benchmarks.kill import Forks

PROBLEMS = Path(__file__).parent.parent.parent / "problems"
QUICK = ("AC", "WA", "RE", "CE")
CHANGES = {"+": "-", "-": "+", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "0": "1", "1": "0", "1:": ":"}
PLACE = re.compile(r"(?<![\w.])(?:<=|>=|==|[+\-<>](?!=)|\b[01]\b)")
TIMES = ("seconds",)


def make_set(folder: Path, count: int, samples: int, seed: int = 1) -> tuple[Path, Path]:
    """Write problems and solutions; return their places."""
    numbers = random.Random(seed)
    bundled = [load_problem(path) for path in find_problems([PROBLEMS])]
    bundled = [problem for problem in bundled if problem.kind == "function" and problem.compare.mode != "checker"]
    programs = {it.slug: [s.source for s in submissions(it) if s.expected in QUICK] for it in bundled}
    solutions = folder / "solutions.jsonl"
    with solutions.open("w", encoding="utf-8") as file:
        for index in range(count):
            problem = bundled[index % len(bundled)]
            hidden = tuple(numbers.sample(problem.hidden, min(len(problem.hidden), 6)))
            made = replace(
                problem,
                slug=f"{problem.slug}-{index:05}",
                hidden=hidden,
                limits=replace(problem.limits, time_s=1.0),
                tags=problem.tags[:1],
            )
            write(Record(made.slug, "", made), folder / "problems")
            for _ in range(samples):
                source = mutated(numbers.choice(programs[problem.slug]), numbers)
                file.write(json.dumps({"slug": made.slug, "source": source}) + "\n")
    return folder / "problems", solutions


def mutated(source: str, numbers: random.Random) -> str:
    """Change one place of three programs in four."""
    places = list(PLACE.finditer(source))
    if not places or numbers.random() < 0.25:
        return source
    place = numbers.choice(places)
    return source[: place.start()] + CHANGES[place.group()] + source[place.end() :]


def judge_alone(problems: Path, solutions: Path, sandbox: str) -> tuple[float, int]:
    """Return the seconds that the judge alone takes for the distinct candidates, and how many those are."""
    by_slug = {record.problem.slug: record.problem for record in read(problems)}
    rows = map(json.loads, solutions.read_text(encoding="utf-8").splitlines())
    work = [(by_slug[slug], source) for slug, source in dict.fromkeys((row["slug"], row["source"]) for row in rows)]
    with open_judge(sandbox) as judge, ThreadPoolExecutor(judge.workers) as executor:
        judge.prefetch(work[0][0])
        started = time.perf_counter()
        list(executor.map(lambda it: judge.run(*it, "all").verdict, work))
        return time.perf_counter() - started, len(work)


def scored(problems: Path, solutions: Path, home: Path, sandbox: str) -> tuple[float, float]:
    """Return the seconds and the peak of the resident memory, in MiB, of one command."""
    command = [sys.executable, "-m", "coderefine", "score", problems, "--solutions", solutions, "--sandbox", sandbox]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*map(str, command), "--home", str(home), "-o", str(home / "out.json"), "--format", "json"]
    )
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def table(path: Path) -> list[dict]:
    """What a run came to, without times and ids."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        for found in (row, row.get("summary", {})):
            for name in ("seconds", "run", "refinement"):
                found.pop(name, None)
    return rows


def soak(kills: int, seed: int, sandbox: str = "local", *, problems: int = 60, say=lambda text: None) -> list[str]:
    """Kill a run `kills` times with SIGKILL, resuming it each time; return what differs from one that was left alone."""
    numbers = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place, solutions = make_set(folder, problems, 3, seed)
        forks = Forks(folder)
        try:
            home, options = folder / "undisturbed", ("--sandbox", sandbox, "--format", "jsonl", "-q")
            started = time.perf_counter()
            out = folder / "undisturbed.jsonl"
            code, _, err = forks.run(
                "score", place, "--solutions", solutions, "--refine", "--home", home, "-o", out, *options
            )
            assert code == 0, err
            took, done = time.perf_counter() - started, 0
            expected, wrong, home = table(out), [], folder / "killed"
            arguments: tuple[object, ...] = ("score", place, "--solutions", solutions, "--refine")
            while done < kills:
                code, _, err = forks.run(
                    *arguments,
                    "--home",
                    home,
                    "-o",
                    out,
                    *options,
                    kill_after_s=numbers.uniform(0.05, took / (kills + 1)),
                )
                if code != -9:
                    break
                done += 1
                if (home / "runs.db").exists() and _is_begun(home):
                    arguments = ("score", "--resume", "last")
            say(f"{done} kills; undisturbed, the run takes {took:.1f} s")
            code, _, err = forks.run(*arguments, "--home", home, "-o", out, *options)
            if code != 0:
                wrong.append(f"exit code {code}: {err}")
            wrong += [
                f"{one} instead of {other}" for one, other in zip(table(out), expected, strict=True) if one != other
            ]
            return wrong + ([] if done == kills else [f"the run was over after {done} kills"])
        finally:
            forks.close()


def _is_begun(home: Path) -> bool:
    from coderefine.store import Store

    with Store.open(home) as store:
        return bool(store.rows("SELECT 1 FROM runs WHERE kind = 'score'"))


@click.command()
@click.option("--problems", default=1000)
@click.option("--samples", default=3)
@click.option("--kills", default=0)
@click.option("--seed", default=1)
@click.option("--sandbox", default="local")
def main(problems: int, samples: int, kills: int, seed: int, sandbox: str) -> None:
    """Measure, or with --kills N kill."""
    if kills:
        wrong = soak(kills, seed, sandbox, say=click.echo)
        click.echo("\n".join(wrong) or "the table is that of the undisturbed run")
        sys.exit(bool(wrong))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place, solutions = make_set(folder, problems, samples, seed)
        for _ in range(2):  # in turns, since the machine has other things to do
            alone, candidates = judge_alone(place, solutions, sandbox)
            home = Path(tempfile.mkdtemp(dir=folder))
            took, memory = scored(place, solutions, home, sandbox)
            click.echo(
                f"{problems} problems x {samples}: {candidates} candidates; judge alone {candidates / alone:.1f}/s, "
                f"score {candidates / took:.1f}/s ({alone / took:.2f}x), peak memory {memory:.0f} MiB"
            )
    click.echo(f"own peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
