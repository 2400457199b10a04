"""Measures `coderefine score` on a large set made of the bundled problems, and kills it at random moments.

    python -m tests.benchmarks.score --problems 1000 --samples 3
    python -m tests.benchmarks.score --kills 10

The set: each problem is a bundled one with some of its tests, each solution one of its submissions with an operator or
a number changed. Throughput is compared with the judge alone, on the same candidates and as many threads.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import click

from coderefine.folder.loading import load_problem
from coderefine.folder.verify import find_problems, submissions
from coderefine.formats.reading import read
from coderefine.formats.record import Record
from coderefine.formats.writing import write
from coderefine.judge.opening import open_judge
from tests.benchmarks.kill import PROGRAM
from tests.benchmarks.kill import answer as steps_answer
from tests.benchmarks.kill import problem as steps_problem
from tests.forks import Forks
from tests.scripted_server import Reply, Request, completion, serve

PROBLEMS = Path(__file__).parent.parent.parent / "problems"
QUICK = ("AC", "WA", "RE", "CE")
CHANGES = {"+": "-", "-": "+", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "0": "1", "1": "0", "1:": ":"}
PLACE = re.compile(r"(?<![\w.])(?:<=|>=|==|[+\-<>](?!=)|\b[01]\b)")


def make_set(folder: Path, count: int, samples: int, seed: int = 1) -> tuple[Path, Path]:
    """Write problems and solutions; return their places."""
    numbers = random.Random(seed)
    bundled = [load_problem(path) for path in find_problems([PROBLEMS])]
    bundled = [problem for problem in bundled if problem.kind.name == "function" and problem.compare.mode != "checker"]
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


def judge_alone(problems: Path, solutions: Path, sandbox: str) -> int:
    """Have the judge alone run the distinct candidates; return how many those are."""
    by_slug = {record.problem.slug: record.problem for record in read(problems)}
    rows = map(json.loads, solutions.read_text(encoding="utf-8").splitlines())
    work = [(by_slug[slug], source) for slug, source in dict.fromkeys((row["slug"], row["source"]) for row in rows)]
    with open_judge(sandbox) as judge, ThreadPoolExecutor(judge.workers) as executor:
        for _ in executor.map(lambda it: judge.run(*it, "all").verdict, work):
            pass
    return len(work)


@dataclass
class Taken:
    """What a command took."""

    wall_s: float
    cpu_s: float
    """With its children."""
    peak_mib: float
    """Of its own resident memory."""


def taken(*command: object) -> Taken:
    """Run a command and measure it."""
    started, peak = time.perf_counter(), 0
    process = subprocess.Popen([sys.executable, "-m", *map(str, command)], stderr=subprocess.DEVNULL)
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            assert os.waitstatus_to_exitcode(status) == 0
            return Taken(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, peak / 1024)
        with contextlib.suppress(OSError, AttributeError):  # it may just have ended
            # Not ru_maxrss: a process has that of the one that started it.
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8"))
            peak = max(peak, int(found.group(1)))
        time.sleep(0.2)


def table(path: Path) -> list[dict]:
    """What a run came to, without times and ids."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        for found in (row, row.get("summary", {})):
            for name in ("seconds", "verdict_seconds", "run", "refinement"):
                found.pop(name, None)
    return rows


def steps(folder: Path, count: int) -> Path:
    """Write problems of which a scripted model passes one more test in each iteration; return their place."""
    first = steps_problem(folder)
    for index in range(count):
        shutil.copytree(first, folder / "problems" / f"steps-{index}")
    return folder / "problems"


def answer(request: Request) -> object:
    """A first draft, or what the scripted model of `kill.py` says."""
    return (
        {"body": completion(f"```python\n{PROGRAM.format(0)}```")}
        if "Write the program" in request.user
        else (steps_answer(request))
    )


