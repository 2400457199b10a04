"""What a statement says of its parameters, and what it does not."""

import dataclasses

import pytest

from coderefine.harden.bounds import Bounds
from coderefine.harden.constraints import read_constraints
from coderefine.problem.problem import Param
from coderefine.problem.typespec import parse
from tests.problems_for_tests import function_problem


def problem(constraints, args, types, *, names=("nums", "k"), before=""):
    made = function_problem([(args, None)], params=types)
    params = tuple(Param(name, parse(text)) for name, text in zip(names, types, strict=False))
    return dataclasses.replace(made, params=params, statement=f"{before}\n## Constraints\n\n{constraints}\n")


def read(constraints, args=([3, 1], 2), types=("list[int]", "int"), **more):
    return read_constraints(problem(constraints, args, types, **more))


def test_reads_the_bounds_of_lengths_and_of_items():
    found = read("- `1 <= nums.length <= 10^4`\n- `-5 <= nums[i] <= 10^9`\n- `1 <= k <= nums.length`")
    assert found.of("nums", length=True) == Bounds(1, 10_000)
    assert found.of("nums", (None,)) == Bounds(-5, 10**9)
    assert found.of("k").low == 1
    assert not found.unread


def test_a_bound_that_depends_on_another_parameter_is_a_rule():
    found = read("1 <= k <= nums.length")
    assert found.allow(([1, 2, 3], 3))
    assert not found.allow(([1, 2, 3], 4))


def test_a_name_that_is_not_a_parameter_is_what_the_statement_says_it_is():
    found = read("- n == nums.length\n- 2 <= n <= 50\n- 0 <= k < n", args=([3, 1], 1))
    assert found.of("nums", length=True) == Bounds(2, 50)
    assert not found.allow(([1], 0))


def test_columns_that_the_statement_names_are_known():
    found = read(
        "0 <= fromi < toi <= 9", args=([[1, 2]], 1), types=("list[list[int]]", "int"), before="nums[i] = [fromi, toi]"
    )
    assert found.of("nums", (None, 0)).low == 0
    assert not found.allow(([[2, 1]], 1))


def test_what_is_not_understood_makes_its_parameter_unread():
    found = read("- 1 <= nums.length <= 9\n- nums represents a valid tree")
    assert found.unread == {"nums"}


def test_a_line_that_is_read_in_part_leaves_its_parameter_unread():
    assert read("1 <= k <= 2n - 1").unread == {"k"}


def test_a_value_that_occurs_in_another_parameter_is_a_rule():
    found = read("k is an element of nums", args=([1, 2], 2))
    assert found.allow(([1, 4], 4))
    assert not found.allow(([1, 4], 2))


def test_a_sentence_about_no_parameter_makes_all_unread():
    assert read("exactly one pair is right").unread == {"nums", "k"}


@pytest.mark.parametrize("line", ["the answer fits into 32 bits", "a number may occur twice"])
def test_a_sentence_that_limits_no_input_is_skipped(line):
    assert not read(line).unread


def test_what_the_visible_inputs_contradict_was_misread():
    found = read("- 1 <= nums.length <= 1\n- 1 <= k <= 9")
    assert found.unread == {"nums"}
    assert found.of("nums", length=True) == Bounds()


def test_nodes_of_a_list_or_tree_are_counted_without_missing_children():
    found = read(
        "- The number of nodes in the tree is in the range [1, 3].\n- -9 <= Node.val <= 9\n- 0 <= height <= 2",
        args=([1, None, 2],),
        types=("TreeNode",),
        names=("root",),
    )
    assert found.of("root", length=True) == Bounds(1, 3)
    assert found.allow(([1, 2, 3],))
    assert not found.allow(([1, None, 2, 3],)), "three levels"
    assert not found.allow(([10],))


def test_a_permutation_of_another_parameter_is_a_rule():
    found = read("s2 is an anagram of s1", args=("ab", "ba"), types=("str", "str"), names=("s1", "s2"))
    assert found.allow(("abc", "cab"))
    assert not found.allow(("abc", "abd"))


def test_a_statement_without_a_section_says_nothing():
    found = read_constraints(function_problem([((1,), 1)]))
    assert (found.rules, found.unread, found.stated) == ((), frozenset(), False)


def in_words(statement, args=([3, 1], 2)):
    made = problem("", args, ("list[int]", "int"))
    return read_constraints(dataclasses.replace(made, statement=statement))


NUMBER, LENGTH, ITEM = ("k", (), False), ("nums", (), True), ("nums", (None,), False)


@pytest.mark.parametrize(
    ("statement", "bounds"),
    [
        ("Given a number k between 1 and 10^9, add it.", {NUMBER: Bounds(1, 10**9)}),
        ("You get nums (1 ≤ |nums| ≤ 50, 1 ≤ k ≤ 10⁵).", {LENGTH: Bounds(1, 50), NUMBER: Bounds(1, 10**5)}),
        ("Take a positive integer k.", {NUMBER: Bounds(1, None)}),
        ("k is at most 7 and nums has at least 2 elements.", {NUMBER: Bounds(None, 7), LENGTH: Bounds(2, None)}),
        ("A non-empty list of non-negative integers nums.", {ITEM: Bounds(0, None)}),
        ("The non-empty list nums is given.", {LENGTH: Bounds(1, None)}),
        ("The length of nums is between 1 and 20.", {LENGTH: Bounds(1, 20)}),
        ("Numbers in nums are between -5 and 5.", {ITEM: Bounds(-5, 5)}),
    ],
)
def test_sentences_give_bounds_where_there_is_no_section(statement, bounds):
    found = in_words(statement)
    assert dict(found.bounds) == bounds
    assert not found.unread


@pytest.mark.parametrize(
    "statement",
    [
        "Return whether nums is sorted between 0 and 5.",
        "Return at most 3 numbers.",
        "k lies between 0 and 1.",  # which the visible input contradicts
        "Add k.\n\nExamples:\nk is between 1 and 9.",
        "Add k.\n```\n1 <= k <= 9\n```\n",
        "bank is between 1 and 9, and non-negative integers are kind.",
    ],
)
def test_a_sentence_that_is_no_bound_of_a_parameter_is_none(statement):
    assert not in_words(statement).bounds


def test_what_all_sentences_bound_is_stated():
    assert in_words("1 <= nums.length <= 5 and 1 <= nums[i] <= 9. Let k be between 1 and 2.").stated
    assert not in_words("Let k be between 1 and 2.").stated
