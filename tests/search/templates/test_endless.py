"""Loops that cannot end."""

import pytest

from coderefine.search.templates import endless
from tests.search.asking import texts


def afters(source):
    return texts(endless.propose, source)


LOOP = "i = j = 0\nwhile i < len(a):\n    f(a[i])\n    {}\n"


def test_a_loop_that_counts_what_it_does_not_test():
    assert afters(LOOP.format("j += 1")) == [LOOP.format("i += 1")]


@pytest.mark.parametrize(
    "statement",
    [
        "i += 1",
        "a.pop(); j += 1",
        "i = g(i); j += 1",
        "j += 1\n    if j > 9: break",
        "g(i); j += 1",
        "g(a); j += 1",
        "yield j; j += 1",
    ],
)
def test_a_loop_that_may_end_stays(statement):
    assert afters(LOOP.format(statement)) == []


def test_a_loop_whose_test_calls_something_may_end():
    assert afters("n = 0\nwhile step(n):\n    m += 1\n") == []


def test_a_loop_whose_counter_another_function_changes_may_end():
    source = "def f():\n    n = m = 0\n    def g():\n        nonlocal n\n        n += 1\n    while n < 3:\n        g()\n        m += 1\n"
    assert afters(source) == []


COPY = """\
def merged(xs, ys):
    at = to = 0
    out = []
    while at < len(xs):
        out.append(xs[at])
        {} += 1
    while to < len(ys):
        out.append(ys[to])
        {} += 1
    return out
"""


def test_all_loops_without_end_are_mended_at_once_first():
    assert afters(COPY.format("to", "at"))[0] == COPY.format("at", "to")
    assert COPY.format("at", "at") in afters(COPY.format("to", "at"))
