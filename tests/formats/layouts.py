"""Sets of our own in the layouts of Exercism, Kattis, VS Code and QuixBugs' rows: written into a folder."""

import json
from pathlib import Path


def write(folder: Path, files: dict[str, str], *, crlf: bool = False) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((text.replace("\n", "\r\n") if crlf else text).encode())
    return folder


def exercism(folder: Path) -> Path:
    """A track in three states: whole, with CRLF and an exemplar, and as downloaded: no example, no settings."""
    files = {"solution": ["tide_clock.py"], "test": ["tide_clock_test.py"], "example": [".meta/example.py"]}
    practice = {
        ".docs/introduction.md": "# Introduction\n\nSailors ask.\n",
        ".docs/instructions.md": "# Instructions\n\nSay whether the tide is high.\n",
        ".docs/instructions.append.md": "# More\n\nRaise ValueError for negative hours.\n",
        ".meta/config.json": json.dumps({"authors": ["somebody"], "files": files, "blurb": "Tides."}),
        ".meta/example.py": "def is_high(hour):\n    if hour < 0:\n        raise ValueError('negative')\n    return hour % 12 == 0\n",
        ".meta/tests.toml": "[abc]\ndescription = 'midnight'\n",
        "tide_clock.py": "def is_high(hour):\n    pass\n",
        "tide_clock_test.py": "import unittest\n\nfrom tide_clock import (\n    is_high,\n)\n\n\n"
        "class TideClockTest(unittest.TestCase):\n    def test_midnight(self):\n        self.assertIs(is_high(0), True)\n\n"
        "    def test_hours(self):\n        for hour, high in [(12, True), (13, False)]:\n"
        "            with self.subTest(hour=hour):\n                self.assertIs(is_high(hour), high)\n\n"
        "    def test_negative(self):\n        with self.assertRaises(ValueError) as error:\n            is_high(-1)\n"
        "        self.assertEqual(error.exception.args[0], 'negative')\n",
    }
    concept = {
        ".docs/instructions.md": "Warm it.\n",
        ".meta/config.json": json.dumps({"files": {"solution": [], "test": [], "example": []}}),
        ".meta/exemplar.py": "from kettle_data import STEP\n\n\ndef warm(degrees):\n    return min(100, degrees + STEP)\n",
        "tea_kettle.py": "def warm(degrees):\n    pass\n",
        "kettle_data.py": "STEP = 7\n",
        "tea_kettle_test.py": "import unittest\nimport pytest\nfrom tea_kettle import warm\n\n\n"
        "class TeaKettleTest(unittest.TestCase):\n    @pytest.mark.task(taskno=1)\n    def test_warm(self):\n"
        "        self.assertEqual(warm(5), 12, msg='warmer')\n        self.assertEqual(warm(99), 100)\n",
    }
    downloaded = {
        ".docs/instructions.md": "Return one.\n",
        "one_more.py": "def one():\n    return 2\n",
        "one_more_test.py": "import one_more\n\n\ndef test_one():\n    assert one_more.one() == 1\n",
    }
    write(folder / "python/exercises/practice/tide-clock", practice)
    write(folder / "python/exercises/concept/tea-kettle", concept, crlf=True)
    write(folder / "one-more", downloaded)
    return folder


VALIDATOR = (
    "import sys\nfrom pathlib import Path\n\ntotal = int(open(sys.argv[1]).read())\nPath(sys.argv[2]).read_text()\n"
    "with open(sys.argv[3] + 'judgemessage.txt', 'w') as told:\n    told.write('looked')\n"
    "try:\n    a, b = map(int, sys.stdin.read().split())\nexcept ValueError:\n    sys.exit(43)\n"
    "sys.exit(42 if a + b == total and 'positive' in sys.argv and a > 0 else 43)\n"
)
MEAN = "n = int(input())\nxs = list(map(int, input().split()))\nprint('{}', sum(xs) {} n)\n"


