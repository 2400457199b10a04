"""From a file on the screen to a repair: 20 wrong files, one command each, and whether the result is right.

What is right is said by expressions that no command saw. Beside it: what a user types, and what the same takes by a
problem's folder (`coderefine new`, its test file, its settings, then `refine`), counted from the very files.

    python -m tests.benchmarks.way_in [--only NAME]
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class File:
    """A wrong file, the command for it, and expressions that are true of a right one."""

    name: str
    source: str
    command: Sequence[str]
    hidden: Sequence[str] = ()
    stdin: dict[str, str] = field(default_factory=dict)
    """For scripts: inputs, and what they are to print."""
    more: dict[str, str] = field(default_factory=dict)
    """Further files beside it."""


FILES = [
    File(
        "mean, doctests",
        '''
        def mean(values):
            """The arithmetic mean, 0 for nothing.

            >>> mean([1, 2, 3])
            2.0
            >>> mean([])
            0
            """
            return sum(values) / len(values)
        ''',
        ["fix", "file.py"],
        ["mean([4]) == 4", "mean([]) == 0", "mean([1, 2]) == 1.5"],
    ),
    File(
        "initials, doctests",
        '''
        def initials(name):
            """
            >>> initials("ada king lovelace")
            'AKL'
            >>> initials("grace")
            'G'
            """
            return "".join(word[0] for word in name.split())
        ''',
        ["fix", "file.py"],
        ["initials('alan m turing') == 'AMT'", "initials('') == ''"],
    ),
    File(
        "clamp, asserts",
        """
        def clamp(x, low, high):
            if x < low:
                return low
            if x > high:
                return low
            return x


        assert clamp(5, 0, 3) == 3
        assert clamp(-1, 0, 3) == 0
        assert clamp(2, 0, 3) == 2
        """,
        ["fix", "file.py"],
        ["clamp(9, 1, 4) == 4", "clamp(4, 1, 4) == 4", "clamp(0, 1, 4) == 1"],
    ),
    File(
        "rle, asserts in main",
        """
        def rle(text):
            out = []
            count = 1
            for a, b in zip(text, text[1:]):
                if a == b:
                    count += 1
                else:
                    out.append((a, count))
            if text:
                out.append((text[-1], count))
            return out


        if __name__ == "__main__":
            assert rle("aab") == [("a", 2), ("b", 1)]
            assert rle("") == []
            assert rle("abbb") == [("a", 1), ("b", 3)]
        """,
        ["fix", "file.py"],
        ["rle('xxyyz') == [('x', 2), ('y', 2), ('z', 1)]", "rle('q') == [('q', 1)]"],
    ),
    File(
        "rotate, --test",
        """
        def rotate(items, k):
            k = k % len(items)
            return items[k:] + items[:k]
        """,
        [
            "fix",
            "file.py",
            "--test",
            "rotate([1, 2, 3, 4], 1) == [4, 1, 2, 3]",
            "--test",
            "rotate([1, 2], 2) == [1, 2]",
        ],
        ["rotate([1, 2, 3], 2) == [2, 3, 1]", "rotate([1, 2, 3], 4) == [3, 1, 2]"],
    ),
    File(
        "fizz, --test",
        """
        def fizz(n):
            if n % 3 == 0:
                return "Fizz"
            if n % 5 == 0:
                return "Buzz"
            if n % 15 == 0:
                return "FizzBuzz"
            return str(n)
        """,
        [
            "fix",
            "file.py",
            "--test",
            "fizz(15) == 'FizzBuzz'",
            "--test",
            "fizz(9) == 'Fizz'",
            "--test",
            "fizz(7) == '7'",
        ],
        ["fizz(30) == 'FizzBuzz'", "fizz(10) == 'Buzz'", "fizz(3) == 'Fizz'"],
    ),
    File(
        "stack, class with doctests",
        '''
        class Stack:
            """
            >>> s = Stack()
            >>> s.push(1)
            >>> s.push(2)
            >>> s.pop()
            2
            >>> len(s)
            1
            """

            def __init__(self):
                self.items = []

            def push(self, item):
                self.items.append(item)

            def pop(self):
                return self.items.pop(0)

            def __len__(self):
                return len(self.items)
        ''',
        ["fix", "file.py"],
        ["(lambda s: [s.push(i) for i in 'abc'] and [s.pop(), s.pop()])(Stack()) == ['c', 'b']"],
    ),
    File(
        "account, class with asserts",
        """
        class Account:
            def __init__(self, balance=0):
                self.balance = balance

            def withdraw(self, amount):
                if amount >= self.balance:
                    raise ValueError("not enough")
                self.balance -= amount
                return self.balance


        def test_all_of_it():
            assert Account(5).withdraw(5) == 0


        def test_a_part():
            assert Account(5).withdraw(2) == 3


        def test_too_much():
            try:
                Account(5).withdraw(6)
            except ValueError:
                return
            assert False
        """,
        ["fix", "file.py"],
        ["Account(1).withdraw(1) == 0", "Account(9).withdraw(4) == 5"],
    ),
    File(
        "sum of lines, script",
        """
        n = int(input())
        total = 0
        for _ in range(n - 1):
            total += int(input())
        print(total)
        """,
        [
            "fix",
            "file.py",
            "--stdin",
            "3\\n1\\n2\\n3\\n",
            "--stdout",
            "6\\n",
            "--stdin",
            "1\\n9\\n",
            "--stdout",
            "9\\n",
        ],
        stdin={"2\n5\n5\n": "10", "0\n": "0"},
    ),
    File(
        "yes or no, script",
        """
        a, b = input().split()
        if a > b:
            print("yes")
        else:
            print("no")
        """,
        ["fix", "file.py", "--stdin", "10 9\\n", "--stdout", "yes\\n", "--stdin", "2 11\\n", "--stdout", "no\\n"],
        stdin={"100 20\n": "yes", "3 3\n": "no", "7 12\n": "no"},
    ),
    File(
        "a script that crashes",
        """
        words = ["pear", "fig", "apple"]
        longest = max(words, key=len)
        print("longest: " + longest + " with " + len(longest) + " letters")
        """,
        ["fix", "file.py"],
        stdin={"": "longest: apple with 5 letters"},
    ),
    File(
        "a script that does not parse",
        """
        def area(w, h)
            return w * h

        print(area(3, 4))
        """,
        ["fix", "file.py"],
        stdin={"": "12"},
    ),
    File(
        "binary search, sibling test",
        """
        def find(values, wanted):
            low, high = 0, len(values)
            while low < high:
                middle = (low + high) // 2
                if values[middle] < wanted:
                    low = middle
                else:
                    high = middle
            return low if low < len(values) and values[low] == wanted else -1
        """,
        ["fix", "file.py"],
        ["find([1, 3, 5, 7], 7) == 3", "find([], 1) == -1", "find([2], 3) == -1", "find([1, 3], 1) == 0"],
        more={
            "test_file.py": """
            from file import find


            def test_first():
                assert find([1, 3, 5], 1) == 0


            def test_last():
                assert find([1, 3, 5], 5) == 2


            def test_missing():
                assert find([1, 3, 5], 4) == -1
            """
        },
    ),
    File(
        "two sum, page of LeetCode",
        """
        class Solution:
            def twoSum(self, nums, target):
                for i in range(len(nums)):
                    for j in range(i, len(nums)):
                        if nums[i] + nums[j] == target:
                            return [i, j]
        """,
        ["refine", "--from", "page.txt", "file.py", "-i"],
        ["Solution().twoSum([3, 3], 6) == [0, 1]", "Solution().twoSum([5, 1, 5], 10) == [0, 2]"],
        more={
            "page.txt": """
            1. Pair With Sum
            Easy

            Given an array of integers nums and an integer target, return indices of the two numbers that add up to target.

            Example 1:

            Input: nums = [2,7,11,15], target = 9
            Output: [0,1]

            Example 2:

            Input: nums = [3,2,4], target = 6
            Output: [1,2]

            Constraints:

            2 <= nums.length <= 104
            -109 <= nums[i] <= 109
            """
        },
    ),
    File(
        "longest run, page of LeetCode, own style",
        """
        def longest_run(nums):
            best = 0
            run = 0
            for n in nums:
                if n == 1:
                    run += 1
                    best = max(best, run)
            return best
        """,
        ["refine", "--from", "page.txt", "file.py", "-i"],
        ["longest_run([1, 1, 0, 1]) == 2", "longest_run([0, 0]) == 0", "longest_run([1, 0, 1, 1, 1]) == 3"],
        more={
            "page.txt": """
            485. Longest Run of Ones

            Given a binary array nums, return the length of its longest run of ones.

            Example 1:
            Input: nums = [1,1,0,1,1,1]
            Output: 3
            Explanation: The last three are ones.

            Example 2:
            Input: nums = [1,0,1,1,0,1]
            Output: 2

            class Solution:
                def longestRun(self, nums: List[int]) -> int:
            """
        },
    ),
    File(
        "change, page of AtCoder",
        """
        n, m = map(int, input().split())
        prices = list(map(int, input().split()))
        print(m - sum(prices[:n - 1]))
        """,
        ["refine", "--from", "page.txt", "file.py", "-i"],
        stdin={"1 10\n4\n": "6", "4 10\n1 2 3 4\n": "0"},
        more={
            "page.txt": """
            A - Change

            Problem Statement

            You buy N things, the i-th for A_i yen, and pay M yen. Print your change.

            Constraints

            1 <= N <= 100

            Input

            The input is given from Standard Input in the following format:

            N M
            A_1 A_2 ... A_N

            Sample Input 1

            2 100
            30 20

            Sample Output 1

            50

            Sample Input 2

            3 9
            1 1 1

            Sample Output 2

            6
            """
        },
    ),
    File(
        "flatten, doctests",
        '''
        def flatten(items):
            """
            >>> flatten([1, [2, [3, 4]], 5])
            [1, 2, 3, 4, 5]
            >>> flatten([])
            []
            """
            out = []
            for item in items:
                if isinstance(item, list):
                    out.append(flatten(item))
                else:
                    out.append(item)
            return out
        ''',
        ["fix", "file.py"],
        ["flatten([[[1]], [2]]) == [1, 2]", "flatten([[], [[]]]) == []"],
    ),
    File(
        "default list, asserts",
        """
        def collect(item, into=[]):
            into.append(item)
            return into


        assert collect(1) == [1]
        assert collect(2) == [2]
        assert collect(3, [0]) == [0, 3]
        """,
        ["fix", "file.py"],
        ["collect('a') == ['a'] and collect('b') == ['b']", "(lambda x: collect(1, x) is x)([])"],
    ),
    File(
        "months, TARGET",
        '''
        def is_leap(year):
            """
            >>> is_leap(2024)
            True
            >>> is_leap(1900)
            False
            >>> is_leap(2000)
            True
            """
            return year % 4 == 0 and year % 100 != 0


        def century(year):
            """
            >>> century(2001)
            21
            """
            return (year + 99) // 100
        ''',
        ["fix", "file.py", "is_leap"],
        ["is_leap(2400)", "not is_leap(2100)", "is_leap(2028)", "not is_leap(2027)", "century(1900) == 19"],
    ),
    File(
        "merge, doctests",
        '''
        def merge(a, b):
            """Merge two sorted lists.

            >>> merge([1, 4], [2, 3])
            [1, 2, 3, 4]
            >>> merge([], [5])
            [5]
            >>> merge([1, 2], [])
            [1, 2]
            """
            out, i, j = [], 0, 0
            while i < len(a) and j < len(b):
                if a[i] <= b[j]:
                    out.append(a[i])
                    i += 1
                else:
                    out.append(b[j])
                    j += 1
            return out + a[i:] + b[i:]
        ''',
        ["fix", "file.py"],
        ["merge([2], [1, 3]) == [1, 2, 3]", "merge([1, 1], [1]) == [1, 1, 1]", "merge([9], [1, 2, 3]) == [1, 2, 3, 9]"],
    ),
]


def main() -> None:
    """Run all, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="files whose names have this in them")
    only = parser.parse_args().only
    say(f"{'file':42}{'result':>10}{'time':>9}{'typed':>8}{'by a folder, at least':>24}")
    rights, times, typed, by_folder = 0, [], 0, 0
    for file in [file for file in FILES if only in file.name]:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            for name, text in {"file.py": file.source, **file.more}.items():
                (place / name).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
            began = time.monotonic()
            code = coderefine(place, *file.command, *([] if "-i" in file.command else ["-i"]))
            times.append(time.monotonic() - began)
            is_right = code == 0 and coderefine(place, "test", "file.py", *hidden_tests(file)) == 0
        rights += is_right
        typed += keystrokes(file)
        by_folder += keystrokes_by_a_folder(file)
        result = "right" if is_right else "overfit" if code == 0 else f"exit {code}"
        say(f"{file.name:42}{result:>10}{times[-1]:7.1f} s{keystrokes(file):8}{keystrokes_by_a_folder(file):24}")
    say(f"{rights} of {len(times)} right; {sum(times):.0f} s, typed {typed}, by a folder {by_folder}")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def coderefine(place: Path, *arguments: str) -> int:
    """Run a command there; return its exit code."""
    command = [sys.executable, "-m", "coderefine", *arguments]
    environment = {**os.environ, "CODEREFINE_HOME": str(place / "home")}
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False, timeout=300).returncode


