"""When an answer counts as right."""

import math

import pytest

from coderefine.problem.compare import Compare


@pytest.mark.parametrize(
    ("mode", "got", "expected", "right"),
    [
        ("exact", [1, 2], [1, 2], True),
        ("exact", (1, 2), [1, 2], True),
        ("exact", [(1, 2)], [[1, 2]], True),
        ("exact", [2, 1], [1, 2], False),
        ("exact", "12", [1, 2], False),
        ("exact", None, 0, False),
        ("exact", math.nan, math.nan, True),
        ("exact", [math.nan], [float("nan")], True),
        ("exact", {"a": (math.nan,)}, {"a": [-math.nan]}, True),
        ("exact", complex(math.nan, 1), complex(math.nan, 1), True),
        ("exact", complex(math.nan, 2), complex(math.nan, 1), False),
        ("exact", math.nan, 1.0, False),
        ("exact", {1: (1, 2)}, {1: [1, 2]}, True),
        ("exact", "nan", math.nan, False),
        ("unordered", [math.nan, 1], [1, float("nan")], True),
        ("unordered", [3, 1, 2], [1, 2, 3], True),
        ("unordered", [[2, 1], [3]], [[3], [2, 1]], True),
        ("unordered", [[1, 2], [3]], [[3], [2, 1]], False),
        ("unordered", [1, 1, 2], [1, 2, 2], False),
        ("unordered", [1.0, True], [1, 1], True),
        ("unordered", [{"a": [1]}, {"b": 2}], [{"b": 2}, {"a": [1]}], True),
        ("unordered", 7, [7], False),
        ("unordered", ["a", "b"], "ab", False),
        ("unordered", [1], {1: 2}, False),
        ("unordered", {1: 2}, {1: 2}, True),
        ("float:1e-6", 10**400, math.nan, False),
        ("float:1e-6", 0.1 + 0.2, 0.3, True),
        ("float:1e-6", [1.0000001, 2], [1, 2.0], True),
        ("float:1e-6", 1.001, 1.0, False),
        ("float:1e-6", [1.0], [1.0, 2.0], False),
        ("float:1e-6", math.nan, math.nan, True),
        ("float:1e-6", math.inf, math.inf, True),
        ("float:1e-6", math.inf, 1e308, False),
        ("float:1e-6", 10**400, 1.0, False),
        ("float:1e-6", True, 1.0, True),
        ("float:1e-6", "1.0", 1.0, False),
        ("float:1e-6", {"a": 1.0000001}, {"a": 1.0}, True),
    ],
)
def test_an_answer_is_compared_as_the_problem_says(mode, got, expected, right):
    assert Compare.parse(mode).equal(got, expected) is right


@pytest.mark.parametrize("text", ["", "Exact", "float", "float:", "float:0", "float:2", "float:x", "../x.py", "a/b.py"])
def test_an_unknown_comparison_is_refused(text):
    with pytest.raises(ValueError, match="expected exact"):
        Compare.parse(text)


def test_an_answer_nested_too_deeply_is_wrong_and_raises_nothing():
    value = []
    for _ in range(100_000):
        value = [value]
    assert not Compare().equal(value, [1])


TOKENS = [
    ("float:1e-6", "1.0000001 2", "1 2", True),
    ("float:1e-6", "1e0 .5 5. +3 -inf NaN", "1 0.5 5 3 -Infinity nan", True),
    ("float:1e-6", "1_000", "1000", False),
    ("float:1e-6", "1000", "1_000", False),
    ("float:1e-6", "\uff11\uff12", "12", False),
    ("float:1e-6", "\u0661", "1", False),
    ("float:1e-6", "1e999", "inf", False),
    ("float:1e-6", "-1e999", "-inf", False),
    ("float:1e-6", "1e999", "2e999", False),
    ("float:1e-6", "inf", "1e999", False),
    ("float:1e-6", "0x10", "16", False),
    ("float:1e-6", "1\u00a02", "1 2", False),
    ("tokens", "1\u30002", "1 2", False),
    ("tokens", "1\x1c2", "1 2", False),
    ("tokens", " 1\r\n\t2 ", "1 2\n", True),
    ("tokens", "\ud800", "\ud800", True),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "got", "expected", "right"), TOKENS, ids=ascii)
def test_words_are_numbers_only_as_people_write_them(mode, got, expected, right):
    assert Compare.parse(mode).equal(got, expected) is right


def sets(value):
    """What a comparison makes of a value on its way."""
    from coderefine.problem import compare

    digest = compare._digest(value)
    return [digest, digest.hex(), ["set", digest.hex()], f"set {digest.hex()}"]


@pytest.mark.parametrize("value", [{1, 2}, frozenset([(1, 2)]), {"a": 1}, [1, 2], "ab", 1.5, b"x"], ids=repr)
def test_what_a_value_becomes_in_a_comparison_is_not_that_value(value):
    for other in [*sets(value), repr(value).encode(), ["ab"]]:
        assert not Compare("unordered").equal([other, None], [value, None])


UNORDERED = [
    ([1, "1"], ["1", 1], True),
    ([1, 1.0, True], [True, 1, 1], True),
    ([1 + 0j, 2], [2, 1], True),
    ([b"a"], ["a"], False),
    ([[1], [1, []]], [[1, []], [1]], True),
    ([[1, 2], [3]], [[1], [2, 3]], False),
    (["a", "bc"], ["ab", "c"], False),
    ([{1: {2}}, {1: {3}}], [{1: {3}}, {1: {2}}], True),
    ([{1: 2}], [[[1, 2]]], False),
    ([None, 0], [False, None], True),
    ([10**400, 0.5], [0.5, 10**400], True),
]  # fmt: skip


@pytest.mark.parametrize(("got", "expected", "right"), UNORDERED, ids=repr)
def test_members_in_any_order_are_those_that_are_equal(got, expected, right):
    assert Compare("unordered").equal(got, expected) is right
