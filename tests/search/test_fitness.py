"""How near an answer comes."""

import pytest

from coderefine.search.fitness import behaviour, fitness, similarity
from tests.samples import case, report

NEARER = [
    (5, 6, 60),
    ([1, 2, 3], [1, 2, 4], [9, 9, 9]),
    ([1, 2], [1], []),
    ("abcd", "abce", "xyz"),
    ({"a": 1}, {"a": 2}, {"b": 1}),
]


@pytest.mark.parametrize(("expected", "near", "far"), NEARER)
def test_what_is_nearer_is_worth_more(expected, near, far):
    assert 1 == similarity(expected, expected) > similarity(near, expected) > similarity(far, expected) >= 0


@pytest.mark.parametrize("got", [10**400, -(10**400), float("inf"), float("nan"), None, "5"])
def test_what_cannot_be_measured_is_worth_nothing(got):
    assert similarity(got, 5) == similarity(got, 0.5) == 0


def test_an_integer_too_long_to_be_written_is_an_answer_like_others():
    long, other = (report(case(got=number)) for number in (10**5000, 5))
    assert behaviour(long) == behaviour(report(case(got=10**5000))) != behaviour(other)
    assert fitness(long) < fitness(other)
