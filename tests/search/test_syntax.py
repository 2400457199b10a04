"""Repairs of programs that do not parse."""

import ast

import pytest

from coderefine.search.foreign import pythonic
from coderefine.search.syntax import repairs

BODY = "class Solution:\n    def f(self, nums, k):\n"


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("        if k > 0\n            return 1\n", "        if k > 0:\n            return 1\n"),
        ("        return max(nums[0], k\n", "        return max(nums[0], k)\n"),
        ("        for x in range(len(nums):\n            k += x\n",
         "        for x in range(len(nums)):\n            k += x\n"),
        ("        return nums[k - 1)\n", "        return nums[k - 1]\n"),
        ("        return (k + 1))\n", "        return (k + 1)\n"),
        ("        return 'a + str(k)\n", "        return 'a' + str(k)\n"),
        ("        return 'yes\"\n", "        return 'yes'\n"),
        ("        if k = 1:\n            return 2\n", "        if k == 1:\n            return 2\n"),
        ("        var k = 1\n        return k\n", "        k = 1\n        return k\n"),
        ("        if k > 0:\n        return k\n", "        if k > 0:\n            return k\n"),
        ("        k += 1\n          return k\n", "        k += 1\n        return k\n"),
        ("    for x in nums:\n        k += x\n    return k\n",
         "        for x in nums:\n            k += x\n        return k\n"),
        ("        if k && !nums:\n            return null\n", "        if k and not nums:\n            return None\n"),
        ("        k++;\n        return k\n", "        k += 1\n        return k\n"),
        ("        // go on\n        return k;\n", "        # go on\n        return k;\n"),
        ("        for x in :\n            k += x\n        return k\n",
         "        for x in nums:\n            k += x\n        return k\n"),
        ("        if k:\n            return 1\n        else if nums:\n            return 2\n",
         "        if k:\n            return 1\n        elif nums:\n            return 2\n"),
    ],
)  # fmt: skip
def test_finds_the_repair_among_the_first_patches(broken, repaired):
    shapes = [ast.dump(ast.parse(idea.patch.after)) for idea in repairs(BODY + broken)]
    assert ast.dump(ast.parse(BODY + repaired)) in shapes[:12]


@pytest.mark.parametrize(
    "source", ["if x\n  y = (1\n", "x = '''a\ny = 2\n", ")", "a b c\n", "class A:\ndef f(self):\n  return 1\n"]
)
def test_every_patch_parses_and_starts_from_the_source(source):
    ideas = list(repairs(source))
    assert ideas
    for idea in ideas:
        ast.parse(idea.patch.after)
        assert idea.patch.before == source != idea.patch.after


def test_yields_the_same_patches_in_the_same_order_twice():
    source = BODY + "        if k = nums[0\n            return 'x\n"
    assert list(repairs(source)) == list(repairs(source))


def test_a_program_that_parses_needs_no_syntax_repair():
    assert list(repairs("x = 1\n")) == []


@pytest.mark.parametrize(
    "source",
    ["\x00", "\ud800", "(" * 5000, "x = " + "-" * 100_000 + "1 1", "x = " + "-" * 9000 + "1 1", "", "\f\n  \r x"],
)
def test_hostile_text_raises_nothing(source):
    list(repairs(source))


def test_strings_and_comments_keep_their_foreign_tokens():
    assert pythonic("x = 'a && b' && true  # null && !x") == "x = 'a && b' and True  # null && !x"
