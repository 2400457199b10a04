"""Measures the judge on many programs with tests that are code, beside one unprotected process for each.

    python tests/benchmarks/judge.py --programs

The programs are like HumanEval's: a short function and `check(candidate)` with several assertions, of which some cannot be
foreseen (a loop over numbers by chance). Of the samples some are right, some wrong, some raise or do not compile, and a
share may never end. The other way is what harnesses without a sandbox do: start an interpreter on program and test,
with a time limit. Both take turns, a part of the programs at a time, with as many threads as there are workers, and both
must say the same of each program.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import click

from coderefine.errors import SandboxUnavailable
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Limits, Problem, TestCase

TIME_S = 1.0
PARTS = 8
SETS = (("a check", "check", 0.0), ("a test an assertion", "asserts", 0.0), ("a check, 1 % hang", "check", 0.01))
TARGETS = {"local": 1.0, "docker": 1.2}
HANGS = "def f({params}):\n    while True:\n        pass\n"
# Parameters; a right body; wrong ones; how arguments are drawn.
FUNCTIONS: tuple[tuple[str, str, tuple[str, ...], Callable[[random.Random], tuple]], ...] = (
    ("nums, k", "return [x for x in nums if x > k]", ("return [x for x in nums if x >= k]", "return nums[k]"),
     lambda r: ([r.randrange(9) for _ in range(6)], r.randrange(9))),
    ("text, n", "return ' '.join(w for w in text.split() if len(w) > n)", ("return text[n:]", "return text.split()[9]"),
     lambda r: (" ".join("ab" * r.randint(1, 4) for _ in range(4)), r.randint(1, 5))),
    ("n, m", "return sum(i for i in range(n) if i % m == 0)", ("return sum(range(0, n + 1, m))", "return n // 0"),
     lambda r: (r.randint(5, 60), r.randint(1, 6))),
    ("pairs, key", "return sorted(p for p in pairs if p[0] != key)", ("return sorted(pairs)", "return pairs.items()"),
     lambda r: ([(r.randrange(4), r.randrange(9)) for _ in range(5)], r.randrange(4))),
    ("a, b", "while b:\n        a, b = b, a % b\n    return a", ("return min(a, b)", "return a.gcd(b)"),
     lambda r: (r.randint(1, 99), r.randint(1, 99))),
    ("word, shift", "return ''.join(chr((ord(c) - 97 + shift) % 26 + 97) for c in word)",
     ("return ''.join(chr(ord(c) + shift) for c in word)", "return word + shift"),
     lambda r: ("".join(r.choice("mnopqrstuvwxyz") for _ in range(6)), r.randint(3, 20))),
    ("rows, _", "return [list(c) for c in zip(*rows)]", ("return rows[::-1]", "return rows[7]"),
     lambda r: ([[r.randrange(9) for _ in range(3)] for _ in range(2)], 0)),
    ("x, digits", "return round(x ** 0.5, digits)", ("return round(x / 2, digits)", "return x.root(digits)"),
     lambda r: (r.randint(3, 99), r.randint(2, 5))),
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A program, its test, and what is to be said of it."""

    problem: Problem
    source: str
    test: str
    right: bool


def programs(problems: int, samples: int, hangs: float, kind: str, seed: int = 1) -> list[Program]:
    """Return programs for so many problems, in the order of the problems; a share `hangs` of them never ends."""
    chance, made = random.Random(seed), []
    for number in range(problems):
        params, body, wrong, draw = FUNCTIONS[number % len(FUNCTIONS)]
        right = f"def f({params}):\n    {body}\n"
        scope: dict = {}
        exec(right, scope)
        lines = [f"assert candidate{args!r} == {scope['f'](*args)!r}" for args in (draw(chance) for _ in range(7))]
        codes = lines
        if kind == "check":
            if number % len(FUNCTIONS) == 4:  # what no text shows
                lines.append("import random\n    for n in random.Random(1).sample(range(1, 99), 5):")
                lines.append("    assert candidate(n, n) == n")
            codes = ["def check(candidate):\n    " + "\n    ".join(lines) + "\n\ncheck(candidate)\n"]
        test = "\n".join(codes).replace("candidate", "f")
        cases = tuple(TestCase(f"test {at}", code=code) for at, code in enumerate(codes))
        slug = f"{kind}-{number:03}"
        limits = Limits(time_s=TIME_S)
        problem = Problem(slug, slug, "Do it.", FUNCTION, "f", cases, limits=limits)
        texts = [right, *(f"def f({params}):\n    {body}\n" for body in wrong), f"def f({params})\n", right]
        for sample in range(samples):
            text = texts[sample % len(texts)]
            if chance.random() < hangs:
                text = HANGS.format(params=params)
            made.append(Program(problem, f"{text}# {sample}\n", test, text == right))
    return made


def bare(program: Program) -> bool:
    """Whether an interpreter of its own passes the test."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", f"{program.source}\n{program.test}"],
            check=False, timeout=TIME_S, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def judged(judge: Judge, program: Program) -> bool:
    """Whether the judge accepts it."""
    return judge.run(program.problem, program.source, "all", stop_at_first_failure=True).accepted


def compare(ways: dict[str, Callable[[Program], bool]], made: list[Program], threads: int) -> dict[str, float]:
    """Return the seconds that each way takes for all programs."""
    seconds = dict.fromkeys(ways, 0.0)
    with ThreadPoolExecutor(threads) as pool:
        for part in range(PARTS):
            some = made[len(made) * part // PARTS : len(made) * (part + 1) // PARTS]
            for name, way in ways.items():
                started = time.perf_counter()
                found = list(pool.map(way, some))
                seconds[name] += time.perf_counter() - started
                wrong = [it.source for it, accepted in zip(some, found, strict=True) if accepted is not it.right]
                assert not wrong, (name, wrong[0])
    return seconds


def measure(backends: tuple[str, ...], image_name: str | None, rounds: int) -> dict:
    """Return, for each kind of tests, the seconds that each way takes for 820 programs: the medians of the rounds."""
    threads, found = os.cpu_count() or 1, {}
    with ExitStack() as stack:
        ways: dict[str, Callable[[Program], bool]] = {"bare process": bare}
        for backend in backends:
            try:
                judge = stack.enter_context(open_judge(backend, image_name=image_name, workers=threads))
            except SandboxUnavailable as error:
                click.echo(f"skipped: judge {backend}: {error}", err=True)
                continue
            ways[f"judge {backend}"] = partial(judged, judge)
        for name, kind, hangs in SETS:
            made = programs(164, 5, hangs, kind)
            for way in ways.values():
                way(made[0])
            taken = [compare(ways, made, threads) for _ in range(rounds)]
            found[name] = {way: statistics.median(it[way] for it in taken) for way in ways}
    return found


def show(found: dict) -> None:
    click.echo("820 programs; seconds, and the ratio to a bare process for each program")
    for name, row in found.items():
        click.echo(name)
        for way, seconds in row.items():
            ratio = seconds / row["bare process"]
            most = TARGETS.get(way.removeprefix("judge "))
            goal = "" if most is None else f"  {'✓' if ratio <= most else '✗'} at most {most}"
            click.echo(f"  {way:14}{seconds:8.1f} s{ratio:8.2f}{goal}")
