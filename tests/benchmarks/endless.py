"""How many candidates a second the search tries where programs loop, recurse or take exponential time.

python tests/benchmarks/endless.py [--seconds N]. The programs are bugs of our own; none can be repaired by few edits,
so that each search takes all of its time.
"""

from __future__ import annotations

import argparse
import time

import click

import coderefine
from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.kinds.function import FUNCTION
from coderefine.kinds.program import PROGRAM
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Param, Problem, TestCase
from coderefine.problem.typespec import parse as parse_type
from coderefine.search.engine import SearchLoss, SearchOptimizer

LOOP = """\
def f(numbers):
    low, high = 0, len(numbers)
    total = 0
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] % 2 == 0:
            high = middle
        else:
            low = middle
        total += numbers[middle]
    return total
"""
RECURSION = """\
def f(numbers):
    def walk(at, total):
        if at > len(numbers) and total:
            return total
        rest = walk(at + 1, total)
        return max(rest, walk(at + 2, total + at))
    return walk(0, 0)
"""
EXPONENTIAL = """\
def f(numbers):
    def best(at, left):
        if at == 40:
            return left
        taken = best(at + 1, left - numbers[at % len(numbers)])
        passed = best(at + 1, left)
        return min(taken, passed)
    return best(0, sum(numbers))
"""
SCRIPT = """\
n = int(input())
numbers = list(map(int, input().split()))
count = 0
for i in range(n):
    if numbers[i] > numbers[i - 1]:
        count += numbers[i]
print(count)
"""
SCRIPT_LOOP = """\
import sys
sys.setrecursionlimit(10 ** 6)
n = int(input())
numbers = list(map(int, input().split()))
def walk(at):
    if at > n and numbers[at % n] == 0:
        return at
    return walk(at + 1) + numbers[at % n]
low = 0
while low < n:
    if numbers[low] % 2:
        low += 1
    else:
        numbers[low] += 2
print(walk(0))
"""
CALLS = [((([3, 1, 4, 1, 5],)), 1000003), (([2, 7, 1],), 1000033), (([8, 8, 2, 9],), 1000037)]
INPUTS = [("5\n3 1 4 1 5\n", "1000003\n"), ("3\n2 7 1\n", "1000033\n"), ("4\n8 8 2 9\n", "1000037\n")]
PROGRAMS = {
    "loop without end": LOOP,
    "recursion without end": RECURSION,
    "exponential": EXPONENTIAL,
    "whole program": SCRIPT,
    "whole program, without end": SCRIPT_LOOP,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--sandbox", default="auto", choices=("auto", "docker", "local"))
    arguments = parser.parse_args()
    with coderefine.open_judge(arguments.sandbox) as judge:
        for name, source in PROGRAMS.items():
            problem = _problem(source)
            report = judge.run(problem, source)
            code, meter = Variable(source, requires_grad=True), Meter()
            SearchLoss(problem)(code, report).backward()
            screened, cpu_s, started = judge.screened, judge.screened_cpu_s, time.perf_counter()
            SearchOptimizer(code, problem=problem, judge=judge, meter=meter, max_seconds=arguments.seconds).step()
            seconds = time.perf_counter() - started
            per_cpu = (judge.screened - screened) / max(1e-9, judge.screened_cpu_s - cpu_s)
            click.echo(
                f"{name:28}{meter.candidates:7} candidates in {seconds:5.1f} s: {meter.candidates / seconds:6.0f} a second"
                f"{per_cpu:8.0f} a second of a sandbox's CPU"
            )


def _problem(source: str) -> Problem:
    is_call = source.startswith("def ")
    cases = [TestCase(f"case {at}", args, expected) for at, (args, expected) in enumerate(CALLS)]
    inputs = [TestCase(f"case {at}", (text,), expected) for at, (text, expected) in enumerate(INPUTS)]
    return Problem(
        slug="endless",
        title="Endless",
        statement="Compute it.",
        kind=FUNCTION if is_call else PROGRAM,
        entry="f" if is_call else "",
        visible=tuple(cases if is_call else inputs),
        params=(Param("numbers", parse_type("list[int]")),) if is_call else (),
        returns=parse_type("int"),
        compare=Compare.parse("exact" if is_call else "tokens"),
        limits=Limits(time_s=2.0, memory_mib=256),
    )


if __name__ == "__main__":
    main()
