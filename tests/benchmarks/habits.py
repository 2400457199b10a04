"""Writes a set of mistakes that people make, one class each: python tests/benchmarks/habits.py OUT.jsonl.

The programs are our own, right ones, and each bug is a text in the place of another. Then `search.py OUT.jsonl` says by
class which of them the search repairs. Three tests are visible, the others judge.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

import more_habits

SCRIPTS = [
    (
        "condition with a constant",
        "day = input()\nif day == 'sat' or day == 'sun':\n    print('rest')\nelse:\n    print('work')\n",
        ("or day == 'sun'", "or 'sun'"),
        ["mon\n", "sat\n", "tue\n", "sun\n", "fri\n"],
    ),
    (
        "answer in the wrong case",
        "n = int(input())\nif n % 3 == 0:\n    print('Yes')\nelse:\n    print('No')\n",
        ("'Yes'", "'YES'"),
        ["3\n", "4\n", "9\n", "0\n", "10\n"],
    ),
    (
        "missing int",
        "n = int(input())\ntotal = 0\nfor i in range(n):\n    total += i * n\nprint(total)\n",
        ("int(input())", "input()"),
        ["3\n", "4\n", "1\n", "7\n", "10\n"],
    ),
    (
        "missing split",
        "words = input().split()\nprint(len(words), words[-1])\n",
        ("input().split()", "input()"),
        ["a bc d\n", "one two\n", "x\n", "the quick fox jumps\n", "ab ab ab\n"],
    ),
    (
        "list for its items",
        "numbers = sorted(map(int, input().split()))\nprint(*numbers)\n",
        ("print(*numbers)", "print(numbers)"),
        ["3 1 2\n", "5\n", "9 8\n", "4 4 1\n", "0 -1\n"],
    ),
    (
        "text and number",
        "line = input()\ncount = 0\nfor sign in line:\n    if sign == '0':\n        count += 1\nprint(count)\n",
        ("== '0'", "== 0"),
        ["1001\n", "0\n", "110\n", "000\n", "1\n"],
    ),
    (
        "commented out",
        "n = int(input())\nwhile n % 2 == 0:\n    n //= 2\nprint(n)\n",
        ("print(n)", "# print(n)"),
        ["12\n", "7\n", "8\n", "40\n", "2\n"],
    ),
    (
        "Python 2",
        "n = int(input())\nfor i in range(1, n + 1):\n    print(i * i)\n",
        ("print(i * i)", "print i * i"),
        ["3\n", "1\n", "5\n", "2\n", "4\n"],
    ),
    (
        "unbounded below",
        "a, b, c, d = map(int, input().split())\ncommon = 0\ncommon += max(0, min(b, d) - max(a, c))\nprint(common)\n",
        ("max(0, min(b, d) - max(a, c))", "min(b, d) - max(a, c)"),
        ["0 5 3 9\n", "0 2 5 9\n", "1 2 4 8\n", "3 4 0 1\n", "0 9 2 3\n"],
    ),
    (
        "index for a value",
        "names = input().split()\nbest = max(range(len(names)), key=lambda i: len(names[i]))\nprint(best + 1)\n",
        ("print(best + 1)", "print(names[best])"),
        ["a bb c\n", "xyz x\n", "a b ccc\n", "q ww eee rrrr\n", "z\n"],
    ),
]
FUNCTIONS = [
    (
        "shared rows",
        "def f(n, marks):\n    grid = [[0] * n for _ in range(n)]\n    for r, c in marks:\n        grid[r][c] += 1\n    return grid\n",
        ("[[0] * n for _ in range(n)]", "[[0] * n] * n"),
        [(2, [[0, 1]]), (3, [[1, 1], [2, 0]]), (1, [[0, 0]]), (2, [[1, 0], [1, 0]]), (3, [])],
    ),
    (
        "kept list goes on changing",
        "def f(items):\n    found = []\n    current = []\n    for item in items:\n        current.append(item)\n"
        "        found.append(current[:])\n    return found\n",
        ("current[:]", "current"),
        [([1, 2],), ([3],), ([4, 5, 6],), ([],), ([7, 7],)],
    ),
    (
        "default argument",
        "def add(x, box=None):\n    if box is None:\n        box = []\n    box.append(x)\n    return box\n"
        "def f(items):\n    return [list(add(item)) for item in items]\n",
        ("box=None):\n    if box is None:\n        box = []\n", "box=[]):\n"),
        [([1, 2],), ([3],), ([4, 5, 6],), ([],), ([7, 7],)],
    ),
    (
        "missing nonlocal",
        "def f(tree):\n    count = 0\n    def walk(node):\n        nonlocal count\n        for child in node:\n"
        "            count = count + 1\n            walk(child)\n    walk(tree)\n    return count\n",
        ("        nonlocal count\n", ""),
        [([[], []],), ([],), ([[[]]],), ([[[], []], []],), ([[], [], []],)],
    ),
    (
        "missing yield from",
        "def flat(node):\n    for child in node:\n        if isinstance(child, list):\n            yield from flat(child)\n"
        "        else:\n            yield child\ndef f(node):\n    return list(flat(node))\n",
        ("yield from flat", "yield flat"),
        [([1, [2]],), ([3],), ([[4, [5]], 6],), ([],), ([[[7]]],)],
    ),
    (
        "missing return",
        "def f(x, items):\n    for i in range(len(items)):\n        if items[i] >= x:\n            return i\n"
        "    return len(items)\n",
        ("    return len(items)\n", ""),
        [(3, [1, 2]), (1, [1, 2]), (5, [1, 4, 5, 6]), (9, []), (8, [1, 2, 3])],
    ),
    (
        "chained comparison",
        "def f(a, b, group):\n    return (a in group) == (b in group)\n",
        ("(a in group) == (b in group)", "a in group == b in group"),
        [(1, 2, [1, 2]), (1, 3, [1]), (4, 5, []), (2, 2, [2]), (0, 1, [1])],
    ),
    (
        "wrong first value",
        "def f(items):\n    best = items[0]\n    for item in items:\n        best = max(best, item)\n    return best\n",
        ("best = items[0]", "best = 0"),
        [([-3, -1],), ([2, 5],), ([-7],), ([-2, -9, -4],), ([0, -1],)],
    ),
    (
        "missing append",
        "def f(items):\n    seen = []\n    for item in items:\n        if item not in seen:\n            seen.append(item)\n"
        "    return seen\n",
        ("            seen.append(item)\n", "            pass\n"),
        [([1, 1, 2],), ([3],), ([4, 5, 4],), ([],), ([7, 7, 7],)],
    ),
    (
        "state not reset",
        "def f(rows):\n    sums = []\n    for row in rows:\n        total = 0\n        for item in row:\n            total += item\n"
        "        sums.append(total)\n    return sums\n",
        ("    for row in rows:\n        total = 0\n", "    total = 0\n    for row in rows:\n"),
        [([[1, 2], [3]],), ([[4]],), ([[1], [1], [1]],), ([],), ([[5, 5], []],)],
    ),
    (
        "text plus number",
        "def f(name, age):\n    years = age + 1\n    return name + ' is ' + str(years)\n",
        ("str(years)", "years"),
        [("Ann", 3), ("Bo", 0), ("Cy", 41), ("Di", 9), ("Ed", 99)],
    ),
    (
        "break for continue",
        "def f(items):\n    total = 0\n    for item in items:\n        if item < 0:\n            continue\n        total += item\n"
        "    return total\n",
        ("continue", "break"),
        [([1, -1, 2],), ([3],), ([-4, 5, -4, 6],), ([],), ([7, -7, 7],)],
    ),
]


def main() -> None:
    scripts, functions = [*SCRIPTS, *more_habits.SCRIPTS], [*FUNCTIONS, *more_habits.FUNCTIONS]
    rows = [_script(at, *it) for at, it in enumerate(scripts)] + [_function(at, *it) for at, it in enumerate(functions)]
    Path(sys.argv[1]).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _script(number: int, kind: str, right: str, bug: tuple[str, str], inputs: list[str]) -> dict:
    tests = []
    for text in inputs:
        printed = StringIO()
        with mock.patch("sys.stdin", StringIO(text)), redirect_stdout(printed):
            exec(right, {"__name__": "__main__"})  # our own
        tests.append({"stdin": text, "expected": printed.getvalue()})
    return _row(f"script/{number}", kind, right, bug, tests, "")


def _function(number: int, kind: str, right: str, bug: tuple[str, str], inputs: list[tuple]) -> dict:
    scope: dict = {}
    exec(right, scope)  # our own
    tests = []
    for arguments in inputs:
        call = f"f({', '.join(map(repr, arguments))})"
        tests.append({"call": call, "expected": repr(eval(call, scope))})
    return _row(f"function/{number}", kind, right, bug, tests, "f")


def _row(id_: str, kind: str, right: str, bug: tuple[str, str], tests: list[dict], entry_point: str) -> dict:
    buggy = right.replace(*bug, 1)
    assert buggy != right, id_
    row = {
        "id": id_,
        "statement": "Mend it.",
        "prelude": "",
        "entry_point": entry_point,
        "buggy": buggy,
        "oracle": right,
    }
    row |= {"visible_tests": tests[:3], "hidden_tests": tests, "kind": kind}
    return row


if __name__ == "__main__":
    main()
