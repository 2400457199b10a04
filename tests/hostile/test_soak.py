"""Right programs among hostile ones, on two workers: each right one is accepted, and in the end nothing is left.

CODEREFINE_SOAK=2000 python -m pytest -s tests/hostile/test_soak.py runs so many programs in each sandbox, and prints the
host's memory. SOAK_SEED mixes them otherwise.
"""

import gc
import os
import random
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest

from coderefine.judge import docker
from coderefine.judge.opening import open_judge
from coderefine.kinds.function import FUNCTION
from coderefine.kinds.program import PROGRAM
from coderefine.problem.problem import Limits, Problem, TestCase
from tests.conftest import need
from tests.hostile import (
    test_cpu_and_wall,
    test_crash,
    test_exit,
    test_memory_and_disk,
    test_output,
    test_persistence,
    test_processes,
)
from tests.hostile.containment import GUESS
from tests.problems_for_tests import function_problem
from tests.processes import descendants
from tests.soak import times

HOSTILE = [
    case
    for cases in (
        test_cpu_and_wall.CASES,
        test_crash.CASES,
        test_exit.CASES,
        test_memory_and_disk.CASES,
        test_output.CASES,
        test_persistence.LEAVES,
        test_processes.CASES,
    )
    for case in cases.values()
]
LIMITS = Limits(time_s=1.0, memory_mib=128)
CHECK = "def check(candidate):\n    for n in range(9):\n        assert candidate(n) == n * n\n\ncheck(candidate)"
ASSERTS = "\n".join(f"assert candidate({n}) == {n * n}" for n in range(9))


def of(*args, **fields):
    return function_problem([(args, args[0])], limits=LIMITS, **fields)


def coded(*codes):
    tests = tuple(TestCase(f"code {at}", code=code) for at, code in enumerate(codes))
    return Problem("coded", "Coded", "Do it.", FUNCTION, "f", tests, limits=LIMITS)


def program(text, printed):
    return Problem("program", "P", "Do it.", PROGRAM, "", (TestCase("input", (text,), printed),), limits=LIMITS)


SQUARES = function_problem([((n,), n * n) for n in range(50)], limits=LIMITS)
RIGHT = [
    (SQUARES, "def f(n): return n * n"),
    (SQUARES, "cache = {}\ndef f(n):\n    if n not in cache: cache[n] = n * n\n    return cache[n]"),
    (coded(CHECK, ASSERTS), "def f(n): return n * n"),
    (coded(*ASSERTS.split("\n")), "class N(int): pass\ndef f(n): return sum(n for _ in range(n))"),
    (of(7), "import time\ndef f(x):\n    time.sleep(0.8)\n    return x"),
    (of(7), "import time\ndef f(x):\n    while time.process_time() < 0.5: pass\n    return x"),
    (of(7), "def f(x):\n    held = bytearray(80 << 20)\n    return x"),
    (of([1] * 100000), "def f(x): return x[:]"),
    (of(7), "import threading\ndef f(x):\n    ts = [threading.Thread(target=sum, args=(range(9999),)) for _ in range(20)]\n"
            "    [t.start() for t in ts]; [t.join() for t in ts]\n    return x"),
    (of(7), "import sys\ndef f(x):\n    print('y' * 9999); sys.stderr.write('z'); return x"),
    (program("3\n1 2 3\n", "6\n"), "input()\nprint(sum(map(int, input().split())))"),
    (program("5\n" * 20000, "100000\n"), "import sys\nprint(sum(map(int, sys.stdin.read().split())))"),
]  # fmt: skip


@pytest.mark.parametrize("backend", ["local", "docker"])
def test_right_programs_among_hostile_ones_are_accepted_and_nothing_is_left(backend, capsys):
    need(backend)
    open_before = len(descriptors())
    with open_judge(backend, workers=2) as judge:
        wrong, told, (containers, processes) = soak(judge)
    with capsys.disabled():
        if times(0):
            click.echo(f"\n{told}")
    assert wrong == []
    assert processes & descendants(os.getpid()) == set()
    assert containers & (there() if containers else set()) == set()
    assert len(descriptors()) <= open_before


def soak(judge):
    """Return what was judged wrongly, the figures in a line, and the containers and processes that were there."""
    chance = random.Random(int(os.environ.get("SOAK_SEED", "1")))
    mixed = [*RIGHT, *((None, case) for case in chance.sample(HOSTILE, 4))]
    while len(mixed) < times(16):
        mixed.append(chance.choice(RIGHT) if chance.random() < 0.5 else (None, chance.choice(HOSTILE)))
    chance.shuffle(mixed)
    judge.run(*RIGHT[0])
    started, before = time.monotonic(), peak_mib()
    with ThreadPoolExecutor(2) as threads:
        wrong = [told for told in threads.map(lambda it: run(judge, *it), mixed) if told]
    told = (
        f"{judge.backend}: {len(mixed)} programs, {sum(problem is not None for problem, _ in mixed)} of them right, "
        f"{len(wrong)} judged wrongly; {time.monotonic() - started:.0f} s; memory of the host {before} MiB, in the end at "
        f"most {peak_mib()} MiB"
    )
    return wrong, told, opened((judge.sandboxes.candidates, judge.sandboxes.testers))


def peak_mib():
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def run(judge, problem, case):
    """Return what is wrong with the verdict on a program; nothing where it is right."""
    if problem is not None:
        report = judge.run(problem, case)
        return "" if report.accepted else f"a right program is {report.failures[0]}: {case}"
    _, source, *given = case
    report = judge.run(given[0] if given else GUESS, source)
    return f"accepted: {source}" if report.accepted else ""


def opened(pools):
    """The containers and the processes of the workers that are warm."""
    containers, processes = set(), set()
    for pool in pools:
        for worker in pool._places.queue:
            if worker is not None:
                channel = worker._channel
                if hasattr(channel, "container"):
                    containers.add(channel.container)
                else:
                    processes |= descendants(channel._process.pid)
    return containers, processes


def there():
    """The containers of sandboxes that exist."""
    client = docker.connect()
    found = {it["Id"] for it in client.containers(all=True, filters={"label": docker.LABEL})}
    client.close()
    return found


def descriptors():
    """What this process has open."""
    gc.collect()
    return list(Path("/proc/self/fd").iterdir())