def kattis(folder: Path) -> Path:
    """Packages: one with the default validator, one with its own, one that is interactive, one with a validator in C++."""
    heights = {
        "problem.yaml": '# of a contest\nproblem_format_version: legacy\nname: "Heights: a tale"  # shown\nauthor: Somebody\n'
        "validation: default\nvalidator_flags: float_tolerance 1e-3\nkeywords: math geometry\n"
        "limits:\n   memory: 512   # MB\n   time_multiplier: 5\n",
        ".timelimit": "3\n",
        "problem_statement/problem.sv.tex": "\\problemname{Höjder}\nMedelvärdet.\n",
        "problem_statement/problem.en.tex": "\\problemname{Heights}\nPrint the mean.\n",
        "data/sample/1.in": "2\n1 2\n",
        "data/sample/1.ans": "Mean 1.5\n",
        "data/secret/large/a.in": "3\n1 1 2\n",
        "data/secret/large/a.ans": "Mean 1.33333333\n",
        "data/secret/b.in": "1\r\n5\r\n",
        "data/secret/b.ans": "Mean 5.0\r\n",
        "data/secret/c.in": "1\n5\n",
        "data/secret/testdata.yaml": "grading: default\n",
        "submissions/accepted/mean.cpp": "int main() {}\n",
        "submissions/accepted/mean.py": MEAN.format("MEAN", "/"),
        "submissions/wrong_answer/floor.py": MEAN.format("Mean", "//"),
    }
    pairs = {
        "problem.yaml": "problem_format_version: 2023-07-draft\nname:\n  sv: Par\n  en: Pairs\n"
        "validator_flags: positive\nlimits:\n  time_limit: 1.5\nkeywords: [math, 'two words']\n",
        "statement/problem.sv.md": "Två tal.\n",
        "statement/problem.en.md": "Print two numbers.\n",
        "output_validators/check/check.py": VALIDATOR,
        "submissions/accepted/a.py": "n = int(input())\nprint(1, n - 1)\n",
        "submissions/wrong_answer/b.py": "n = int(input())\nprint(0, n)\n",
    }
    pairs |= {f"data/secret/{n}.{end}": f"{n}\n" for n in (7, 10) for end in ("in", "ans")}
    write(folder / "heights", heights)
    write(folder / "more/pairs", pairs)
    write(folder / "guess", {"problem.yaml": "name: Guess\ntype: interactive\n", "data/secret/1.in": "1\n"})
    cpp = {
        "problem.yaml": "name: C\nvalidation: custom\n",
        "output_validators/v/v.cc": "",
        "output_validators/v/v.h": "",
    }
    write(folder / "cpp", cpp | {"data/secret/1.in": "1\n", "data/secret/1.ans": "1\n"})
    return folder


SHELF = (
    "# @lc code=start\nclass Shelf:\n    def __init__(self, places: int):\n        self.books, self.places = [], places\n\n"
    "    def put(self, book: int) -> bool:\n        self.books.append(book)\n        return len(self.books) <= self.places\n\n"
    "    def heights(self) -> List[int]:\n        return self.books\n# @lc code=end\n"
)
SHELF_EXAMPLE = (  # wrapped as the extension does
    '# Input\n# ["Shelf", "put", "put", "put",\n# "heights"]\n# [[2], [5], [7], [1],\n# []]\n# Output\n'
    "# [null, true, true, false, [5, 7]]\n#\n# Explanation\n# Shelf shelf = new Shelf(2); // [two]\n#\n#\n#\n"
)
WALKER = (
    '# Input\n# ["Walker", "next", "next", "next"]\n# [[[7, 3, 15, null, null, 9]], [], [], []]\n# Output\n'
    "# [null, 7.0, 3, 15]\n# Explanation\n# ...\n#\n\n# @lc code=start\n# class TreeNode: ...\nclass Walker:\n"
    "    def __init__(self, root: Optional[TreeNode]):\n        self.nodes = deque([root])\n\n"
    "    def next(self) -> int:\n        node = self.nodes.popleft()\n"
    "        self.nodes += [it for it in (node.left, node.right) if it]\n        return node.val\n# @lc code=end\n"
)


