"""Many programs in one process: what is said of each, and that none costs the others more than a new process."""

import itertools
from dataclasses import replace

import pytest

from coderefine.folder.loading import load_problem
from coderefine.folder.verify import submissions
from coderefine.judge.screening import can_screen
from coderefine.problem.problem import TestCase
from tests.conftest import PROBLEMS
from tests.problems_for_tests import class_problem, function_problem

SQUARE = function_problem([((2,), 4), ((3,), 9)])
RIGHT = "def f(x): return x * x"
SLICE_S = 0.05
LIMITED = {
    "a loop without end": ("TLE", "def f(x):\n    while True: pass"),
    "one that catches what interrupts it": (
        "TLE",
        "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    ),
    "one while it is loaded": ("TLE", "while True: pass"),
    "a step that cannot be interrupted": ("TLE", "def f(x): return sum(range(10 ** 12))"),
    "a recursion without end": ("RE", "def f(x): return f(x + 1)"),
    "an end of the process": ("RE", "import os\ndef f(x): os._exit(0)"),
    "a crash of the process": ("RE", "import os, signal\ndef f(x): os.kill(os.getpid(), signal.SIGSEGV)"),
    "too much memory": ("MLE", "def f(x): return len(bytearray(1 << 40))"),
    "no end of printing": ("WA", "def f(x):\n    for _ in range(10000): print('x' * 10)\n    return -1"),
    "a syntax error": ("CE", "def f(x) return x"),
    "an exception while it is loaded": ("RE", "1 / 0"),
    "nothing": ("RE", ""),
    "leaving": ("RE", "raise SystemExit(0)"),
    "an answer that is no data": ("WA", "def f(x): return object()"),
}


def screened(judge, problem, sources):
    return list(judge.screen(problem, sources, SLICE_S))


@pytest.mark.parametrize("case", LIMITED.values(), ids=list(LIMITED))
def test_a_program_costs_the_others_nothing(judge, case):
    verdict, source = case
    reports = screened(judge, SQUARE, [RIGHT, source, RIGHT, source, RIGHT])
    assert [report.accepted for report in reports] == [True, False, True, False, True]
    assert [str(report.verdict) for report in reports[1::2]] == [verdict] * 2
    assert all(report.assurance == "screened" and report.total == 2 for report in reports)


def test_reports_come_in_order_through_all_batches(judge):
    sources = [f"def f(x): return x * x + {n % 3}  # {n}" for n in range(400)]
    assert [report.accepted for report in screened(judge, SQUARE, sources)] == [n % 3 == 0 for n in range(400)]


def test_sources_are_taken_as_they_are_needed(judge):
    taken = itertools.count()
    endless = (f"def f(x): return {next(taken)}" for _ in itertools.repeat(None))
    reports = judge.screen(SQUARE, endless, SLICE_S)
    assert [next(reports).accepted for _ in range(3)] == [False] * 3
    reports.close()
    assert next(taken) < 200


@pytest.mark.parametrize("slug", [path.parent.name for path in sorted(PROBLEMS.glob("*/problem.toml"))])
def test_says_of_submissions_what_the_judge_says(any_judge, slug):
    problem = load_problem(PROBLEMS / slug)
    if not can_screen(problem):
        pytest.skip(f"{problem.kind} problem with compare = {problem.compare.mode}")
    sources = [submission.source for submission in submissions(problem)]
    patient = list(any_judge.screen(problem, sources, 1.0))
    for source, report in zip(sources, patient, strict=True):
        assert report.accepted == any_judge.run(problem, source).accepted, source


def test_tests_that_are_code_run_beside_the_program(judge):
    tests = [TestCase("a", code="assert candidate(3) == 9"), TestCase("b", code="assert f(2) == 4 == candidate(x=2)")]
    problem = replace(SQUARE, visible=tuple(tests))
    right, wrong, broken = screened(judge, problem, [RIGHT, "def f(x): return 9", "def f(x): return 9 / (x - 3)"])
    assert right.accepted
    assert [str(case.verdict) for case in wrong.cases] == ["AC", "WA"]
    assert [(str(case.verdict), case.error and case.error.line) for case in broken.cases] == [("RE", 1), ("WA", None)]
    assert broken.cases[0].error.type == "ZeroDivisionError"


def test_the_prelude_is_there_and_each_program_starts_with_fresh_names(judge):
    problem = function_problem([((2,), 4)], prelude="def double(x): return 2 * x")
    steals = "double = lambda x: 0\nleft = 1\ndef f(x): return 4"
    uses = "def f(x): return double(x) if 'left' not in globals() else 0"
    assert [report.accepted for report in screened(judge, problem, [steals, uses, steals, uses])] == [True] * 4


def test_classes_are_screened(judge):
    problem = class_problem(["Box", "put", "get"], [[], [3], []], [None, None, 3])
    right = "class Box:\n    def put(self, x): self.x = x\n    def get(self): return self.x"
    assert [report.accepted for report in screened(judge, problem, [right, right.replace("= x", "= 2")])] == [
        True,
        False,
    ]


def test_where_it_was_when_its_time_was_up(any_judge):
    (report,) = screened(any_judge, SQUARE, ["def f(x):\n    y = x\n    while x:\n        y += 1\n    return y"])
    assert report.cases[0].error.line in (3, 4)


def test_a_program_that_changes_the_process_fools_the_screening_and_not_the_judge(judge):
    """Which is why a screening is no verdict."""
    patches = "import sys\nsys.modules['random'].seed = None\ndef f(x): return 0"
    assert len(screened(judge, SQUARE, [patches, RIGHT])) == 2
    assert judge.run(SQUARE, RIGHT).accepted
    assert not judge.run(SQUARE, patches).accepted
