"""Edits from symmetry."""

import pytest

from coderefine.search.templates import mirror
from tests.search.asking import texts

LOOPS = "while i1 < len(n1):\n    f(n1[i1])\n    i1 += 1\nwhile i2 < len(n2):\n    f(n2[i2])\n"
BRANCHES = "if a:\n    left = mid\n    f(left)\nelse:\n    right = mid\n    f({})\n"


def afters(source):
    return texts(mirror.propose, source)


def test_a_loop_gets_the_statement_that_its_twin_has():
    assert LOOPS + "    i2 += 1\n" in afters(LOOPS)


@pytest.mark.parametrize("indent", ["  ", "\t"])
def test_in_the_indentation_of_the_block(indent):
    source = LOOPS.replace("    ", indent)
    assert source + f"{indent}i2 += 1\n" in afters(source)


def test_a_statement_of_a_branch_becomes_what_its_twin_says():
    assert BRANCHES.format("right") in afters(BRANCHES.format("left"))


def test_true_twins_stay_as_they_are():
    assert afters(LOOPS + "    i2 += 1\n") == []
    assert afters(BRANCHES.format("right")) == []


def test_statements_that_differ_in_more_than_names_are_no_twins():
    assert afters("while a < b:\n    f(a)\nwhile c < b + 1:\n    g(c)\n") == []
