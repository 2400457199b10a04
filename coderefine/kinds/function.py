"""A function or a method: it is called with arguments, and the value that it returns or changes is compared."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from coderefine.harden.bounds import Args
from coderefine.harden.inputs import Space
from coderefine.harden.kind import Proposals
from coderefine.kinds.called import CalledProblemKind
from coderefine.kinds.carried import carried
from coderefine.kinds.fields import Fields
from coderefine.kinds.rows import Row, code_test
from coderefine.kinds.stored import quoted
from coderefine.problem import typespec, values
from coderefine.problem.problem import Param, Problem, TestCase
from coderefine.rendering import cut, literal

TEMPLATE = {
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


class FunctionKind(CalledProblemKind):
    """Problems whose solution is a function."""

    name = "function"
    template = TEMPLATE
    called_as = "function"
    draft_rules = ("Read no input and print nothing.",)
    can_be_drafted = True
    entry_is_function = True

    def read_params(self, fields: Fields) -> tuple[Param, ...]:
        """Return the declared parameters; the list may be empty but is required."""
        return fields.params()

    def read_entry(self, fields: Fields) -> str:
        """Return the name of a function, or of a class and its method."""
        return fields.entry("Solution.two_sum or two_sum", parts=2)

    def read_case(self, problem: Problem, row: Row) -> TestCase:
        """Return a test with arguments and an expected value of the declared types, or with code."""
        if isinstance(row.data, dict) and "code" in row.data:
            return code_test(row)
        if isinstance(row.data, dict) and "values" in row.data:
            return _exact_case(problem, row)
        if not row.has("args", "expected"):
            raise row.fail("expected an object with args, expected and perhaps name")
        name, given, params = row.name, row.data["args"], problem.params
        if not isinstance(given, list):
            raise row.fail("expected a list in args")
        if len(given) != len(params):
            names = ", ".join(param.name for param in params)
            raise row.fail(f"expected {len(params)} arguments ({names})", "args")
        try:
            args = [typespec.from_json(it.type, value, it.name) for it, value in zip(params, given, strict=True)]
            expected = typespec.from_json(problem.returns, row.data["expected"], "expected")
            return TestCase(name, tuple(args), expected, part=row.part)
        except typespec.TypeSpecError as error:
            raise row.fail(str(error)) from None

    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return the declared interface."""
        params = (f"{quoted(param.name)} = {quoted(str(param.type))}" for param in problem.params)
        declared = {
            "entry": quoted(problem.entry),
            "params": f"{{ {', '.join(params)} }}",
            "returns": quoted(str(problem.returns)),
            "answer": quoted(problem.answer),
        }
        return declared | super().toml_fields(problem)

    def call_row(self, problem: Problem, case: TestCase) -> dict[str, Any]:
        """Return arguments and expected value, tagged with their types where JSON and the declared types would lose
        these.
        """
        types = [param.type for param in problem.params]
        try:
            args = [carried(type_, it) for type_, it in zip(types, case.args, strict=False)]
            lists_will_do = problem.compare.mode in ("exact", "unordered", "float", "checker")
            expected = carried(problem.returns, case.expected, is_answer=lists_will_do)
        except ValueError:  # TypeSpecError is one
            return {"values": values.to_jsonable([list(case.args), case.expected])}
        return {"args": args, "expected": expected}

    def call_text(self, problem: Problem, args: tuple[Any, ...], limit: int) -> str:
        """Return the call as Python would write it."""
        name = problem.entry.rpartition(".")[2]
        return f"{name}({', '.join(cut(literal(arg), limit) for arg in args)})"

    def interface(self, problem: Problem) -> str:
        """Return what is called, with its parameters."""
        owner, _, function = problem.entry.rpartition(".")
        params = ", ".join(f"{param.name}: {param.type}" for param in problem.params)
        what = f"the method `{function}` of a class `{owner}`" if owner else f"the function `{function}`"
        return f"{what}, called with `({params})`."

    def answer(self, problem: Problem) -> str:
        """Return what is compared: the returned value, or an argument."""
        if problem.answer == "return":
            return f"The answer is what it returns, of type `{problem.returns}`."
        name, _, bound = problem.answer.partition("[")
        extent = f"the first elements of the argument `{name}`, as many as the returned number says," if bound else ""
        return f"The answer is {extent or f'the argument `{name}`'} after the call: it is changed in place."

    def proposals(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Vary the arguments within what the statement and the visible inputs allow."""
        space = Space(problem)
        return Proposals(space.proposals(rng), space.allows, space.corners(rng))

    def smallest(self, problem: Problem, sizes: Sequence[int]) -> Iterable[Args]:
        """Return the smallest visible inputs, with arguments replaced by values of these sizes."""
        return Space(problem).smallest(sizes)

    def guesses(self, problem: Problem, visible: Sequence[Args], rng: random.Random) -> Proposals:
        """Vary all arguments, including those about which the statement says something that was not understood."""
        space = Space(problem)
        space.free = list(range(len(space.domains)))
        return Proposals(space.proposals(rng), space.suits, space.corners(rng))


def _exact_case(problem: Problem, row: Row) -> TestCase:
    """Return a test whose values are tagged with their types."""
    if not row.has("values"):
        raise row.fail("expected an object with values and perhaps name")
    try:
        given, expected = values.from_jsonable(row.data["values"])
        args = tuple(given)
    except (values.Malformed, TypeError, ValueError) as error:
        raise row.fail(f"expected arguments and the expected value, with their types: {error}", "values") from None
    if len(args) != len(problem.params):
        raise row.fail(f"expected {len(problem.params)} arguments", "values")
    return TestCase(row.name, args, expected, part=row.part)


FUNCTION = FunctionKind()
