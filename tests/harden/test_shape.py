"""Relations that all visible inputs share are kept where the statement leaves them open."""

import dataclasses

from coderefine.harden.constraints import read_constraints
from coderefine.harden.shape import relations
from tests.problems_for_tests import function_problem


def names(inputs, types, statement="Compute it."):
    problem = function_problem([(args, None) for args in inputs], params=types)
    problem = dataclasses.replace(problem, statement=statement)
    return {(it.name, it.places) for it in relations(problem, read_constraints(problem))}


def test_a_number_that_is_never_more_than_the_length_stays_so():
    assert ("at most the length", (1, 0)) in names([([5, 1, 2], 3), ([4], 1)], ("list[int]", "int"))


def test_lists_of_equal_length_stay_so():
    found = names([([5, 1], [2, 2]), ([4], [3])], ("list[int]", "list[int]"))
    assert ("of equal length", (0, 1)) in found


def test_sorted_lists_stay_sorted():
    assert ("rising", (0,)) in names([([1, 2, 2],), ([4, 9],)], ("list[int]",))


def test_square_matrices_stay_square():
    assert ("square", (0,)) in names([([[1, 2], [3, 4]],), ([[7]],)], ("list[list[int]]",))


def test_a_target_that_always_occurs_goes_on_to_occur():
    assert ("occurs in", (1, 0)) in names([([5, 1], 1), ([4], 4)], ("list[int]", "int"))


def test_search_trees_stay_search_trees():
    assert ("a search tree", (0,)) in names([([2, 1, 3],), ([1, None, 2],)], ("TreeNode",))
    assert ("a search tree", (0,)) not in names([([2, 3, 1],)], ("TreeNode",))


def test_order_is_chance_where_the_statement_says_all_but_that():
    told = "## Constraints\n1 <= p0.length <= 9\n0 <= p0[i] <= 9"
    assert ("rising", (0,)) not in names([([1, 2, 3],)], ("list[int]",), told)
    assert ("rising", (0,)) in names([([1, 2, 3],)], ("list[int]",), "The list is sorted.\n" + told)
