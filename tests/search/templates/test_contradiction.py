"""Conditions at odds with what they decide about."""

import pytest

from coderefine.search.templates import contradiction
from tests.search.asking import texts


def afters(source):
    return texts(contradiction.propose, source)


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


BRANCHES = "def f(x, y, on):\n    if x < y:\n        g()\n    elif {}:\n        h()\n"


def test_a_negation_that_is_repeated():
    assert afters(BRANCHES.format("x >= y and on")) == [BRANCHES.format("x > y and on")]
    assert afters(BRANCHES.format("x >= y")) == []
    assert afters(BRANCHES.format("x > y and on")) == []


NEIGHBOUR = "def f(a, x, i):\n    if x < {}:\n        g(a[i])\n    return {}\n"


def test_a_condition_on_the_neighbour_of_what_is_used():
    assert afters(NEIGHBOUR.format("a[i + 1]", "x")) == [NEIGHBOUR.format("a[i]", "x")]
    assert afters(NEIGHBOUR.format("a[i-1]", "x")) == [NEIGHBOUR.format("a[i]", "x")]


@pytest.mark.parametrize("condition", ["a[i]", "a[i + 2]", "b[i + 1]", "a[i + 1] - a[i]"])
def test_neighbours_that_are_compared_or_of_something_else_stay(condition):
    assert afters(NEIGHBOUR.format(condition, "x")) == []


def test_a_neighbour_that_is_used_elsewhere_stays():
    assert afters(NEIGHBOUR.format("a[i + 1]", "a[i + 1]")) == []


POINTERS = "def f(head):\n    {}\n    while a and {}:\n        b = b.next\n        a = a.{}\n    return b\n"


@pytest.mark.parametrize("start", ["a = b = head", "a = head\n    b = head"])
def test_pointers_that_never_part(start):
    slow, fast = (POINTERS.format(start, "a.next", steps) for steps in ("next", "next.next"))
    assert afters(slow) == [fast]
    assert afters(fast) == []


@pytest.mark.parametrize(("start", "test"), [("a = b = head", "b"), ("a = head.next\n    b = head", "a.next")])
def test_pointers_that_are_apart_or_take_one_step_at_a_time(start, test):
    assert afters(POINTERS.format(start, test, "next")) == []


LOOP = "i = j = 0\nwhile i < len(a):\n    f(a[i])\n    {}\n"


def test_a_loop_that_counts_what_it_does_not_test():
    assert afters(LOOP.format("j += 1")) == [LOOP.format("i += 1")]


@pytest.mark.parametrize(
    "statement",
    ["i += 1", "a.pop(); j += 1", "i = g(i); j += 1", "j += 1; k += 1", "j += 1\n    if j > 9: break", "g(i)"],
)
def test_a_loop_that_may_end_or_has_no_only_counter_stays(statement):
    assert afters(LOOP.format(statement)) == []


def test_a_loop_that_sets_what_it_should_count():
    source = "i = 0\nwhile i < n and j < m:\n    if a[i] < b[j]:\n        {}\n    else:\n        j += 1\n"
    assert afters(source.format("i = 1")) == [source.format("i += 1")]
    assert afters(source.format("i += 1; i = 1")) == []
    assert afters(source.format("i = k")) == []
    assert afters(source.replace("i < n", "i < 9").format("i = 1")) == []


SEARCH = "while low {} high:\n    mid = (low + high) // 2\n    if a[mid] < x:\n        low = mid + 1\n    else:\n        {}\n"


def test_a_binary_search_that_never_ends():
    assert afters(SEARCH.format("<=", "high = mid")) == [SEARCH.format("<", "high = mid")]


@pytest.mark.parametrize(
    ("operator", "end"),
    [("<", "high = mid"), ("<=", "high = mid - 1"), ("<=", "high = mid; break"), ("<=", "high = x")],
)
def test_a_binary_search_that_ends(operator, end):
    assert afters(SEARCH.format(operator, end)) == []