def hidden_tests(file: File) -> list[str]:
    """Return options with what the command was not told."""
    if file.stdin:
        return [it for given, told in file.stdin.items() for it in ("--stdin", given, "--stdout", told + "\n")]
    return [it for test in file.hidden for it in ("--test", test)]


def keystrokes(file: File) -> int:
    """Count what is typed of the command; what is pasted into a file takes none."""
    return len(shlex.join(["coderefine", *file.command])) + 1


def keystrokes_by_a_folder(file: File) -> int:
    """Count the same where a problem's folder is made by hand: its fields, its tests, and two commands."""
    fields = 'title = ""\nentry = ""\nparams = []\n'
    commands = "coderefine new mine\ncoderefine refine mine file.py -i\n"
    tests = [{"name": "1", "args": [], "expected": ""} for _ in range(2)]
    return len(fields) + len(json.dumps(tests)) + len(told_values(file)) + len(commands)


def told_values(file: File) -> str:
    """Return what stands in the tests that the command has: its options, or those in the files."""
    options = "".join(it for it in file.command if "==" in it or "\\n" in it)
    lines = "\n".join([file.source, *file.more.values()]).splitlines()
    return options or "".join(it.strip() for it in lines if "assert" in it or ">>>" in it or "put" in it)


if __name__ == "__main__":
    main()
