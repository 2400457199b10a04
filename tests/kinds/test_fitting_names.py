"""Programs that call what a problem asks for by names of their own."""

from dataclasses import replace

import pytest

from coderefine.folder.loading import load_problem
from coderefine.kinds.fitting import fitted
from coderefine.loop import refine

BODY = "    seen = {}\n    for i, n in enumerate(nums):\n        if target - n in seen:\n            return [seen[target - n], i]\n        seen[n] = i\n"
METHOD = (
    BODY.replace("    seen", "        seen").replace("    for", "        for").replace("        if", "            if")
)


@pytest.fixture(scope="module")
def two_sum():
    return load_problem("two-sum")


@pytest.mark.parametrize(
    ("source", "entry"),
    [
        ("def twoSum(nums, target):\n    return []\n", "twoSum"),
        ("def two_sum(nums, target):\n    return []\n", "two_sum"),
        ("class Solution:\n    def twoSum(self, nums, target):\n        return []\n", "Solution.twoSum"),
        ("class Answer:\n    def two_sum(self, nums, target):\n        return []\n", "Answer.two_sum"),
        ("def find_pair(nums, target):\n    return []\n", "find_pair"),
        ("def find_pair(nums, target, start=0):\n    return []\n", "find_pair"),
        ("def helper(a, b):\n    return a\ndef twoSum(nums, target):\n    return []\n", "twoSum"),
        ("def _helper(a, b):\n    return a\ndef pair(nums, target):\n    return []\n", "pair"),
        ("def pair(nums, target)\n    return []\n", "pair"),  # which does not parse
        ("class Solution:\n    @staticmethod\n    def pair(nums, target):\n        return []\n", "Solution.pair"),
        ("def helper(a, b):\n    return a\ndef pair(nums, target):\n    return helper(1, 2)\n", "pair"),
        ("def pair(nums, i):\n    return pair(nums, 0)\n", "pair"),
        ("class A:\n    def one(self, a, b):\n        return 1\n    def pair(self, a, b):\n        return self.one(a, b)\n", "A.pair"),
        # More than one reading, or none: the problem's own name is asked for.
        ("def one(a, b):\n    return a\ndef two(a, b):\n    return a\n", "Solution.two_sum"),
        ("def pair(nums):\n    return []\n", "Solution.two_sum"),
        ("def pair(a, b):\n    return a\nprint(pair(*input().split()))\n", "Solution.two_sum"),
        ("print(1)\n", "Solution.two_sum"),
        ("def test_it(a, b):\n    return a\n", "Solution.two_sum"),
        ("class Solution:\n    def two_sum(self, a, b):\n        return a\ndef twoSum(a, b):\n    return b\n", "Solution.two_sum"),
    ],
)  # fmt: skip
def test_a_name_stands_for_another_where_one_reading_is_possible(two_sum, source, entry):
    found = fitted(two_sum, source)
    assert found.problem.entry == entry
    assert ("is taken for" in found.told) == (entry != two_sum.entry)


def test_several_that_may_be_meant_are_named(two_sum):
    found = fitted(two_sum, "def one(a, b):\n    return a\ndef two(a, b):\n    return a\n")
    assert "one or two may be meant" in found.told


def test_a_program_in_its_own_style_is_right_and_keeps_its_names(any_judge, two_sum):
    source = f"def twoSum(nums, target):\n{BODY}"
    problem = fitted(two_sum, source).problem
    assert any_judge.run(problem, source, "all").accepted
    wrong = source.replace("seen[target - n], i", "seen[target - n], i + 1")
    result = refine(problem, wrong, judge=any_judge)
    assert result.accepted
    assert "def twoSum(nums, target):" in result.source
    assert "Solution" not in result.source


def test_a_class_and_its_methods_have_another_style(any_judge):
    problem = load_problem("lru-cache")
    source = next(iter((problem.path / "submissions" / "accepted").glob("*.py"))).read_text()
    methods = sorted({name for case in problem.visible for name in case.args[0][1:]})
    mine = source.replace(problem.entry, "Mine")
    for name in methods:
        mine = mine.replace(f"def {name}(", f"def {name.title()}(")
    found = fitted(problem, mine)
    assert found.problem.entry == "Mine"
    assert "Mine for LRUCache" in found.told
    assert any_judge.run(found.problem, mine, "all").accepted


def test_tests_that_are_code_and_use_the_name_leave_it(two_sum):
    (first, *_) = two_sum.visible
    named = replace(two_sum, visible=(replace(first, args=(), code="assert Solution().two_sum([1, 2], 3)"),))
    assert fitted(named, "def twoSum(nums, target):\n    return []\n").problem.entry == "Solution.two_sum"
