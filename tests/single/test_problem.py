"""Files on their own, from their text to a repair."""

import os
from pathlib import Path

import pytest

from coderefine.errors import SandboxUnavailable, UsageError
from coderefine.judge.verdict import Verdict
from coderefine.kinds.table import KINDS
from coderefine.loop import refine
from coderefine.single.problem import Given, problem_of

LARGEST = '''
def largest(nums):
    """
    >>> largest([3, 7, 5])
    7
    >>> largest([-2, -9])
    -2
    """
    best = 0
    for n in nums:
        if n > best:
            best = n
    return best
'''
STACK = """
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
    def pop(self):
        return self.items.pop(0)

if __name__ == "__main__":
    s = Stack()
    s.push(1)
    s.push(2)
    assert s.pop() == 2
"""
ADDS = "def add(a, b):\n    return a - b\n\nassert add(1, 2) == 3\nassert add(0, 2) == 2\nprint('all good')\n"
CRASHES = "def f(x)\n    return x + 1\n\nassert f(1) == 2\n"

PLACED = """import tempfile

def folder()
    \"\"\"
    >>> folder() == tempfile.gettempdir()
    True
    \"\"\"
    return tempfile.gettempdir()
"""


def made(tmp_path, source, **given):
    path = tmp_path / "mine.py"
    path.write_text(source)
    return problem_of(path, source, Given(**given))


@pytest.mark.parametrize(
    ("source", "wrong"),
    [(LARGEST, "best = 0"), (STACK, "pop(0)"), (ADDS, "a - b"), (CRASHES, "f(x)\n"), (PLACED, "folder()\n")],
)
def test_a_file_is_repaired_by_its_own_tests_which_stay_in_it(any_judge, tmp_path, source, wrong):
    result = refine(made(tmp_path, source).problem, source, judge=any_judge)
    assert result.accepted
    assert wrong not in result.source
    assert [line for line in result.source.splitlines() if "assert" in line or ">>>" in line] == [
        line for line in source.splitlines() if "assert" in line or ">>>" in line
    ]


def test_the_function_that_the_tests_call_most_is_the_target(tmp_path):
    source = "def a(x): return x\ndef b(x): return x\nassert a(1) == 1\nassert b(1) == 1\nassert b(2) == 2\n"
    found = made(tmp_path, source)
    assert found.problem.entry == "b"
    assert found.told == "tests: 3 assertions of mine.py, for b"
    assert made(tmp_path, source, target="a").problem.entry == "a"


TWO = """
def double(x):
    return x + x + 1
def square(x):
    return x * x + 1
class Box:
    def get(self): return 1
assert double(2) == 4
assert square(3) == 9
assert square(2) == 4
"""


def test_the_target_is_tested_by_what_calls_it(any_judge, tmp_path):
    found = made(tmp_path, TWO, target="double")
    assert found.told == "tests: 1 assertion of mine.py, for double; 2 tests that do not call double left out"
    with pytest.raises(UsageError, match=r"none of its 3 tests calls Box.get"):
        made(tmp_path, TWO, target="Box.get")
    with pytest.raises(UsageError, match=r"defines no doubel; did you mean double"):
        made(tmp_path, TWO, target="doubel")
    (tmp_path / "test_mine.py").write_text(
        "import pytest\nfrom mine import double, square\n@pytest.fixture\ndef four():\n    return double(2)\n"
        "def test_four(four):\n    assert four == 4\n"
        "class TestSquare:\n    def test_nine(self):\n        assert square(3) == 9\n"
    )
    found = made(tmp_path, TWO, target="double")
    assert found.told == "tests: test_mine.py, run by pytest, for double; 1 test that does not call double left out"
    right = TWO.replace("x + x + 1", "x + x").partition("assert")[0]
    report = any_judge.run(found.problem, right, "visible")
    assert [case.name for case in report.cases] == ["test_mine.py::test_four"]
    assert report.accepted


def test_tests_that_are_given_come_first(any_judge, tmp_path):
    source = "def f(x):\n    return x\n"
    problem = made(tmp_path, source, tests=("f(1) == 2", "assert f(5) == 6")).problem
    assert refine(problem, source, judge=any_judge).source == "def f(x):\n    return x + 1\n"
    with pytest.raises(UsageError, match="expected Python such as"):
        made(tmp_path, source, tests=("f(1) ==",))