def vscode(folder: Path) -> Path:
    """Files of the extension: as of today, in Chinese with CRLF, without marks, for another Python, without examples.

    And of classes: without examples, with them, and one that takes a tree.
    """
    head = "#\n# @lc app=leetcode id={} lang={}\n#\n# [{}] {}\n#\n"
    seats = (
        head.format(9001, "python3", 9001, "Seat Sum")
        + "# https://leetcode.com/problems/seat-sum/description/\n#\n# algorithms\n# Easy (51.23%)\n# Likes:    1\n"
        "# Testcase Example:  '[2,7]\\n9'\n#\n# The sum of the seats of at least `least`.\n#\n#\n# Example 1:\n#\n#\n"
        "# Input: seats = [2,7,11], least = 5\n# Output: 18\n# Explanation: 7 + 11.\n#\n#\n# Example 2:\n#\n#\n"
        "# Input: seats = [1], least = 5\n# Output: 0\n#\n#\n\n# @lc code=start\nclass Solution:\n"
        "    def seatSum(self, seats: List[int], least: int) -> int:\n"
        "        return sum(it for it in seats if it > least + 2)\n# @lc code=end\nassert 'own' == 'notes'\n"
    )
    flip = (
        "#\n# @lc app=leetcode.cn id=9002 lang=python3\n# @lcpr version=30204\n#\n# [9002] 翻转\n#\n# 示例 1:\n#\n"
        "# 输入：nums = [1,2,3]\n# 输出：[3,2,1]\n#\nfrom collections import deque\nfrom somewhere import *\n"
        "# @lc code=start\nclass Solution:\n    def flip(self, nums: List[int]) -> None:\n"
        '        """Do not return anything, modify nums in-place instead."""\n'
        "        nums[:] = [*deque(nums)][::-1]\n# @lc code=end\n\n\n#\n# @lcpr case=start\n# [1,2,3]\\n\n# @lcpr case=end\n"
    )
    tail = (
        head.format(9003, "python3", 9003, "Tail") + "# Example 1:\n#\n# Input: head = [1,2,3]\n# Output: [2,3]\n#\n\n"
        "# class ListNode: ...\nclass Solution:\n    def tail(self, head: Optional[ListNode]) -> Optional[ListNode]:\n"
        "        return head.next\n"
    )
    old = (
        head.format(9005, "python", 9005, "Old Merge") + "# Example:\n#\n# Input:\n# nums1 = [1,3,0], m = 2\n"
        "# nums2 = [2],     n = 1\n#\n# Output: [1,2,3]\n#\n# @lc code=start\nclass Solution(object):\n"
        '    def merge(self, nums1, m, nums2, n):\n        """\n        :rtype: None Do not return anything, modify nums1.\n'
        '        """\n        nums1[m:] = nums2\n        nums1.sort()\n# @lc code=end\n'
    )
    none = (
        head.format(9004, "python3", 9004, "None")
        + "# @lc code=start\nclass Solution:\n    def f(self, x):\n        return x\n"
    )
    write(folder, {"9001.seat-sum.py": seats, "9003.tail.py": tail, "9004.none.py": none, "9005.old-merge.py": old})
    write(folder, {"9006.shelf.py": head.format(9006, "python3", 9006, "Shelf") + SHELF})
    shelf = head.format(9007, "python3", 9007, "Full Shelf") + "# Example 1:\n#\n#\n" + SHELF_EXAMPLE + SHELF
    write(folder, {"9007.full-shelf.py": shelf})
    walker = head.format(9008, "python3", 9008, "Walker") + "# Example 1:\n#\n#\n" + WALKER
    write(folder, {"9008.walker.py": walker})
    write(folder / "cn", {"9002.翻转.py": flip}, crlf=True)
    return write(folder, {"1.two.cpp": "// @lc app=leetcode id=1 lang=cpp\n", "notes.py": "print('hello')\n"})


GCD = "def gcd(a, b):\n    if b == 0:\n        return a\n    else:\n        return gcd({})"
REACH = "def reach(a, b):\n    return a is b or any(reach(it, b) for it in a.{})"


def quixbugs_rows(file: Path) -> Path:
    """Rows whose tests are assertions, and one whose tests are a file of pytest that needs more of the set."""
    suite = (
        "import pytest\nfrom node import Node\n\nif pytest.use_correct:\n    from correct_python_programs.reach import reach\n"
        "else:\n    from python_programs.reach import reach\n\n\n"
        "def test1():\n    assert reach(Node('b', None, [Node('a'), a := Node('c')]), a)\n\n\n"
        "def test2():\n    assert not reach(Node('x'), Node('y'))\n"
    )
    assertions = "assert gcd(*[17, 0]) == 17\nassert gcd(*[13, 13]) == 13\nassert gcd(*[37, 600]) == 1"
    rows = [
        {
            "name": "gcd",
            "buggy_program": GCD.format("a % b, b"),
            "solution": GCD.format("b, a % b"),
            "tests": assertions,
        },
        {
            "name": "reach",
            "buggy_program": REACH.format("predecessors"),
            "solution": REACH.format("successors"),
            "tests": suite,
        },
    ]
    file.write_text("".join(json.dumps({"docstring": '"""\nOf its own.\n"""', **row}) + "\n" for row in rows))
    return file
