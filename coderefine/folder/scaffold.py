"""Starts a problem directory: a small problem that works, to be edited."""

from __future__ import annotations

import re
from pathlib import Path

from coderefine.errors import UsageError

_FUNCTION = {
    "problem.toml": """\
title = "{title}"
difficulty = "easy"
tags = []
entry = "Solution.{name}"
params = {{ nums = "list[int]" }}
returns = "int"
compare = "exact"        # exact | unordered | float:1e-6 | checker.py
time_limit_s = 2.0
memory_mib = 256
""",
    "statement.md": """\
# {title}

Say what is asked. Until then: return the largest number of `nums`.

## Examples

`{name}([3, 7, 5])` is `7`.

## Constraints

- `1 <= len(nums) <= 10_000`
- `-10**9 <= nums[i] <= 10**9`
""",
    "starter.py": """\
class Solution:
    def {name}(self, nums: List[int]) -> int:
        pass
""",
    "tests/visible.json": """\
[
  {{"name": "example", "args": [[3, 7, 5]], "expected": 7}},
  {{"name": "one number", "args": [[-4]], "expected": -4}}
]
""",
    "tests/hidden.json": """\
[
  {{"name": "all equal", "args": [[2, 2, 2]], "expected": 2}},
  {{"name": "negative", "args": [[-9, -3, -7]], "expected": -3}}
]
""",
    "submissions/accepted/builtin.py": """\
class Solution:
    def {name}(self, nums: List[int]) -> int:
        return max(nums)
""",
    "submissions/wrong_answer/first_number.py": """\
class Solution:
    def {name}(self, nums: List[int]) -> int:
        return nums[0]
""",
}

_CLASS = {
    "problem.toml": """\
title = "{title}"
difficulty = "easy"
tags = []
kind = "class"
entry = "{cls}"
time_limit_s = 2.0
memory_mib = 256
""",
    "statement.md": """\
# {title}

Say what is asked. Until then: `{cls}()` starts at zero, `add(n)` adds n, `total()` returns the sum so far.

## Constraints

- at most 10_000 calls
- `-10**9 <= n <= 10**9`
""",
    "starter.py": """\
class {cls}:
    def __init__(self):
        pass

    def add(self, n: int) -> None:
        pass

    def total(self) -> int:
        pass
""",
    "tests/visible.json": """\
[
  {{
    "name": "example",
    "operations": ["{cls}", "add", "add", "total"],
    "arguments": [[], [3], [4], []],
    "expected": [null, null, null, 7]
  }}
]
""",
    "tests/hidden.json": """\
[
  {{
    "name": "nothing added",
    "operations": ["{cls}", "total"],
    "arguments": [[], []],
    "expected": [null, 0]
  }}
]
""",
    "submissions/accepted/running_sum.py": """\
class {cls}:
    def __init__(self):
        self.sum = 0

    def add(self, n: int) -> None:
        self.sum += n

    def total(self) -> int:
        return self.sum
""",
    "submissions/wrong_answer/keeps_the_last.py": """\
class {cls}:
    def __init__(self):
        self.sum = 0

    def add(self, n: int) -> None:
        self.sum = n

    def total(self) -> int:
        return self.sum
""",
}

_PROGRAM = {
    "problem.toml": """\
title = "{title}"
difficulty = "easy"
tags = []
kind = "program"
compare = "tokens"       # tokens | exact | float:1e-6 | checker.py
time_limit_s = 2.0
memory_mib = 256
""",
    "statement.md": """\
# {title}

Say what is asked. Until then: the input is a line with a number `n`, then a line with `n` numbers; print their sum.

## Constraints

- `1 <= n <= 100_000`
- every number is from -10**9 to 10**9
""",
    "starter.py": """\
n = int(input())
numbers = list(map(int, input().split()))
""",
    "tests/visible.json": """\
[
  {{"name": "example", "stdin": "3\\n1 2 3\\n", "expected": "6\\n"}}
]
""",
    "tests/hidden.json": """\
[
  {{"name": "negative", "stdin": "2\\n-5 2\\n", "expected": "-3\\n"}}
]
""",
    "submissions/accepted/builtin.py": """\
input()
print(sum(map(int, input().split())))
""",
    "submissions/wrong_answer/counts_n.py": """\
print(int(input()) + sum(map(int, input().split())))
""",
}

_PYTEST = {
    "problem.toml": """\
title = "{title}"
difficulty = "easy"
tags = []
kind = "pytest"
solution = "{name}/core.py"      # where a solution is put
files = ["{name}/*.py"]          # what else is there, beside all of tests/
time_limit_s = 5.0               # CPU seconds for all tests together
memory_mib = 256
""",
    "statement.md": """\
# {title}

Say what is asked. Until then: write `{name}/core.py` with a function `mean(numbers)` that returns the arithmetic mean
of a list of numbers, and raises `NoNumbers` of `{name}/errors.py` for an empty one.
""",
    "starter.py": """\
from {name}.errors import NoNumbers


def mean(numbers: list[float]) -> float:
    raise NotImplementedError
""",
    "{name}/__init__.py": "",
    "{name}/errors.py": """\
class NoNumbers(ValueError):
    pass
""",
    "tests/conftest.py": """\
import pytest


@pytest.fixture
def numbers():
    return [3.0, 5.0, 10.0]
""",
    "tests/test_core.py": """\
import pytest

from {name}.core import mean


def test_the_mean_of_some_numbers(numbers):
    assert mean(numbers) == 6.0


@pytest.mark.parametrize("number", [-4.0, 0.0, 2.5])
def test_the_mean_of_one_number_is_that_number(number):
    assert mean([number]) == number
""",
    "tests/hidden/test_core_hidden.py": """\
import pytest

from {name}.core import mean
from {name}.errors import NoNumbers


def test_nothing_has_no_mean():
    with pytest.raises(NoNumbers):
        mean([])
""",
    "submissions/accepted/sums.py": """\
from {name}.errors import NoNumbers


def mean(numbers):
    if not numbers:
        raise NoNumbers("no numbers")
    return sum(numbers) / len(numbers)
""",
    "submissions/wrong_answer/takes_the_middle.py": """\
from {name}.errors import NoNumbers


def mean(numbers):
    if not numbers:
        raise NoNumbers("no numbers")
    return sorted(numbers)[len(numbers) // 2]
""",
    "submissions/run_time_error/forgets_the_empty_list.py": """\
def mean(numbers):
    return sum(numbers) / len(numbers)
""",
}

KINDS = {"function": _FUNCTION, "class": _CLASS, "program": _PROGRAM, "pytest": _PYTEST}


def create(directory: Path, kind: str) -> list[Path]:
    """Write the files of a new problem and return them; raises UsageError where the directory exists."""
    slug = directory.name
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        raise UsageError(f"{slug!r} is no slug; use small letters, digits and hyphens, such as two-sum")
    if directory.exists():
        raise UsageError(f"{directory} exists already; nothing was written")
    words = slug.split("-")
    names = {"title": " ".join(words).capitalize(), "name": "_".join(words), "cls": "".join(map(str.capitalize, words))}
    written = []
    for relative, template in KINDS[kind].items():
        path = directory / relative.format(**names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.format(**names), encoding="utf-8")
        written.append(path)
    return written