@pytest.mark.parametrize("name", ["test_mine.py", "mine_test.py", "tests/test_mine.py"])
def test_a_file_of_tests_beside_it_is_run_by_pytest(any_judge, tmp_path, name):
    (tmp_path / "tests").mkdir()
    (tmp_path / "helper.py").write_text("ONE = 1\n")
    (tmp_path / name).write_text("from mine import f\ndef test_f():\n    assert f(1) == 2\n")
    source = "from helper import ONE\ndef f(x):\n    return x - ONE\n"
    found = made(tmp_path, source)
    assert found.problem.kind == KINDS["pytest"]
    report = any_judge.run(found.problem, source)
    assert (report.verdict, report.total) == ("WA", 1)
    assert any_judge.run(found.problem, source.replace("-", "+")).accepted


def test_whole_programs_are_tested_by_what_they_print(any_judge, tmp_path):
    source = "n = int(input())\nprint(sum(range(n)))\n"
    problem = made(tmp_path, source, runs=(("4\n", "10\n"), ("1\n", "1\n"))).problem
    assert "range(n + 1)" in refine(problem, source, judge=any_judge).source


def test_a_script_without_tests_is_repaired_until_it_runs(any_judge, tmp_path):
    found = made(tmp_path, 'print("a" + 1)\n')
    assert "repaired until it runs; --test CODE, or --stdin and --stdout, say what else" in found.told
    assert refine(found.problem, 'print("a" + 1)\n', judge=any_judge).accepted


RAISES = """
def read(text):
    if not text.isdigit():
        raise ValueError(
            f"no number: {text}"
        )
    return int(text)

print(sum(map(read, ["1", "x"])))
"""


def test_an_error_that_a_script_raises_itself_is_not_avoided_by_an_edit(any_judge, tmp_path):
    result = refine(made(tmp_path, RAISES).problem, RAISES, judge=any_judge)
    assert (result.verdict, result.diff) == (Verdict.RE, "")
    assert "the script itself raises ValueError in line 4, and nothing says what it is to do instead" in result.stopped
    crashes = RAISES.replace("text.isdigit()", "text.isdigits()")
    assert refine(made(tmp_path, crashes).problem, crashes, judge=any_judge).stopped != result.stopped


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("prompt.txt", "Answer the question.\n\n{question}\n", "coderefine tune QUESTIONS"),
        ("data.json", '{"a": [1, 2]}\n', "no Python program"),
        ("notes.md", "# Import\n\nfrom here on, all is text\n\nimport that\n", "no Python program"),
        ("book.ipynb", '{"cells": [{"source": ["import math\\n"]}]}\n', "nbconvert"),
        ("sum.js", "import { f } from './f.js'\nconsole.log(1)\n", "no Python program"),
    ],
)
def test_a_file_that_is_no_program_says_what_to_do_with_it(tmp_path, name, text, says):
    with pytest.raises(UsageError, match=says):
        problem_of(tmp_path / name, text, Given())


def test_a_file_is_named_as_a_shell_takes_it(tmp_path):
    with pytest.raises(UsageError, match=r"coderefine tune QUESTIONS 'my prompt\.txt'"):
        problem_of(Path("my prompt.txt"), "Answer in a word.\n", Given())


@pytest.mark.parametrize("name", ["solution.txt", "run", "-", "old.py2"])
def test_a_program_may_have_any_name(tmp_path, name):
    assert problem_of(tmp_path / name, ADDS, Given()).problem.entry == "add"
    assert problem_of(tmp_path / "solution.txt", CRASHES, Given()).problem.entry == "f"


@pytest.mark.parametrize("test", ["x = f(1)", "yield f(1)", "return f(1)", "f(1) ==", "*f(1), 2"])
def test_a_test_that_is_given_has_to_assert(tmp_path, test):
    with pytest.raises(UsageError, match="--test"):
        made(tmp_path, "def f(x):\n    return x\n", tests=(test,))


