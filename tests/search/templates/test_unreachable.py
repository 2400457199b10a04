"""Conditions that leave nothing for the statements below them."""

import pytest

from coderefine.search.templates import unreachable
from tests.search.asking import texts


def afters(source):
    return texts(unreachable.propose, source)


CHAIN = "def f(a, b):\n    if a {} b: return 1\n    if {}: return 2\n    return 3\n"


@pytest.mark.parametrize(
    ("first", "second", "mended"),
    [
        ("<=", "a > b", ("<", "a > b")),
        ("<", "a >= b", ("<", "a > b")),
        ("<=", "a >= b", ("<", "a > b")),
        (">=", "b > a", (">", "b > a")),
    ],
)
def test_conditions_that_leave_nothing_for_what_follows(first, second, mended):
    assert afters(CHAIN.format(first, second)) == [CHAIN.format(*mended)]


@pytest.mark.parametrize(
    "source",
    [
        CHAIN.format("<", "a > b"),
        CHAIN.format("<=", "a >= c"),
        CHAIN.format("<=", "b >= a"),
        CHAIN.format("<=", "a < b"),
        "def f(a, b):\n    if a <= b: return 1\n    if a > b: return 2\n",
        "def f(a, b):\n    if a <= b: print(1)\n    if a > b: print(2)\n    return 3\n",
    ],
)
def test_what_leaves_something_or_has_nothing_to_leave_stays(source):
    assert afters(source) == []


def test_an_else_that_is_never_reached():
    source = "def f(a, b):\n    if a < b:\n        g()\n    elif a >= b:\n        h()\n    else:\n        return 0\n"
    assert afters(source) == [source.replace(">=", ">")]
