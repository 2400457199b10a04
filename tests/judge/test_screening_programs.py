"""Whole programs that share a process: each finds what a script finds, and leaves nothing to those after it."""

import pytest

from coderefine.budget import Meter
from coderefine.kinds.program import PROGRAM
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.search.trials import Trials

LIMITS = Limits(time_s=1.0, memory_mib=128, output_kib=64)
TESTS = (TestCase("a", ("3\n1 2 3\n",), "6"), TestCase("b", ("2\n-1 5\n",), "4"))
PROBLEM = Problem("p", "P", "Add.", PROGRAM, "", TESTS, compare=Compare.parse("tokens"), limits=LIMITS)
RIGHT = "n = int(input())\nprint(sum(map(int, input().split())))\n"
SLICE_S = 0.05
ADDS = {
    "a plain one": RIGHT,
    "all at once": "print(sum(map(int, open(0).read().split()[1:])))",
    "bytes": "import sys\nsys.stdin.buffer.readline()\nprint(sum(map(int, sys.stdin.buffer.read().split())))",
    "descriptors": "import io, os\nr = io.BytesIO(os.read(0, os.fstat(0).st_size or 9999)).readline\n"
    "r()\nprint(sum(map(int, r().split())))",
    "leaving": RIGHT + "exit()",
    "a main": "def main():\n    input()\n    print(sum(map(int, input().split())))\nif __name__ == '__main__':\n    main()",
    "a thread": "import threading\ndef f():\n    input()\n    print(sum(map(int, input().split())))\n"
    "threading.Thread(target=f).start()",
    "at the end": "import atexit\ninput()\nnumbers = input()\natexit.register(lambda: print(sum(map(int, numbers.split()))))",
    "deep": "import sys\nsys.setrecursionlimit(10 ** 6)\ndef f(n): return 0 if n == 0 else f(n - 1)\nf(5000)\n" + RIGHT,
    "less deep": "def f(n): return 0 if n == 0 else f(n - 1)\nf(800)\n" + RIGHT,
    "its stream is closed": RIGHT + "import sys\nsys.stdout.close()",
}
HARM = {
    "rebinds a builtin": ("WA", "import builtins\nbuiltins.print = builtins.sum = lambda *_: None\n" + RIGHT),
    "adds a builtin": ("WA", "import builtins\nbuiltins.n = 1\nprint(n)"),
    "closes its input": ("WA", "import os\nos.close(0)\nprint(1)"),
    "replaces its streams": ("WA", "import io, sys\nsys.stdout = sys.stdin = io.StringIO()\n"),
    "leaves names": ("WA", "int = input = None\n"),
    "asks for depth": ("RE", "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x): return f(x + 1)\nf(0)"),
    "leaves something for the end": ("WA", "import atexit\natexit.register(lambda: print('x'))"),
    "loops": ("TLE", RIGHT + "while True: pass"),
    "prints without end": ("TLE", "while True: print(1)"),
    "prints too much": ("WA", "print('x' * 100_000)"),
    "ends the process": ("RE", "import os\nos._exit(0)"),
    "fails at its end": ("RE", RIGHT + "import sys\nsys.exit(1)"),
    "has a thread without end": (
        "RE",
        "import threading\ndef f():\n    while True: pass\nthreading.Thread(target=f).start()",
    ),
    "is no Python": ("CE", "print("),
}


def test_a_program_finds_what_a_script_finds(any_judge):
    reports = list(any_judge.screen(PROBLEM, ADDS.values(), SLICE_S))
    assert {name: str(report.verdict) for name, report in zip(ADDS, reports, strict=True)} == dict.fromkeys(ADDS, "AC")
    assert all(report.assurance == "screened" and report.total == 2 for report in reports)


@pytest.mark.parametrize("again", [1, 2])
def test_a_program_leaves_nothing_to_those_after_it(judge, again):
    sources = [source for _, bad in HARM.values() for source in (*[bad] * again, RIGHT)]
    verdicts = [str(report.verdict) for report in judge.screen(PROBLEM, sources, SLICE_S)]
    assert verdicts == [it for verdict, _ in HARM.values() for it in (*[verdict] * again, "AC")]


def test_recursions_without_end_are_soon_found_out(judge):
    source = "import sys\nsys.setrecursionlimit(10 ** 6)\ndef f(x): return f(x + {}) + 1\nf(0)\n"
    before = judge.screened_cpu_s
    list(judge.screen(PROBLEM, [source.format(at) for at in range(100)], SLICE_S))
    deep_s = judge.screened_cpu_s - before
    assert deep_s < 100 * 0.01


def trials(judge, problem, source):
    return Trials(problem, judge.run(problem, source), judge, Meter(), max_candidates=9, max_seconds=60)


def test_where_screening_disagrees_with_the_judge_each_program_is_judged(judge):
    """Here the output goes around the stream that a screening reads."""
    source = "import os\ninput()\nos.write(1, str(sum(map(int, input().split())) + (5).real).encode())"
    it = trials(judge, PROBLEM, source)
    assert it.plan.slice_s is not None
    root = it.first(source)
    assert it.plan.slice_s is None
    assert root.report.cases[0].got == "11"


def test_a_program_that_takes_longer_than_it_seemed_is_screened_with_patience(judge, monkeypatch):
    source = "import time\nstart = time.thread_time()\nwhile time.thread_time() < start + 0.03: pass\nprint(6)"
    it = trials(judge, PROBLEM, source)
    it.plan = it.plan.timed(0.0)
    short_s = it.plan.slice_s
    assert it.first(source).report.cases[0].got == "6\n"
    assert it.plan.slice_s is not None and it.plan.slice_s > short_s


def test_programs_like_a_quick_one_have_little_time(judge):
    it = trials(judge, PROBLEM, "print(1)")
    before_s = it.plan.slice_s
    assert it.first("print(1)") is not None
    assert it.plan.slice_s <= before_s


def test_a_program_that_does_not_end_is_screened_although_what_comes_after_it_is_left_out(judge):
    source = "n = int(input())\nwhile n == 2: pass\nprint(6)"
    it = trials(judge, PROBLEM, source)
    before_s = it.plan.slice_s
    assert [str(case.verdict) for case in it.first(source).report.cases] == ["TLE", "TLE"]
    assert it.plan.slice_s == before_s
