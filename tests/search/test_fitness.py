"""How near an answer comes."""

import pytest

from coderefine.search.fitness import similarity

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
