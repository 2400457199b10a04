"""Inputs at the ends of what a statement allows."""

import dataclasses

import pytest

from coderefine.harden.hardening import _failures
from coderefine.harden.inputs import generate
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from tests.problems_for_tests import function_problem


def stated(cases, types, statement):
    problem = function_problem([(args, None) for args in cases], params=types)
    return dataclasses.replace(problem, statement=statement)


def corners_of(cases, types, constraints):
    return generate(stated(cases, types, f"## Constraints\n{constraints}\n"))


def test_numbers_are_as_small_and_as_large_as_is_stated():
    found = corners_of([(5,)], ("int",), "1 <= p0 <= 10^9")
    assert {(1,), (10**9,)} <= set(found)


def test_lists_are_empty_all_equal_at_each_end_sorted_and_reversed():
    found = [
        tuple(args[0]) for args in corners_of([([3, 1, 2],)], ("list[int]",), "0 <= p0.length <= 5\n-4 <= p0[i] <= 9")
    ]
    assert {(), (-4,) * 5, (9,) * 5, (3,) * 5, (1, 2, 3), (3, 2, 1), (2, 1, 3)} <= set(found)


def test_texts_are_empty_one_letter_and_one_letter_many_times():
    found = {
        args[0] for args in corners_of([("bca",)], ("str",), "0 <= p0.length <= 4\np0 consists of lowercase letters")
    }
    assert {"", "b", "aaaa", "zzzz", "abc", "cba"} <= found


def test_rows_have_each_column_at_its_ends():
    found = [
        args[0]
        for args in corners_of([([[2, 1]] * 3,)], ("list[list[int]]",), "1 <= p0.length <= 3\n0 <= p0[i][j] <= 7")
    ]
    assert [[0, 1]] * 3 in found
    assert [[7, 1]] * 3 in found


def test_trees_have_one_branch_or_no_node():
    found = [
        args[0]
        for args in corners_of(
            [([1, 2, 3],)], ("TreeNode | None",), "The number of nodes is in the range [0, 5].\n1 <= Node.val <= 3"
        )
    ]
    assert [] in found
    assert [1, 2, None, 3] in found
    assert [1, None, 2, None, 3] in found


def test_all_parameters_are_at_their_ends_at_once_too():
    assert (0, 0) in corners_of([(2, 3)], ("int", "int"), "0 <= p0 <= 9\n0 <= p1 <= 9")


def test_a_length_that_another_decides_has_no_ends_of_its_own():
    found = corners_of([("ab", "cd"), ("a", "b")], ("str", "str"), "1 <= p0.length <= 9\np1.length == p0.length")
    assert found
    assert all(len(one) == len(other) for one, other in found)


def test_without_bounds_the_ends_are_those_seen():
    found = generate(function_problem([((4,), None), ((7,), None)], params=("int",)))
    assert all(4 <= number <= 7 for (number,) in found)


def test_what_may_take_longest_comes_last():
    found = generate(stated([(5,)], ("int",), "## Constraints\n1 <= p0 <= 10^9\n"), 12)
    assert len(found) == 12
    assert (10**9,) in found[8:]


def test_what_takes_long_on_the_largest_input_is_no_failure():
    problem = stated([(5,)], ("int",), "## Constraints\n1 <= p0 <= 10^9\n")
    cases = tuple(CaseResult(at, "", Verdict.TLE, args=(number,)) for at, number in enumerate((3, 10**9)))
    report = TestReport("p", "visible", cases, "local")
    assert _failures(problem, [(3,), (10**9,)], report) == ("candidate(3)",)


@pytest.mark.parametrize(
    ("cases", "type_", "is_varied"),
    [
        ([((1, 2),), ((3,),)], "Any", True),
        ([((1, 2),), ((3, 4),)], "Any", False),
        ([((1, 2),)], "tuple[int, ...]", True),
        ([((1, 2),)], "tuple[int, int]", False),
    ],
)
def test_tuples_are_varied_where_they_stand_for_lists(cases, type_, is_varied):
    found = generate(function_problem([(args, None) for args in cases], params=(type_,)))
    assert bool(found) == is_varied
    assert all(type(args[0]) is tuple for args in found)
