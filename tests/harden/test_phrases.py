"""What statements say in words."""

import string

import pytest

from coderefine.harden import phrases


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("s consists of lowercase English letters.", string.ascii_lowercase),
        ("`text` consists of lower-case letters and spaces", " " + string.ascii_lowercase),
        ("num consists of only digits 0-9.", string.digits),
        ("s consists of '*' and '|' characters.", "*|"),
        ("s contains only letters from the set {'a', 'b'}.", "ab"),
        ("s consists of English letters", string.ascii_uppercase + string.ascii_lowercase),
        ("1 <= s.length <= 5", ""),
        ("the values are unique", ""),
    ],
)
def test_reads_the_characters_of_a_text(line, expected):
    assert sorted(phrases.alphabet(line)) == sorted(expected)


@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        ("All the values are unique.", [1, 2], [1, 1]),
        ("nums is sorted in non-decreasing order", [1, 1, 2], [2, 1]),
        ("nums is sorted in strictly increasing order", [1, 2], [1, 1]),
        ("prices is in descending order", [2, 1], [1, 2]),
        ("n is even", 4, 5),
        ("arr has no leading zeros", [1, 0], [0, 1]),
        ("bits[i] is 0 or 1", [0, 1], [0, 2]),
        ("s[i] is '(', ')' or '*'.", "(*)", "(]"),
        ("words[i] will not have any leading zeros", ["0", "10"], ["01"]),
        ("grid[i] is 'a' or 'b'", ["a"], ["c"]),
    ],
)
def test_reads_a_property(line, right, wrong):
    ((_, test),) = phrases.tests(line)
    assert test(right)
    assert not test(wrong)


def test_a_line_without_a_property_gives_none():
    assert not list(phrases.tests("1 <= nums.length <= 10"))
