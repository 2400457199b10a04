"""Comparisons are found in prose, in every notation that statements use."""

import ast

import pytest

from coderefine.harden.notation import UnknownError, chains, evaluate, plain


def found(text):
    return [f"{ast.unparse(it.left)} {it.symbol} {ast.unparse(it.right)}" for it in chains(plain(text)) if it]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 <= nums.length <= 10^4", ["1 <= len(nums)", "len(nums) <= 10 ** 4"]),
        ("`1 <= n <= 2 * 10<sup>5</sup>`", ["1 <= n", "n <= 2 * 10 ** 5"]),
        ("-10⁹ ≤ nums[i] ≤ 10⁹", ["-10 ** 9 <= nums[i]", "nums[i] <= 10 ** 9"]),
        ("<code>0 &lt;= k &lt; n</code>", ["0 <= k", "k < n"]),
        ("$1 \\leq n \\leq 10^{5}$", ["1 <= n", "n <= 10 ** 5"]),
        ("1 <= n <= 10,000 in all", ["1 <= n", "n <= 10000"]),
        ("0 <= len(nums) <= 30_000", ["0 <= len(nums)", "len(nums) <= 30000"]),
        (
            "1 <= word1.length, word2.length <= 9",
            ["1 <= len(word1)", "1 <= len(word2)", "len(word1) <= 9", "len(word2) <= 9"],
        ),
        ("n == grid.length", ["n == len(grid)"]),
        ("1 <= a <= 5, of lower-case letters", ["1 <= a", "a <= 5"]),
        ("Here 2 <= k holds.", ["2 <= k"]),
        ("nothing of the kind", []),
        ("1 <= k <= 2n - 1", ["1 <= k"]),
        ("an arrow -> and a <b>tag</b>", []),
    ],
)
def test_reads_comparisons(text, expected):
    assert found(text) == expected


def test_a_comparison_that_cannot_be_read_is_none_at_all():
    assert list(chains("1 <= k <= 2n - 1"))[1] is None


def test_indices_may_have_a_condition():
    rule, *conditions = chains("x[i] < x[j] for i < j")
    assert rule.holds({"x": [1, 2, 3]}, conditions)
    assert not rule.holds({"x": [1, 3, 2]}, conditions)


def test_a_comma_within_brackets_parts_two_numbers():
    assert "[1,100]" in plain("in the range [1,100]")


def test_an_index_stands_for_every_position():
    (rule,) = chains("nums[i] <= nums[i + 1]")
    assert rule.holds({"nums": [1, 2, 2]})
    assert not rule.holds({"nums": [1, 2, 1]})


def test_a_name_that_means_nothing_is_unknown():
    (rule,) = chains("1 <= mystery")
    with pytest.raises(UnknownError):
        rule.holds({"nums": [1]})


@pytest.mark.parametrize("text", ["10**10**10", "1 // 0", "len(5)", "x['a']", "(lambda: 1)()", "2 ** -1"])
def test_nothing_but_bounded_arithmetic_is_evaluated(text):
    with pytest.raises(UnknownError):
        evaluate(ast.parse(text, mode="eval").body, {"x": [1]})


@pytest.mark.parametrize("text", ["n <= 900^100 * 900^100", "n <= 10^(10^3)", "n <= 1 / 0"])
def test_numbers_beyond_reason_mean_nothing(text):
    (comparison,) = chains(text)
    with pytest.raises(UnknownError):
        comparison.holds({"n": 1})


def test_of_a_large_value_only_the_first_positions_are_looked_at():
    (comparison,) = chains("grid[i][j] <= 9")
    assert comparison.holds({"grid": Counted([Counted([1] * 500)] * 500)})
    assert Counted.looks < 10_000


class Counted(list):
    """A list that counts how often something is taken out of any."""

    looks = 0

    def __getitem__(self, place):
        Counted.looks += len(range(*place.indices(len(self)))) if isinstance(place, slice) else 1
        return super().__getitem__(place)