def soak(
    forks: Forks, kills: int, seed: int, sandbox: str = "local", *, model: bool = False, problems: int = 40
) -> list[str]:
    """Kill a run at random moments and resume it each time; return what differs from a run that was left alone.

    With `model`, a scripted one drafts and refines programs, and no call that was answered may be made again.
    """
    numbers = random.Random(seed)
    with tempfile.TemporaryDirectory() as name, serve(endless(answer)) as server:
        folder = Path(name)
        if model:
            what: tuple[object, ...] = ("score", steps(folder, problems), "--generate", "-k", 2, "--refine")
            what += ("--model", "openai/scripted", "--api-base", server.url, "--workers", 4)
        else:
            place, solutions = make_set(folder, problems, 3, seed)
            what = ("score", place, "--solutions", solutions)
        options = ("--sandbox", sandbox, "--format", "jsonl", "-q")
        forks.run("--version")  # when it answers, all is imported
        started, out = time.perf_counter(), folder / "out.jsonl"
        code, _, err = forks.run(*what, "--home", folder / "undisturbed", "-o", out, *options)
        assert code == 0, err
        took, expected, calls = time.perf_counter() - started, table(out), len(server.requests)
        home, done = folder / "killed", 0
        while done < kills:
            moment = numbers.uniform(0.05, 2 * took / (kills + 1))
            code, _, err = forks.run(*what, "--home", home, "-o", out, *options, kill_after_s=moment)
            if code != -9:
                break
            done += 1
            what = ("score", "--resume", "last") if _is_begun(home) else what
        code, _, err = forks.run(*what, "--home", home, "-o", out, *options)
        wrong = [f"exit code {code}: {err}"] if code else []
        wrong += [f"{one} instead of {it}" for one, it in zip(table(out), expected, strict=True) if one != it]
        again = len(server.requests) - 2 * calls
        if again > 4 * done:  # those in flight when it was killed
            wrong.append(f"{again} calls were made again in {done} kills")
        click.echo(f"{done} kills in a run of {took:.1f} s; {again} of {calls} calls, in flight, made again", err=True)
        return wrong + ([] if 2 * done >= kills else [f"the run was over after {done} kills"])


def endless(reply: Reply) -> Iterator[Reply]:
    """The same reply again and again."""
    while True:
        yield reply


def _is_begun(home: Path) -> bool:
    from coderefine.record.store import Store

    with Store.open(home) as store:
        return bool(store.rows("SELECT 1 FROM runs WHERE kind = 'score'"))


@click.command()
@click.option("--problems", default=1000)
@click.option("--samples", default=3)
@click.option("--rounds", default=1)
@click.option("--alone", metavar="DIR", help="Only have the judge alone run the programs of a set that is there.")
@click.option("--kills", default=0)
@click.option("--model", is_flag=True, help="With --kills: have a scripted model draft and refine.")
@click.option("--seed", default=1)
@click.option("--sandbox", default="local")
def main(
    problems: int, samples: int, rounds: int, alone: str | None, kills: int, model: bool, seed: int, sandbox: str
) -> None:
    """Measure, or with --kills N kill."""
    if kills:
        with Forks() as forks:
            wrong = soak(forks, kills, seed, sandbox, model=model, problems=5 if model else 40)
        click.echo("\n".join(wrong) or "the table is that of the undisturbed run")
        sys.exit(bool(wrong))
    if alone:
        judge_alone(Path(alone), Path(alone).parent / "solutions.jsonl", sandbox)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place, solutions = make_set(folder, problems, samples, seed)
        for turn in range(rounds):  # in turns, since the machine has other things to do
            judged = taken("tests.benchmarks.score", "--alone", place, "--sandbox", sandbox)
            home = folder / f"home-{turn}"
            scored = taken(
                *("coderefine", "score", place, "--solutions", solutions, "--sandbox", sandbox),
                *("--home", home, "-o", folder / "out.json", "--format", "json"),
            )
            for what, found in (("judge alone", judged), ("score", scored)):
                click.echo(f"{what:12} {found.wall_s:7.1f} s  CPU {found.cpu_s:7.1f} s  peak {found.peak_mib:5.0f} MiB")
            ratio = judged.wall_s / scored.wall_s, judged.cpu_s / scored.cpu_s
            click.echo(f"throughput of score: {ratio[0]:.2f} of the judge alone, by CPU time {ratio[1]:.2f}")


if __name__ == "__main__":
    main()