def test_a_target_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="it defines no g"):
        made(tmp_path, ADDS, target="g")


def test_a_package_is_tested_from_beside_it(any_judge, tmp_path):
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "src/shop/__init__.py").write_text("")
    (tmp_path / "src/shop/rates.py").write_text("TWO = 2\n")
    (tmp_path / "tests/test_mine.py").write_text("from shop.mine import f\ndef test_f():\n    assert f(1) == 3\n")
    source = "from shop.rates import TWO\ndef f(x):\n    return x + TWO\n"
    path = tmp_path / "src/shop/mine.py"
    path.write_text(source)
    assert any_judge.run(problem_of(path, source, Given()).problem, source).accepted


def test_neither_links_nor_pipes_beside_it_are_read(any_judge, tmp_path):
    (tmp_path / "other.py").symlink_to("/etc/passwd")
    (tmp_path / ".#mine.py").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "test_mine.py").write_text("from mine import f\ndef test_f():\n    assert f(1) == 1\n")
    found = made(tmp_path, "def f(x):\n    return x\n")
    assert found.problem.suite.files == ()
    (tmp_path / "test_mine.py").unlink()
    (tmp_path / "test_mine.py").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match="there is nothing to test it by"):
        made(tmp_path, "def f(x):\n    return x\n")


def test_a_class_whose_objects_take_arguments_is_repaired(any_judge, tmp_path):
    source = (
        "class V:\n    def __init__(self, x):\n        self.x = x\n    def add(self, o):\n        return self.x - o\n\n"
        "assert V(1).add(2) == 3\nv = V(5)\nassert v.add(1) == 6\n"
    )
    result = refine(made(tmp_path, source).problem, source, judge=any_judge)
    assert "return self.x + o" in result.source


def test_what_a_file_does_not_import_is_not_there(any_judge, tmp_path):
    source = "def f(x):\n    return sqrt(x)\n\nassert f(9) == 3.0\n"
    assert any_judge.run(made(tmp_path, source).problem, source).verdict is Verdict.RE


OWN_NAMES = """
def merge(*dicts): return {k: v for d in dicts for k, v in d.items()}
def ceil(x, options): return min(o for o in options if o >= x)
def sum(a, b): return a + b
def datetime(text): return text.split("-")
class Counter:
    def total(self): return 7

assert merge({1: 2}, {3: 4}) == {1: 2, 3: 4}
assert ceil(2, options=[1, 5]) == 5
assert sum(1, 2) == 3
assert datetime("1-2") == ["1", "2"]
assert Counter().total() == 7
assert max(3, 4) == 4
"""


def test_its_own_names_come_before_those_of_leetcode_and_of_python(any_judge, tmp_path):
    assert any_judge.run(made(tmp_path, OWN_NAMES).problem, OWN_NAMES).accepted


def test_a_candidate_cannot_define_what_else_its_tests_use(any_judge, tmp_path):
    source = "def f(x):\n    return 0\n\nassert sum(f(x) for x in (1, 2)) == 3\n"
    forged = source + "def sum(x):\n    return 3\n"
    assert any_judge.run(made(tmp_path, source).problem, forged).verdict is Verdict.WA


def test_a_dataclass_with_annotations_of_the_future_runs(any_judge, tmp_path):
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n"
        "def double(p: P) -> int:\n    return p.x * 2\n\nassert double(P(2)) == 4\n"
    )
    assert any_judge.run(made(tmp_path, source).problem, source).accepted


@pytest.mark.parametrize(
    ("source", "says"),
    [("x = 3\ndef f(a): return a\n", "there is nothing to test it by"), ("assert 1 == 2\n", "call nothing that it")],
)
def test_what_cannot_be_tested_says_what_to_give(tmp_path, source, says):
    with pytest.raises(UsageError, match=says):
        made(tmp_path, source)


