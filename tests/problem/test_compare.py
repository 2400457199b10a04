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
        ("exact", math.nan, math.nan, False),
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
