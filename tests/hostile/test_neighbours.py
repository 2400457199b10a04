"""A right program gets its verdict whoever runs in other sandboxes of the machine, as whichever user."""

import threading
import time

import pytest

from coderefine.judge.opening import open_judge
from coderefine.judge.verdict import Verdict
from coderefine.kinds.program import PROGRAM
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase
from tests.conftest import need
from tests.problems_for_tests import function_problem

PATIENT = Limits(time_s=3.0, memory_mib=256)
TAKING = """
import threading, time
threading.stack_size(32768)
def f(x):
    count = 0
    try:
        while count < 1000:
            threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
            count += 1
    except RuntimeError: pass
    time.sleep(2.5)
    return count
"""
THREADS = """
import threading
def f(x):
    got = []
    threads = [threading.Thread(target=got.append, args=(i,)) for i in range(20)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(got)
"""
LARGE = "7 " * 200_000


def program(text, expected):
    test = TestCase("case", (text,), expected)
    return Problem("p", "P", "Do it.", PROGRAM, "", (test,), compare=Compare.parse("exact"), limits=PATIENT)


RIGHT = {
    "threads": (function_problem([((5,), list(range(20)))], limits=PATIENT), THREADS),
    "much input": (program(LARGE, "200000\n"), "print(len(input().split()))"),
    "an executor": (
        program("", "45\n"),
        "from concurrent.futures import ThreadPoolExecutor\nprint(sum(ThreadPoolExecutor(10).map(int, range(10))))",
    ),
}


@pytest.fixture(scope="module", params=["local", "docker"])
def crowded(request):
    """Return a judge beside which other sandboxes have taken all the threads that they get."""
    need(request.param)
    with open_judge(request.param, workers=1) as judge, open_judge(request.param, workers=2) as others:
        problem = function_problem([((5,), 0)] * 3, limits=PATIENT)  # some nine seconds
        threads = [threading.Thread(target=others.run, args=(problem, TAKING)) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(1.5)
        yield judge
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_is_accepted_beside_others_that_take_all_threads(crowded, name):
    problem, source = RIGHT[name]
    report = crowded.run(problem, source)
    assert report.verdict is Verdict.AC, report.cases[0]
