"""Measures the judge beside other ways to run the same candidate on the same cases.

    python tests/benchmarks/judge.py [--json FILE] [--rounds N]
    python tests/benchmarks/judge.py --throughput
    python tests/benchmarks/judge.py --programs
    python tests/benchmarks/judge.py --soak 10000

All ways take turns within one run, so that what else the machine does falls on all of them; only the ratios count.
Every answer is checked: a way that is fast because it is wrong raises.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import baselines
import click
import programs
from processes import descendants

from coderefine.errors import SandboxUnavailable
from coderefine.judge import image
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.judge.verdict import Verdict
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Param, Problem, TestCase
from coderefine.problem.typespec import parse

SOURCE = """\
def two_sum(nums, target):
    seen = {}
    for index, number in enumerate(nums):
        if target - number in seen:
            return [seen[target - number], index]
        seen[number] = index
    return []
"""
QUADRATIC = """\
def two_sum(nums, target):
    for i in range(len(nums)):
        for j in range(i + 1, len(nums)):
            if nums[i] + nums[j] == target:
                return [i, j]
"""
RAISES = "def two_sum(nums, target):\n    raise ValueError(nums)\n"
EXITS = "import os\n\ndef two_sum(nums, target):\n    os._exit(1)\n"
ENTRY = "two_sum"
BURST = 10  # turns in a row of what takes milliseconds, after one that does not count
BATCH = 40  # candidates of one `run_many`
TARGETS = (
    ("judge local", "bare fork", 2.5),
    ("judge docker", "judge local", 1.3),
    ("judge docker", "docker run", 1 / 100),
    ("judge docker", "docker exec", 1 / 25),
)


def problem(count: int, size: int = 10) -> Problem:
    """Return a problem with `count` cases of `size` numbers, of which one pair has the sum that is asked for."""
    numbers = random.Random(1)
    cases = []
    for index in range(count):
        nums = numbers.sample(range(0, 100 * size, 2), size)
        i, j = numbers.sample(range(size), 2)
        nums[i] += 1
        scope: dict = {}
        exec(SOURCE, scope)
        target = nums[i] + nums[j]
        cases.append(TestCase(f"case {index}", (nums, target), scope[ENTRY](nums, target)))
    return Problem(
        slug="benchmark", title="Benchmark", statement="Two indices.", kind=FUNCTION, entry=ENTRY,
        visible=tuple(cases), params=(Param("nums", parse("list[int]")), Param("target", parse("int"))),
        returns=parse("list[int]"),
    )  # fmt: skip


@dataclass
class Way:
    """One way to run a candidate; `turn` runs `candidates` of them."""

    name: str
    turn: Callable[[], None]
    burst: int = 1
    candidates: int = 1
    every: int = 1
    """It has a turn in one of so many rounds."""
    times_ms: list[float] = field(default_factory=list)

    def take_turns(self) -> None:
        if self.burst > 1:
            self.turn()
        for _ in range(self.burst):
            started = time.perf_counter()
            self.turn()
            self.times_ms.append((time.perf_counter() - started) * 1000 / self.candidates)

    @property
    def p50(self) -> float:
        return statistics.median(self.times_ms)

    @property
    def p90(self) -> float:
        return sorted(self.times_ms)[math.ceil(0.9 * len(self.times_ms)) - 1]


def judge_ways(judge: Judge, pool: Judge, made: Problem) -> list[Way]:
    def one() -> None:
        assert judge.run(made, SOURCE).accepted

    def many() -> None:
        assert all(report.accepted for report in pool.run_many(made, [SOURCE] * BATCH))

    def watched() -> None:
        assert judge.run(made, SOURCE, evidence=True).accepted

    name = f"judge {judge.backend}"
    return [
        Way(name, one, BURST),
        Way(f"{name}, {pool.workers} workers", many, candidates=BATCH, every=4),
        Way(f"{name}, evidence", watched, BURST, every=4),
    ]


def baseline(name: str, runner: baselines.BareFork | baselines.Command, made: Problem, **options: int) -> Way:
    cases = [list(case.args) for case in made.visible]
    expected = [case.expected for case in made.visible]

    def turn() -> None:
        assert runner.run(SOURCE, cases) == expected

    return Way(name, turn, **options)


def opened(stack: ExitStack, backend: str, image_name: str | None, workers: int | None) -> Judge | None:
    """Open a judge; where there is none of the kind, say so and return None."""
    try:
        return stack.enter_context(open_judge(backend, image_name=image_name, workers=workers))
    except SandboxUnavailable as error:
        click.echo(f"skipped: judge {backend}: {error}", err=True)
        return None


def compare(backends: tuple[str, ...], image_name: str | None, rounds: int) -> dict:
    made, name = problem(20), image_name or image.DEFAULT
    with ExitStack() as stack:
        ways: list[Way] = []
        for backend in backends:
            judge = opened(stack, backend, image_name, 1)
            pool = judge and opened(stack, backend, image_name, None)
            if judge and pool:
                ways += judge_ways(judge, pool, made)
        ways.append(baseline("bare fork", stack.enter_context(baselines.BareFork(ENTRY)), made, burst=BURST))
        ways.append(baseline("python3 -I -S -c", baselines.Command(ENTRY, [sys.executable]), made, every=2))
        why = baselines.docker_is_missing(name)
        if why:
            click.echo(f"skipped: docker exec, docker run: {why}", err=True)
        else:
            inside = stack.enter_context(baselines.docker_exec(ENTRY, name))
            ways.append(baseline("docker exec", inside, made, every=3))
            ways.append(baseline("docker run", baselines.docker_run(ENTRY, name), made, every=5))
        for number in range(rounds):
            first = number % len(ways)  # whose turn it is after a slow one changes from round to round
            for way in ways[first:] + ways[:first]:
                if number % way.every == 0:
                    way.take_turns()
    return summary(ways)


def summary(ways: list[Way]) -> dict:
    p50 = {way.name: way.p50 for way in ways}
    ratios = {
        way.name: {f"to {other}": way.p50 / p50[other] for other in ("docker run", "docker exec", "bare fork") if other in p50}
        for way in ways
    }  # fmt: skip
    return {
        "ways": {
            way.name: {"p50_ms": way.p50, "p90_ms": way.p90, "turns": len(way.times_ms), **ratios[way.name]}
            for way in ways
        },
        "targets": [
            {"ratio": f"{a} / {b}", "is": p50[a] / p50[b], "at_most": most, "met": p50[a] <= most * p50[b]}
            for a, b, most in TARGETS
            if a in p50 and b in p50
        ],
    }


def show_comparison(found: dict) -> None:
    click.echo("one candidate, 20 cases; the ratios are of the medians")
    columns = ("docker run", "docker exec", "bare fork")
    click.echo(f"{'':24}{'p50 ms':>10}{'p90 ms':>10}{'turns':>7}" + "".join(f"{'to ' + c:>16}" for c in columns))
    for name, row in found["ways"].items():
        ratios = "".join(f"{_ratio(row.get(f'to {column}')):>16}" for column in columns)
        click.echo(f"{name:24}{row['p50_ms']:10.2f}{row['p90_ms']:10.2f}{row['turns']:7}{ratios}")
    for target in found["targets"]:
        mark = "✓" if target["met"] else "✗"
        click.echo(f"{mark} {target['ratio']}: {_ratio(target['is'])} (at most {_ratio(target['at_most'])})")


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if value >= 0.5 else f"1/{1 / value:.0f}"


def throughput(backends: tuple[str, ...], image_name: str | None, rounds: int) -> dict:
    """100 candidates on 100 cases, with one worker and with two: of ten numbers, and of 200 in quadratic time."""
    found = {}
    for (what, made, source), backend in itertools.product(
        (("10 numbers", problem(100), SOURCE), ("200 numbers, quadratic", problem(100, 200), QUADRATIC)), backends
    ):
        sources = [f"{source}# {index}\n" for index in range(100)]
        with ExitStack() as stack:
            one = opened(stack, backend, image_name, 1)
            two = one and opened(stack, backend, image_name, 2)
            if one is None or two is None:
                continue
            times: list[list[float]] = [[], []]
            for number in range(rounds + 1):
                for judge, taken in ((one, times[0]), (two, times[1])):
                    started = time.perf_counter()
                    assert all(report.accepted for report in judge.run_many(made, sources))
                    if number:  # the first round starts the workers
                        taken.append(time.perf_counter() - started)
            seconds = [statistics.median(taken) for taken in times]
            found[f"{backend}, {what}"] = {
                "one_worker_s": seconds[0], "two_workers_s": seconds[1], "ratio": seconds[0] / seconds[1]
            }  # fmt: skip
    return found


def show_throughput(found: dict) -> None:
    click.echo("100 candidates, 100 cases each")
    for name, row in found.items():
        click.echo(
            f"judge {name:32} one worker {row['one_worker_s']:6.2f} s, two {row['two_workers_s']:6.2f} s, "
            f"ratio {row['ratio']:.2f}"
        )


def soak(backends: tuple[str, ...], image_name: str | None, count: int) -> dict:
    """`count` candidates through one worker; one in ten raises, one in ten ends its process."""
    made, found = problem(5), {}
    window = min(1000, max(1, count // 2))
    for backend in backends:
        with ExitStack() as stack:
            judge = opened(stack, backend, image_name, 1)
            if judge is None:
                continue
            times: list[float] = []
            states = {}
            for number in range(count):
                source = {3: RAISES, 7: EXITS}.get(number % 10, SOURCE)
                started = time.perf_counter()
                report = judge.run(made, source)
                times.append((time.perf_counter() - started) * 1000)
                assert report.verdict is (Verdict.AC if source is SOURCE else Verdict.RE), report
                if number + 1 in (window, count):
                    states["first" if number + 1 == window else "last"] = _state(judge)
            found[backend] = {
                "candidates": count,
                "window": window,
                "p50_ms": {"first": statistics.median(times[:window]), "last": statistics.median(times[-window:])},
                **{key: {when: state[key] for when, state in states.items()} for key in states["last"]},
            }
    return found


def _state(judge: Judge) -> dict:
    time.sleep(0.5)  # the runner may be forking its next child
    inside = {}
    if judge.backend == "docker":
        with judge.sandboxes.candidates.lease(0) as worker:
            channel = worker._channel
            inside = {"container_processes": len(channel._client.top(channel.container)["Processes"])}
    children = descendants(os.getpid()) - {os.getpid()}
    return {
        "host_rss_kib": _rss_kib(os.getpid()),
        "open_descriptors": len(list(Path("/proc/self/fd").iterdir())) - 1,
        "child_processes": len(children),
        "children_rss_kib": sum(_rss_kib(pid) for pid in children),
        **inside,
    }


def _rss_kib(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it ended
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS")), 0)


def show_soak(found: dict) -> None:
    for backend, row in found.items():
        click.echo(
            f"judge {backend}: {row['candidates']} candidates, 5 cases each; the first and the last {row['window']}"
        )
        for key, pair in row.items():
            if isinstance(pair, dict):
                click.echo(f"  {key:22}" + "".join(f"{value:12.2f}" if isinstance(value, float) else f"{value:12}" for value in pair.values()))  # fmt: skip


@click.command()
@click.option("--json", "file", type=click.Path(dir_okay=False), help="Write the figures there as well.")
@click.option(
    "--rounds",
    type=click.IntRange(1),
    help="How often each way has its turn (30; 3 with --throughput, 1 with --programs).",
)
@click.option("--throughput", "measure_throughput", is_flag=True, help="One and two workers on 100 x 100 cases.")
@click.option("--programs", "short", is_flag=True, help="820 short programs with tests that are code.")
@click.option("--soak", "count", type=click.IntRange(2), help="So many candidates through one worker.")
@click.option("--backend", "backends", type=click.Choice(["local", "docker"]), multiple=True, help="Only this one.")
@click.option("--image", "image_name", help="Docker image with Python 3.8 or newer.")
def main(file, rounds, measure_throughput, short, count, backends, image_name) -> None:
    """Measure the judge."""
    backends = backends or ("local", "docker")
    before = os.getloadavg()
    if count:
        found, show = soak(backends, image_name, count), show_soak
    elif short:
        found, show = programs.measure(backends, image_name, rounds or 1), programs.show
    elif measure_throughput:
        found, show = throughput(backends, image_name, rounds or 3), show_throughput
    else:
        found, show = compare(backends, image_name, rounds or 30), show_comparison
    after = os.getloadavg()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    click.echo(f"{machine}; load average {before[0]:.2f} before, {after[0]:.2f} after")
    show(found)
    if file:
        data = {"machine": machine, "load_before": before, "load_after": after, **found}
        Path(file).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
