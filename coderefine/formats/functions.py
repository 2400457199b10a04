"""Builds problems of a function or a class from the data of public sets.

A solver sees nothing of such a problem that depends on its hidden tests: names of parameters come from a program that
solvers have, types (where values go beyond JSON) from the visible tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

from coderefine.formats.assertions import Assertion
from coderefine.formats.literals import NotLiteral, parsed
from coderefine.formats.record import RowError
from coderefine.kinds.class_ import CLASS
from coderefine.kinds.function import FUNCTION
from coderefine.problem import typespec
from coderefine.problem.problem import Param, Problem, TestCase, TestPart
from coderefine.problem.typespec import TypeSpec

MAX_VISIBLE = 3
"""The most tests that become visible where a set does not mark them; they are the first, and at most every second."""


def parse_entry_point(text: str) -> str:
    """Return `Solution.method` or a name for an entry point such as `Solution().method`; raises RowError."""
    found = re.fullmatch(r"(?:(\w+)(?:\(\))?\.)?(\w+)", text)
    names = [name for name in found.groups() if name] if found else []
    if not names or not all(name.isidentifier() for name in names):
        raise RowError(f"expected an entry point such as Solution().two_sum or two_sum, not {text[:80]!r}")
    return ".".join(names)


def split(tests: Sequence[Assertion]) -> tuple[Sequence[Assertion], Sequence[Assertion]]:
    """Return visible and hidden tests, for a set that does not mark them."""
    visible = min(MAX_VISIBLE, (len(tests) + 1) // 2)
    return tests[:visible], tests[visible:]


def function_problem(
    *,
    slug: str,
    title: str,
    statement: str,
    entry: str,
    program: str,
    visible: Sequence[Assertion],
    hidden: Sequence[Assertion] = (),
    examples: Sequence[Assertion] = (),
    plus: Sequence[Assertion] = (),
    **fields: Any,
) -> Problem:
    """Return a problem of kind "function", or "class" where `program` defines `entry` as a class.

    `program` is any text that solvers see and that contains the signature. `examples` are visible tests that are not in
    the set, `plus` hidden tests that the set has as extra tests. `fields` are those of Problem. Raises RowError where
    there is no visible test.
    """
    shown = [*examples, *visible]
    if not shown:
        raise RowError("expected at least one test that a solver may see")
    is_class = defines_class(program, entry)
    inputs = [test.args for test in shown if test.args is not None]
    arity = len(next((test.args for test in (*visible, *hidden, *plus, *examples) if test.args is not None), ()))
    names = parameters(program, entry)
    if len(names) != arity:
        names = [f"arg{number}" for number in range(1, arity + 1)]
    answers = [test.expected for test in shown if test.args is not None]
    width = None if is_class else arity
    return Problem(
        slug=slug,
        title=title,
        statement=statement,
        kind=CLASS if is_class else FUNCTION,
        entry=entry,
        visible=_cases(examples, width, 1, "example") + _cases(visible, width, 1 + len(examples)),
        hidden=_cases(hidden, width, 1 + len(shown)) + _cases(plus, width, 1 + len(shown) + len(hidden), "plus"),
        params=_params(names, [args for args in inputs if len(args) == arity]) if not is_class else (),
        returns=typespec.ANY if is_class else common_type(answers),
        **fields,
    )


def _cases(tests: Sequence[Assertion], arity: int | None, first: int, part: TestPart = "") -> tuple[TestCase, ...]:
    """Return the cases for tests; a call that leaves out some of the `arity` arguments stays code."""
    return tuple(
        TestCase(f"test {number}", test.args, test.expected, part=part)
        if test.args is not None and len(test.args) == arity
        else TestCase(f"test {number}", code=test.code, part=part)
        for number, test in enumerate(tests, first)
    )


def _params(names: Sequence[str], examples: Sequence[tuple[Any, ...]]) -> tuple[Param, ...]:
    return tuple(Param(name, common_type([args[i] for args in examples])) for i, name in enumerate(names))


def parameters(program: str, entry: str) -> list[str]:
    """Return the names of the parameters of `entry` in a program, without `self`; [] where they are not known."""
    owner, _, name = entry.rpartition(".")
    for node in _definitions(program):
        inside = node.body if isinstance(node, ast.ClassDef) and node.name == owner else [] if owner else [node]
        for function in inside:
            if isinstance(function, ast.FunctionDef) and function.name == name:
                names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
                static = any(isinstance(it, ast.Name) and it.id == "staticmethod" for it in function.decorator_list)
                return names[1:] if owner and not static else names
    return []


def defines_class(program: str, name: str) -> bool:
    """Whether `name` is a class in a program, which need not be valid Python."""
    return re.search(rf"^class\s+{re.escape(name)}\b", program, re.MULTILINE) is not None


def _definitions(program: str) -> list[ast.stmt]:
    for text in (program, f"{program.rstrip()} pass\n"):  # it may be a signature without a body
        try:
            return parsed(text).body
        except NotLiteral:
            continue
    return []


def common_type(found: Sequence[Any]) -> TypeSpec:
    """Return the type by which JSON carries all values: Any where JSON has them itself, else one with sets or
    tuples.
    """
    kinds = {type(value) for value in found if value is not None}
    if len(kinds) != 1 or all(map(is_json, found)):
        return typespec.ANY
    spec = _type(kinds.pop(), [value for value in found if value is not None])
    return TypeSpec("union", (spec, TypeSpec("None"))) if None in found and spec != typespec.ANY else spec


def is_json(value: Any) -> bool:
    """Whether JSON has such values, so that they are the same when they are read again."""
    if isinstance(value, list):
        return all(map(is_json, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and all(map(is_json, value.values()))
    return value is None or isinstance(value, bool | int | float | str)


def _type(kind: type, values: Sequence[Any]) -> TypeSpec:
    """Return the type of values of one builtin type."""
    item = common_type([member for value in values for member in value]) if kind in (list, set, tuple) else typespec.ANY
    if kind in (list, set):
        return TypeSpec(kind.__name__, () if item == typespec.ANY else (item,))
    if kind is tuple:
        columns = tuple(map(common_type, zip(*values, strict=True))) if len({*map(len, values)}) == 1 else ()
        if item == typespec.ANY and any(column != typespec.ANY for column in columns):
            return TypeSpec("tuple", columns)
        return TypeSpec("tuple") if item == typespec.ANY else TypeSpec("tuple*", (item,))
    keys = {type(key) for value in values for key in value} if kind is dict else set()
    if keys in ({int}, {str}):
        held = common_type([held for value in values for held in value.values()])
        return TypeSpec("dict", (TypeSpec(keys.pop().__name__), held))
    return typespec.ANY
