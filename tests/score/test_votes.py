"""Majority votes and self-consistency, against values worked out by hand."""

import itertools

import pytest

from coderefine.scoring.votes import majority_of, votes_of

RIGHT, WRONG, OTHER, UNREAD = ("10", True), ("9", False), ("8", False), (None, False)


@pytest.mark.parametrize(
    ("votes", "k", "share"),
    [
        ([RIGHT, RIGHT, WRONG], 3, 1.0),
        ([RIGHT, WRONG, WRONG], 3, 0.0),
        ([RIGHT, WRONG], 2, 0.5),
        ([RIGHT, WRONG, OTHER], 3, 1 / 3),
        ([RIGHT, WRONG], 1, 0.5),
        ([UNREAD, UNREAD, RIGHT], 3, 1.0),
        ([UNREAD], 1, 0.0),
        ([("10.0", True), ("10", True), WRONG, WRONG, OTHER], 5, 0.5),
    ],
)
def test_the_most_frequent_answer_decides(votes, k, share):
    assert majority_of(votes, k) == pytest.approx(share)


def test_a_majority_of_k_is_that_of_every_subset():
    votes = [RIGHT] * 3 + [WRONG] * 2
    won = [sum(right for _, right in subset) >= 2 for subset in itertools.combinations(votes, 3)]
    assert majority_of(votes, 3) == pytest.approx(sum(won) / 10)


def test_many_subsets_are_drawn_with_a_fixed_seed():
    votes = [RIGHT] * 12 + [WRONG] * 12
    assert majority_of(votes, 11) == majority_of(votes, 11) == pytest.approx(0.5, abs=0.05)


def test_agreement_and_what_cannot_be_read_are_counted():
    found = votes_of([[RIGHT, RIGHT, WRONG, UNREAD], [WRONG] * 4], [1, 3])
    assert (found.consistency.mean, found.unread, list(found.majority_at)) == (0.75, 1, [1, 3])


def test_programs_have_no_votes():
    assert votes_of([[(None, True)], [(None, False)]], [1]) is None
