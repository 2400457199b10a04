"""What is doubtful about tests is told."""

import math
from dataclasses import replace

import pytest

from coderefine.problem.compare import Compare
from coderefine.problem.doubts import doubts
from coderefine.problem.problem import TestCase
from tests.samples import PROBLEM


@pytest.mark.parametrize(
    ("cases", "compare", "says"),
    [
        ([TestCase("a", (1, 2), 3), TestCase("a", (2, 2), 4)], "exact", ["called 'a'"]),
        ([TestCase("a", (1, 2), 3), TestCase("b", (1, 2), 4)], "exact", ["'a' and 'b' contradict"]),
        ([TestCase("a", (1, 2), [1, 2]), TestCase("b", (1, 2), [2, 1])], "unordered", []),
        ([TestCase("a", (1, 2), 3), TestCase("b", (1, 2), 3)], "exact", []),
        ([TestCase("a", (1, 2), [math.nan])], "python", ["expects nan"]),
        ([TestCase("a", (1, 2), [math.nan]), TestCase("b", (1, 2), [math.nan])], "exact", []),
    ],
)
def test_names_and_answers_that_cannot_be_meant_are_told(cases, compare, says):
    found = doubts(replace(PROBLEM, visible=tuple(cases), hidden=(), compare=Compare(compare)))
    assert len(found) == len(says)
    assert all(word in line for word, line in zip(says, found, strict=True))