COMMENTED = """
# Input: n = 4
# Output: 8
class Solution:
    def twice(self, n: int) -> int:
        return n + 5
"""
OF_LISTS = '''
class Solution:
    def tail(self, head: Optional[ListNode]) -> Optional[ListNode]:
        """Return the list without its first node.

        Input: head = [1,2,3]
        Output: [2,3]
        """
        return head.next.next
'''
IN_PLACE = '''"""
Example 1:

Input: nums = [0,1,2]
Output: [2,1,0]
"""

def turn(nums: List[int]) -> None:
    """Do not return anything, modify nums in-place."""
    nums.sort()
'''
OF_TREES = '''
def left(root: "TreeNode"):
    """
    Example:
        Input: root = [1,2,null]
        Output: 2
    """
    return root.right.val
'''


@pytest.mark.parametrize(
    ("source", "right"),
    [
        (COMMENTED, COMMENTED.replace("n + 5", "2 * n")),
        (OF_LISTS, OF_LISTS.replace("head.next.next", "head.next")),
        (IN_PLACE, IN_PLACE.replace("sort()", "sort(reverse=True)")),
        (OF_TREES, OF_TREES.replace("root.right", "root.left")),
    ],
    ids=["comment", "lists", "in place", "tree"],
)
def test_examples_in_comments_and_docstrings_are_tests(any_judge, tmp_path, source, right):
    found = made(tmp_path, source)
    assert found.told == f"tests: 1 example in the comments of mine.py, for {found.problem.entry}"
    assert (found.problem.title, found.problem.slug) == ("mine.py", "mine")
    assert not any("no title" in note for note in found.notes)
    assert not any_judge.run(found.problem, source).accepted
    assert any_judge.run(found.problem, right).accepted


IN_CLASSES = """
import unittest

def f(x):
    return x - 1

class TestF(unittest.TestCase):
    def setUp(self):
        self.one = 1

    def test_one(self):
        self.assertEqual(f(self.one), 2)

    def test_five(self):
        self.assertEqual(f(5), 6)

if __name__ == "__main__":
    unittest.main()
"""
WITH_FIXTURES = '''
import pytest

def f(x):
    """
    >>> f(7)
    8
    """
    return x - 1

@pytest.fixture
def one():
    return 1

def test_one(one):
    assert f(one) == 2

@pytest.mark.parametrize("x", [3, 4])
def test_more(x):
    assert f(x) == x + 1

def test_error():
    with pytest.raises(TypeError):
        f("a")
'''


@pytest.mark.parametrize(("source", "total"), [(IN_CLASSES, 2), (WITH_FIXTURES, 5)], ids=["unittest", "pytest"])
def test_tests_in_the_file_that_take_pytest_are_run_by_it(any_judge, tmp_path, source, total):
    found = made(tmp_path, source)
    assert found.told == "tests: those in mine.py, run by pytest"
    report = any_judge.run(found.problem, source)
    assert (report.verdict, report.total) == ("WA", total)
    assert any_judge.run(found.problem, source.replace("x - 1", "x + 1")).accepted


def test_neither_fixtures_nor_data_of_the_tests_are_repaired(any_judge, tmp_path):
    source = (
        "import pytest\n\nCASES = [({}, 0), ({'tea': 2}, 6)]\n\ndef total(basket, prices):\n    cost = 0\n"
        "    for item, count in basket.items():\n        cost += prices[item]\n    return cost\n\n"
        "@pytest.fixture\ndef prices():\n    return {'tea': 3}\n\n"
        "@pytest.mark.parametrize(('basket', 'cost'), CASES)\ndef test_total(basket, cost, prices):\n"
        "    assert total(basket, prices) == cost\n"
    )
    problem = made(tmp_path, source).problem
    for wrong in (source.replace("'tea': 3", "'tea': 6"), source.replace("2}, 6)", "2}, 3)")):
        assert not any_judge.run(problem, wrong).accepted
    assert any_judge.run(problem, source.replace("+= prices[item]", "+= count * prices[item]")).accepted


