"""The text "inf" where a number is meant."""

import pytest

from coderefine.search.templates import infinity
from tests.search.asking import texts


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        ("x = y if y < 'inf' else 0", 'x = y if y < float("inf") else 0'),
        ("n = len(a)\nx = n != '-inf'", 'n = len(a)\nx = n != float("-inf")'),
        ("n = float('inf')\nx = n == 'inf'", "n = float('inf')\nx = n == float(\"inf\")"),
        (
            "most = float('inf')\nn, m = most, 0\nx = n == 'inf'",
            "most = float('inf')\nn, m = most, 0\nx = n == float(\"inf\")",
        ),
        ("n = math.inf\nx = 'inf' == n", 'n = math.inf\nx = float("inf") == n'),
    ],
)
def test_compared_with_a_number_it_is_meant_as_one(source, mended):
    assert texts(infinity.propose, source) == [mended]


@pytest.mark.parametrize("source", ["x = word == 'inf'", "x = float('inf')", "w = s.strip()\nx = w in ('inf', 'nan')"])
def test_a_word_stays_a_word(source):
    assert texts(infinity.propose, source) == []
