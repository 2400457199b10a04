"""The growth of time, fitted and measured."""

import dataclasses
import math

import pytest

from coderefine.harden.growth import enlarged, fit, measure, size_within
from coderefine.harden.inputs import Space
from coderefine.problem.problem import Limits
from tests.problems_for_tests import function_problem

SIZES = [2**k for k in range(4, 14)]
STATED = "## Constraints\n1 <= p0.length <= 10^5\n0 <= p0[i] <= 10^5"


def problem(statement=STATED, case=([3, 1, 2],), types=("list[int]",), time_s=1.0):
    made = function_problem([(case, 6)], params=types, limits=Limits(time_s=time_s))
    return dataclasses.replace(made, statement=statement)


@pytest.mark.parametrize(
    ("order", "time"),
    [
        ("1", lambda n: 1.0),
        ("log n", lambda n: math.log2(n + 2)),
        ("n", lambda n: n),
        ("n log n", lambda n: n * math.log2(n + 2)),
        ("n^2", lambda n: n**2),
        ("n^3", lambda n: n**3),
    ],
)
def test_finds_the_growth_through_noise_of_a_few_per_cent(order, time):
    points = [(n, 0.002 * time(n) * (1 + 0.02 * (-1) ** i)) for i, n in enumerate(SIZES)]
    assert fit(points)[0] == order


def test_what_does_not_grow_hides_no_growth():
    assert fit([(n, 0.0005 + 1e-8 * n**2) for n in SIZES])[0] == "n^2"


def test_finds_exponential_growth():
    assert fit([(n, 1e-6 * 2.0**n) for n in range(10, 20)])[0] == "2^n"


def test_times_too_short_to_measure_fit_nothing():
    assert fit([(n, 1e-5) for n in SIZES]) is None


def test_says_at_which_size_the_limit_is_passed():
    assert size_within("n^2", math.log(1e-6), 1.0, 10**6) == 1001
    assert size_within("n", math.log(1e-6), 10.0, 10**6) is None


def test_a_quadratic_program_is_found_out(any_judge):
    source = "def f(nums):\n    return sum(1 for a in nums for b in nums if a == b)\n"
    growth, large = measure(problem(), any_judge, source, 1.0)
    assert growth.order == "n^2"
    assert growth.limit == 100_000
    assert 1000 < growth.passes_at < 100_000
    assert large.size == len(large.args[0]) == min(2 * growth.passes_at, 100_000)


def test_a_run_that_is_stopped_says_nothing_of_how_time_grows(any_judge):
    source = "def f(nums):\n    while len(nums) > 5000: pass\n    return sum(1 for a in nums for b in nums if a == b)\n"
    growth, _ = measure(problem(time_s=9.0), any_judge, source, 4.0)
    assert growth.order == "n^2"
    assert growth.points[-1][0] < 5000


def test_making_the_inputs_takes_from_the_budget_too(any_judge):
    assert measure(problem(), any_judge, "def f(nums):\n    return sum(nums)\n", 0.0) is None


def test_a_linear_program_stays_within_its_limit(any_judge):
    source = "def f(nums):\n    return sum(x * x for x in nums for _ in range(5))\n"
    growth, large = measure(problem(), any_judge, source, 1.0)
    assert (growth.passes_at, large) == (None, None)


@pytest.mark.parametrize(
    "statement", ["Sum it.", "## Constraints\n1 <= p0.length <= 50\n0 <= p0[i] <= 9", STATED + "\np0 is a valid tree"]
)
def test_nothing_is_measured_without_a_large_limit_that_is_read(any_judge, statement):
    assert measure(problem(statement), any_judge, "def f(nums): return 6", 0.5) is None


@pytest.mark.parametrize("more", ["", "\np0 is sorted in ascending order", "\nAll values of p0 are unique."])
def test_enlarged_inputs_obey_the_constraints_and_are_what_their_code_says(more):
    space = Space(problem(STATED + more, case=([1, 2, 3],)))
    large = enlarged(space, 1000)
    assert space.allows(large.args)
    assert len(large.args[0]) == 1000
    made = eval(large.code, {"candidate": lambda *args: args})
    assert made == large.args


def test_an_input_of_too_many_characters_is_not_made():
    rows = STATED.replace("0 <= p0[i] <= 10^5", "p0[i].length == 500\n0 <= p0[i][j] <= 9")
    space = Space(problem(rows, case=([[1] * 500],), types=("list[list[int]]",)))
    assert enlarged(space, 1000)
    assert enlarged(space, 10_000) is None


def test_a_number_with_a_large_limit_of_its_own_grows_where_it_is_asked_for():
    stated = STATED + "\n1 <= p1 <= 40_000\n1 <= p2 <= 9"
    space = Space(problem(stated, case=([1, 2, 3], 2, 5), types=("list[int]", "int", "int")))
    assert enlarged(space, 1000).args[1:] == (2, 5)
    assert enlarged(space, 1000, numbers=True).args[1:] == (500, 5)


def test_a_number_that_is_bounded_by_a_length_grows_along():
    space = Space(problem(STATED + "\n1 <= p1 <= p0.length", case=([1, 2, 3], 2), types=("list[int]", "int")))
    assert enlarged(space, 1000).args[1] == 500