def test_a_file_with_modules_beside_it_is_tested_with_them(any_judge, tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").write_text("")
    (tmp_path / "shop/rates.py").write_text("TWO = 2\n")
    (tmp_path / "shop/helper.py").write_text("from .rates import TWO\n")
    for line in ("from .helper import TWO", "from shop.rates import TWO"):
        source = f'{line}\ndef f(x):\n    """\n    >>> f(1)\n    3\n    """\n    return x - TWO\n\nassert True\n'
        path = tmp_path / "shop/mine.py"
        path.write_text(source)
        problem = problem_of(path, source, Given()).problem
        assert any_judge.run(problem, source).verdict == "WA"
        assert any_judge.run(problem, source.replace("x - TWO", "x + TWO")).accepted
    (tmp_path / "beside.py").write_text("ONE = 1\n")
    source = "from beside import ONE\ndef f(x):\n    return x - ONE\n"
    problem = made(tmp_path, source, tests=("f(1) == 2",)).problem
    assert any_judge.run(problem, source).verdict == "WA"
    assert any_judge.run(problem, source.replace("-", "+")).accepted


def test_a_test_finds_what_the_test_before_it_changed(any_judge, tmp_path):
    source = (
        "class Stack:\n    def __init__(self):\n        self.items = []\n    def push(self, x):\n"
        "        self.items.append(x)\n    def pop(self):\n        return self.items.pop()\n\n"
        "s = Stack()\ns.push(1)\ns.push(2)\nassert s.pop() == 2\nassert s.pop() == 1\nassert s.items == []\n"
    )
    assert any_judge.run(made(tmp_path, source).problem, source).accepted
    doctests = 'def pop(items):\n    """\n    >>> x = [1, 2]\n    >>> pop(x)\n    2\n    >>> pop(x)\n    1\n    """\n    return items.pop()\n'
    assert any_judge.run(made(tmp_path, doctests).problem, doctests).accepted


@pytest.mark.parametrize(
    "end",
    ["sys.exit(main())", "main()", "raise SystemExit(main())", "if __name__ == '__main__':\n    sys.exit(main())"],
)
def test_a_main_that_asserts_by_its_helpers_is_a_test(any_judge, tmp_path, end):
    source = (
        "import sys\ndef f(x):\n    return x - 1\ndef check():\n    assert f(1) == 2\n"
        f"def main():\n    check()\n    print('fine')\n    return 0\n\n{end}\n"
    )
    problem = made(tmp_path, source).problem
    assert problem.entry == "f"
    assert not any_judge.run(problem, source).accepted
    assert any_judge.run(problem, source.replace("x - 1", "x + 1")).accepted


@pytest.mark.parametrize(
    ("line", "repaired"),
    [
        ('print("total: " + sum(data.values()))', None),
        ('print("total", data["b"] + 1)', False),
        ('print("total " + data["a"])', True),
        ("prnt(data)", True),
    ],
)
def test_a_script_is_not_repaired_by_taking_away_what_it_does(any_judge, tmp_path, line, repaired):
    source = f'data = {{"a": 1}}\n{line}\n'
    result = refine(made(tmp_path, source).problem, source, judge=any_judge)
    assert "print(" in result.source or not repaired
    assert result.source.count("data") == 2
    assert result.source.count("sum(") == line.count("sum(")
    assert result.accepted >= bool(repaired)


def test_a_test_file_that_cannot_be_imported_is_an_error_and_no_search(any_judge, tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "import nopackage\nfrom mine import f\ndef test_f():\n    assert f(1) == 2\n"
    )
    source = "def f(x):\n    return x\n"
    with pytest.raises(SandboxUnavailable, match="--packages nopackage"):
        refine(made(tmp_path, source).problem, source, judge=any_judge)
    (tmp_path / "test_mine.py").unlink()
    source = "import mth\ndef f(x):\n    return mth.floor(x)\nassert f(1.5) == 1\n"
    assert "import math" in refine(made(tmp_path, source).problem, source, judge=any_judge).source


def test_prose_with_the_words_of_a_page_does_not_keep_a_script_from_running(any_judge, tmp_path):
    source = '"""Input:\n    a = what is asked\nOutput:\n    a line\n"""\nprint("a" + 1)\n'
    assert "until it runs" in made(tmp_path, source).told
    assert "until it runs" in made(tmp_path, source + "# output\n" * 40_000).told
    with pytest.raises(UsageError, match="none of 1 example could be read"):
        made(tmp_path, '"""Input: a = what\nOutput: b\n"""\ndef f(a):\n    return a\n')
