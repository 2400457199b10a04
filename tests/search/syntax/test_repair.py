"""Repairs of programs that do not parse."""

import ast
from random import Random

import pytest

from coderefine.search.facts.tree import parse
from coderefine.search.syntax import lines, repair
from coderefine.search.syntax.foreign import pythonic
from tests.search.asking import diagnosed, texts

PROGRAM = """\
class Stock:
    def best(self, prices, fee):
        held, free = -prices[0], 0
        for price in prices[1:]:
            if price == fee and held != 0:
                continue
            held = max(held, free - price)
            free = max(free, held + price - fee)
        return max(held, free)
"""
BROKEN = {
    0: "clas Stock:\n",
    1: "    def best(self, prices, fee)\n",
    2: "        held, free = -prices[0, 0\n",
    3: "        for price i n prices[1:]\n",
    4: "            if price = fee && held != 0:\n",
    6: "            held = max(held, free - price;\n",
    7: "            free = maxfree, held + price - fee)\n",
    8: "          retrun max(held, free)\n",
}
BODY = "class Solution:\n    def f(self, nums, k):\n"


def results(source):
    return texts(repair.propose, source)


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
        ("        whlie k:\n            k -= 1\n        retrun k\n", "        while k:\n            k -= 1\n        return k\n"),
        ("        for x i n nums:\n            k += x\n", "        for x in nums:\n            k += x\n"),
        ("        if k =< 1 or k <> 3:\n            return k\n", "        if k <= 1 or k != 3:\n            return k\n"),
        ("        k = lennums)\n        return k\n", "        k = len(nums)\n        return k\n"),
        ("        return nums[k + nums[0]\n", "        return nums[k + nums[0]]\n"),
        ("        k = max(nums[0, k)\n", "        k = max(nums[0], k)\n"),
        ("        if len(nums > k:\n            return k\n", "        if len(nums) > k:\n            return k\n"),
        ("        total = sum(\n            x * k\n            for x n nums\n        )\n        return total\n",
         "        total = sum(\n            x * k\n            for x in nums\n        )\n        return total\n"),
        ("        k = max(k, 1\n        nums = []\n        return k\n", "        k = max(k, 1)\n        nums = []\n        return k\n"),
        ("        return k + nums[0]'\n", "        return k + nums[0]\n"),
        ("        return nums[0] k\n", "        return nums[0] + k\n"),
        ("        this is what the loop counts\n        return k\n", "        return k\n"),
        ("        k = 2 -- it's even\n        return k\n", "        k = 2\n        return k\n"),
        ("        /* the sum\n           of all */\n        return sum(nums)\n", "        return sum(nums)\n"),
        ("        if k\n            while nums\n                nums.pop()\n        else\n            return k\n",
         "        if k:\n            while nums:\n                nums.pop()\n        else:\n            return k\n"),
        ("        if (k > 0) {\n            k++;\n        } else {\n            k = 0;\n        }\n        return k;\n",
         "        if (k > 0):\n            k += 1\n        else:\n            k = 0\n        return k\n"),
        ("        for (let i = 0; i < k; i++) {\n            nums.pop();\n        }\n",
         "        for i in range(0, k):\n            nums.pop()\n"),
    ],
)  # fmt: skip
def test_finds_the_repair_among_the_first_patches(broken, repaired):
    shapes = [ast.dump(ast.parse(text)) for text in results(BODY + broken)]
    assert ast.dump(ast.parse(BODY + repaired)) in shapes[:5]


@pytest.mark.parametrize("seed", range(12))
def test_errors_in_several_lines_are_repaired_together(seed):
    text = PROGRAM.splitlines(keepends=True)
    for number, broken in Random(seed).sample(sorted(BROKEN.items()), 4):
        text[number] = broken
    shapes = [ast.dump(ast.parse(text)) for text in results("".join(text))]
    assert ast.dump(ast.parse(PROGRAM)) in shapes[:5]


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ('    """Says hello.\n    return 1\n', '    """Says hello."""\n    return 1\n'),
        ('    """Says hello."\n    return 1\n', '    """Says hello."""\n    return 1\n'),
        ("    \"\"\"Says hello.'''\n    return 1\n", '    """Says hello."""\n    return 1\n'),
        ('    Says hello."""\n    return 1\n', '    """Says hello."""\n    return 1\n'),
        ('    """Says\n    hello.\n    ""\n    return 1\n', '    """Says\n    hello.\n    """\n    return 1\n'),
    ],
)
def test_a_string_over_several_lines_ends_before_the_code(broken, repaired):
    shapes = [ast.dump(ast.parse(text)) for text in results("def f():\n" + broken)]
    assert ast.dump(ast.parse("def f():\n" + repaired)) in shapes[:3]


def test_a_patch_touches_no_line_without_an_error():
    source = "def f(x):   \n\tif x\n\t\treturn [1,   \n\t\t        2]  # two \n\n\treturn 0 \n"
    assert results(source)[0] == source.replace("if x", "if x:")


def test_line_endings_stay_as_they_are():
    assert results("if x\r\n  y = 1\r\n")[0] == "if x:\r\n  y = 1\r\n"


def test_least_change_comes_first():
    priors = [
        it.prior for it in diagnosed(BODY + "        if k = nums[0\n            return 'x\n", symptom="does not parse")
    ]
    assert len(priors) > 1
    assert priors == sorted(priors, reverse=True)


@pytest.mark.parametrize(
    "source", ["if x\n  y = (1\n", "x = '''a\ny = 2\n", ")", "a b c\n", "class A:\ndef f(self):\n  return 1\n"]
)
def test_every_patch_parses_and_starts_from_the_source(source):
    found = texts(repair.propose, source)
    assert found
    for text in found:
        ast.parse(text)
        assert text != source


def test_yields_the_same_patches_in_the_same_order_twice():
    source = BODY + "        if k = nums[0\n            return 'x\n"
    assert results(source) == results(source)


def test_a_program_that_parses_needs_no_syntax_repair():
    assert results("x = 1\n") == []


@pytest.mark.parametrize(
    "source",
    ["\x00", "\ud800", "(" * 5000, "x = " + "-" * 100_000 + "1 1", "x = " + "-" * 9000 + "1 1", "", "\f\n  \r x"],
)
def test_hostile_text_raises_nothing(source):
    results(source)


@pytest.mark.parametrize(
    "line", ["a b c", "'''", '"""a', "(", "try:", "if x:", "if (x) {", "/*", "\\", "x = [", "'a", "\t \tx", "#x"]
)
def test_the_work_is_bounded_however_many_lines_are_wrong(line, monkeypatch):
    parsed = []
    monkeypatch.setattr(lines, "parse", lambda text: parsed.append(text) or parse(text))
    results((f"{line}\n" * 20_000)[:2_990] + "(\n")
    assert len(parsed) < 20_000


def test_strings_and_comments_keep_their_foreign_tokens():
    assert pythonic("x = 'a && b' && true  # null && !x") == "x = 'a && b' and True  # null && !x"
