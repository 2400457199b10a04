"""pass@k is the published estimator, and intervals are those of the bootstrap, the same each time."""

import random

import pytest

from coderefine.scoring.estimates import _resampled, _two_valued, estimate, pass_at_k, sign_test


@pytest.mark.parametrize(
    ("samples", "right", "k", "expected"),
    [
        (1, 0, 1, 0.0),
        (1, 1, 1, 1.0),
        (10, 3, 1, 0.3),
        (10, 3, 5, 1 - 21 / 252),
        (5, 2, 2, 0.7),
        (4, 1, 2, 0.5),
        (20, 1, 10, 0.5),
        (10, 8, 3, 1.0),
        (100, 1, 100, 1.0),
        (200, 0, 100, 0.0),
    ],
)
def test_pass_at_k_has_known_values(samples, right, k, expected):
    assert pass_at_k(samples, right, k) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("samples", [1, 7, 50, 200])
def test_pass_at_k_is_the_product_that_was_published(samples):
    for right in range(samples + 1):
        for k in {1, samples // 2, samples} - {0}:
            product = 1.0
            for i in range(samples - right + 1, samples + 1):
                product *= 1 - k / i
            published = 1.0 if samples - right < k else 1 - product
            assert pass_at_k(samples, right, k) == pytest.approx(published, abs=1e-9)


@pytest.mark.parametrize(("samples", "right", "k"), [(3, 4, 1), (3, -1, 1), (3, 1, 4), (3, 1, 0)])
def test_pass_at_k_refuses_what_has_no_meaning(samples, right, k):
    with pytest.raises(ValueError, match="expected 0 <= right"):
        pass_at_k(samples, right, k)


VALUES = [1.0] * 30 + [0.0] * 20 + [0.5] * 10


def test_an_interval_is_the_same_each_time_and_another_with_another_seed():
    assert estimate(VALUES) == estimate(VALUES)
    assert estimate(VALUES, seed=1) != estimate(VALUES, seed=2)


def test_an_interval_is_as_wide_as_the_theory_says():
    found = estimate([1.0] * 300 + [0.0] * 100)
    deviation = (0.75 * 0.25 / 400) ** 0.5
    assert found.mean == 0.75
    assert found.low == pytest.approx(0.75 - 1.96 * deviation, abs=0.006)
    assert found.high == pytest.approx(0.75 + 1.96 * deviation, abs=0.006)


def test_the_shortcut_for_two_values_is_the_same_distribution():
    values = [1.0] * 30 + [-1.0] * 70
    slow, fast = (
        sorted(_resampled(values, random.Random(1))),
        sorted(_two_valued([-1.0, 1.0], values, random.Random(2))),
    )
    for share in (25, 250, 500, 750, 975):
        assert fast[share] == pytest.approx(slow[share], abs=0.06)


@pytest.mark.parametrize(
    ("value", "count", "low", "high"),
    [(0.0, 10, 0.0, 0.3085), (1.0, 10, 0.6915, 1.0), (1.0, 1, 0.025, 1.0), (0.0, 164, 0.0, 0.0222)],
)
def test_equal_values_have_the_exact_interval_of_a_share(value, count, low, high):
    """The figures are those of Clopper and Pearson's tables."""
    found = estimate([value] * count)
    assert (found.mean, found.low, found.high) == (value, pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_equal_differences_may_hide_some_in_either_direction():
    found = estimate([0.0] * 10, least=-1.0)
    assert (found.mean, found.low, found.high) == (0, -found.high, pytest.approx(0.3085, abs=5e-5))


def test_a_mean_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no mean of nothing"):
        estimate([])


@pytest.mark.parametrize(
    ("wins", "losses", "expected"),
    [(0, 0, 1), (2, 0, 0.25), (5, 0, 1 / 32), (0, 3, 1), (3, 1, 5 / 16), (9, 1, 11 / 1024)],
)
def test_the_sign_test_counts_throws_of_a_coin(wins, losses, expected):
    assert sign_test(wins, losses) == pytest.approx(expected, abs=1e-12)
