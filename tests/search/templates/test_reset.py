"""Loops that set what they should count."""

import pytest

from coderefine.search.templates import reset
from tests.search.asking import texts

LOOP = "i = 0\nwhile {}:\n    if f(i):\n        {}\n    else:\n        j += 1\n"


@pytest.mark.parametrize("test", ["i < n", "i <= len(a) and j < m", "n > i"])
def test_what_a_loop_tests_against_a_bound_is_counted(test):
    assert texts(reset.propose, LOOP.format(test, "i = 1")) == [LOOP.format(test, "i += 1")]


@pytest.mark.parametrize(
    ("test", "statement"),
    [
        ("i < n", "i += 1"),
        ("i < n", "i += 2; i = 1"),
        ("i < n", "i = k"),
        ("i < n", "j = 1"),
        ("i < 9", "i = 1"),
        ("not i", "i = 1"),
        ("i > n", "i = 1"),
    ],
)
def test_what_is_a_flag_or_is_counted_elsewhere_stays(test, statement):
    assert texts(reset.propose, LOOP.format(test, statement)) == []
