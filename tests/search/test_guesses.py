"""What passes is not made other by guesses: no test asks for them."""

import pytest

import coderefine
from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.search.engine import SearchLoss, SearchOptimizer
from tests.problems_for_tests import function_problem

NEIGHBOUR = """\
def f(a, limit):
    found = []
    for i in range(len(a) - 2):
        if a[i + 1] > limit:
            found.append(a[i])
    return found
"""
KEPT = """\
def f(xs, k, seen={}):
    if not xs and k in seen:
        return seen[k]
    total = 0
    for x in xs:
        if x >= k:
            total += x
    seen[k] = max(total, k)
    return min(total, k)
"""
EQUAL = """\
def f(a, b):
    if a <= b:
        return b - a + 1
    if a > b:
        return a - b
    raise AssertionError(a, b)
"""
OPPOSITE = """\
def f(a, b, on):
    if a < b:
        return 1
    elif a >= b and on:
        return 5
    return 0
"""
IDLE = """\
def f(xs, k):
    if k < 0:
        k + 1
    return [x for x in xs if x > k + 1]
"""
INSTANCE = """\
class Counter:
    def __init__(self):
        self.n = 0

    def name(self):
        return self.__class__.__name__ if self.n > 9 else ""

def f(xs):
    counter = Counter()
    for x in xs:
        counter.n -= x
    return counter.n, counter.name()
"""

EXAMPLES = {
    "a condition on the neighbour": (
        NEIGHBOUR, NEIGHBOUR.replace("- 2", "- 1"),
        [(([5, 6, 7], 4), [5, 6]), (([1, 2], 4), []), (([6, 7, 8, 9], 5), [6, 7, 8])],
    ),
    "what is kept and what is returned": (
        KEPT, KEPT.replace(">=", ">"), [(([3], 3), 0), (([1, 2], 1), 1), (([4, 9, 4], 4), 4)],
    ),
    "a condition and its opposite": (
        EQUAL, EQUAL.replace("b - a + 1", "b - a"), [((1, 4), 3), ((9, 2), 7), ((0, 1), 1)],
    ),
    "a condition that repeats the opposite": (OPPOSITE, OPPOSITE.replace("5", "4"), [((1, 2, True), 1), ((5, 2, True), 4), ((5, 2, False), 0)]),
    "a statement without effect": (IDLE, IDLE.replace("x > k + 1", "x > k"), [(([1, 2, 3], 1), [2, 3]), (([4.5, 5], 4), [4.5, 5]), (([0], 0), [])]),
    "an attribute that every object has": (INSTANCE, INSTANCE.replace("-=", "+="), [(([1, 2],), (3, "")), (([],), (0, "")), (([4],), (4, ""))]),
}  # fmt: skip


@pytest.fixture(scope="module")
def judge():
    with coderefine.open_judge("local") as judge:
        yield judge


@pytest.mark.parametrize(("buggy", "right", "tests"), EXAMPLES.values(), ids=EXAMPLES)
def test_only_what_a_test_asks_for_is_changed(judge, buggy, right, tests):
    problem = function_problem(tests, params=["Any"] * len(tests[0][0]))
    code = Variable(buggy, requires_grad=True)
    SearchLoss(problem)(code, judge.run(problem, buggy)).backward()
    optimizer = SearchOptimizer(code, problem=problem, judge=judge, meter=Meter(), max_candidates=1500, max_seconds=60)
    assert [patch.after for patch in optimizer.step()] == [right]
