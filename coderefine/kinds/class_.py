"""A class: each test constructs it and calls its methods in order, and all results are compared."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from coderefine.harden.bounds import Args
from coderefine.harden.kind import Proposals
from coderefine.judge.report import CaseResult
from coderefine.kinds.called import CalledProblemKind
from coderefine.kinds.fields import Fields
from coderefine.kinds.rows import Row, code_test
from coderefine.kinds.stored import quoted
from coderefine.problem.problem import Problem, TestCase
from coderefine.rendering import cut, literal, printable

TEMPLATE = {
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


class ClassKind(CalledProblemKind):
    """Problems whose solution is a class."""

    name = "class"
    template = TEMPLATE
    called_as = "class"
    draft_rules = ("Read no input and print nothing.",)
    can_be_drafted = True
    entry_is_class = True
    may_equal = True

    def read_entry(self, fields: Fields) -> str:
        """Return the name of the class."""
        return fields.entry("LRUCache")

    def read_case(self, problem: Problem, row: Row) -> TestCase:
        """Return a test with operations, their arguments and all results, or with code."""
        if isinstance(row.data, dict) and "code" in row.data:
            return code_test(row)
        if not row.has("operations", "arguments", "expected"):
            raise row.fail("expected an object with operations, arguments, expected and perhaps name")
        name, operations, arguments = row.name, row.data["operations"], row.data["arguments"]
        if not isinstance(operations, list) or not isinstance(arguments, list):
            raise row.fail("expected a list in operations and in arguments")
        if not operations or not all(isinstance(operation, str) for operation in operations):
            raise row.fail("expected the class's name, then names of methods", "operations")
        if not all(isinstance(argument, list) for argument in arguments):
            raise row.fail("expected a list of arguments for each operation", "arguments")
        expected = row.data["expected"]
        if not isinstance(expected, list) or not len(operations) == len(arguments) == len(expected):
            raise row.fail("expected operations, arguments and expected to be lists of one length")
        return TestCase(name, (operations, arguments), expected, part=row.part)

    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return the class's name."""
        return {"entry": quoted(problem.entry)} | super().toml_fields(problem)

    def call_row(self, problem: Problem, case: TestCase) -> dict[str, Any]:
        """Return operations, their arguments and all results."""
        return {"operations": case.args[0], "arguments": case.args[1], "expected": case.expected}

    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return all calls of a test, one after the other."""
        operations, arguments = args
        calls = (
            f"{printable(operation)}({', '.join(map(literal, given))})"
            for operation, given in zip(operations, arguments, strict=True)
        )
        return cut("; ".join(calls), 2 * limit)

    def interface(self, problem: Problem) -> str:
        """Return which class it is."""
        return f"a class `{problem.entry}`; each test constructs it and calls its methods in order."

    def answer(self, problem: Problem) -> str:
        """Return what is compared."""
        return "The answer is the list of all results."

    def test_lines(self, problem: Problem, case: CaseResult, chars: int) -> list[str]:
        """Return the calls on one line, where they can be read."""
        if len(case.args) == 2:
            return [f"calls: {self.call_text(problem, case.args, chars)}"]
        return super().test_lines(problem, case, chars)

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Return sequences of operations from the visible tests, each with arguments that it had there."""
        return Proposals(_sequences(visible, rng), lambda args: len(args[0]) > 1)


def _sequences(visible: Sequence[Args], rng: random.Random) -> Iterator[Args]:
    while True:
        first, second = rng.choice(visible), rng.choice(visible)
        calls = list(zip(*first, strict=True))
        more = list(zip(*second, strict=True))[1:]
        body = calls[1:]
        match rng.randrange(4):
            case 0 if body:
                del body[rng.randrange(len(body))]
            case 1 if body:
                at = rng.randrange(len(body))
                body.insert(rng.randrange(len(body) + 1), body[at])
            case 2 if len(body) > 1:
                at = rng.randrange(len(body) - 1)
                body[at], body[at + 1] = body[at + 1], body[at]
            case _:
                body += more
        yield ([calls[0][0], *(name for name, _ in body)], [calls[0][1], *(args for _, args in body)])


CLASS = ClassKind()
