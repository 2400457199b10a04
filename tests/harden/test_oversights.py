"""Oversights: what nobody means to be is told from what is meant, and no answer changes."""

import dataclasses

import pytest

from coderefine.budget import Meter
from coderefine.harden.hardening import harden
from coderefine.harden.inputs import smallest
from coderefine.harden.oversights import call_of, find_oversights, only_adds, oversight_test
from tests.problems_for_tests import function_problem

TESTS = [(([3, 1, 2],), 3), (([-5, 4],), 4)]
CRASHES = "def f(nums):\n    return max(nums)\n"
FORGETS = "def f(nums):\n    for n in nums:\n        if n == max(nums):\n            return n\n"
RAISES = "def f(nums):\n    if not nums:\n        raise ValueError('empty')\n    return max(nums)\n"
ASSERTS = "def f(nums):\n    assert nums\n    return max(nums)\n"
ANSWERS_NONE = "def f(nums):\n    if not nums:\n        return None\n    return max(nums)\n"
ON_ONE_LINE = "def f(nums):\n    if not nums: raise ValueError('empty')\n    return max(nums)\n"
OVER_LINES = "def f(nums):\n    assert len(nums) > len(\n        nums[:-1]\n    )\n    return max(nums)\n"
PASSED_ON = "def f(nums):\n    try:\n        return max(nums)\n    except ValueError:\n        raise\n"
DOCUMENTED = 'def f(nums):\n    """Raises ValueError for no numbers."""\n    return max(nums)\n'
ANNOTATED = FORGETS.replace("(nums)", "(nums) -> int | None", 1)
FINDS = "def f(nums):\n    for n in nums:\n        if n in (3, 4):\n            return n\n"
RIGHT = "def f(nums):\n    return max(nums, default=0)\n"


def problem(statement="The largest number.", tests=TESTS):
    return dataclasses.replace(function_problem(tests, params=("list[int]",)), statement=statement)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        *((CRASHES, True), (FORGETS, True), (RAISES, False), (ASSERTS, False), (ANSWERS_NONE, False), (RIGHT, False)),
        *((ON_ONE_LINE, False), (OVER_LINES, False), (PASSED_ON, False), (DOCUMENTED, False), (ANNOTATED, False)),
        (FINDS, False),
    ],
    ids=[
        *("crashes", "forgets", "raises", "asserts", "answers None", "right"),
        *("raises on the same line", "asserts over lines", "passes an error on", "says it raises", "says it is None"),
        "answers None on valid inputs",
    ],
)
def test_what_nobody_means_is_an_oversight(source, found, any_judge):
    oversights = harden(problem(), any_judge, Meter(), source, [source], independent=True).oversights
    assert ("candidate([])" in oversights) is found


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("The largest number.", [[], [3], [-5]]),
        ("The largest number of a non-empty list.", [[3], [-5]]),
        ("The largest of at least two numbers.", []),
        ("The largest of two or more numbers.", []),
        ("The largest of one or more numbers.", [[3], [-5]]),
        ("The largest number of n (n >= 1).", [[3], [-5]]),
        ("The largest of n numbers, $1 \\le n$.", [[3], [-5]]),
        ("Die größte Zahl einer Liste, die nicht leer ist.", [[3], [-5]]),
        ("Die größte von mindestens zwei Zahlen.", []),
        ("The largest number above n > 0.5.", [[], [3], [-5]]),
        ("The largest number.\n\n## Constraints\n\n- `1 <= p0.length <= 9`\n- `-9 <= p0[i] <= 9`", []),
    ],
)
def test_the_smallest_inputs_are_those_that_the_statement_leaves_open(statement, expected):
    found = [args[0] for args in smallest(problem(statement))]
    assert sorted(found) == sorted(expected)


def test_an_empty_argument_is_answered_by_nothing_first():
    test = oversight_test("generated 1", call_of(([],)), problem())
    assert (test.args, test.expected, test.code) == (([],), 0, "")
    texts = problem(tests=[(([3, 1],), "31"), (([4],), "4")])
    assert oversight_test("generated 1", call_of(([],)), texts).expected == ""
    assert "is not None" in oversight_test("generated 1", call_of(([3],)), problem()).code
    assert "is not None" in oversight_test("generated 1", "candidate(nan, [])", problem()).code


def test_where_the_statement_speaks_of_nothing_it_may_be_an_answer(any_judge):
    for statement, found in (("The largest number.", True), ("The largest number, if there is any.", False)):
        open_ = problem(statement)
        oversights = harden(open_, any_judge, Meter(), FORGETS, [FORGETS], independent=True).oversights
        assert bool(oversights) is found


def test_lines_that_are_added_are_told_from_lines_that_change():
    assert only_adds(CRASHES, RAISES)
    assert not only_adds(CRASHES, RIGHT)


def test_nothing_is_an_oversight_where_constraints_say_what_is_valid(any_judge):
    stated = problem("## Constraints\n\n- `1 <= p0.length <= 9`\n- `-9 <= p0[i] <= 9`")
    report = any_judge.run(stated, CRASHES)
    assert find_oversights(stated, [([],)], report, CRASHES, certain=0) == ()
