"""Problems of a function or a class, made of what public sets say of them.

Nothing that a solver sees of such a problem depends on its hidden tests: names of parameters come from a program that
solvers have, types from the visible tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Any

from coderefine import typespec
from coderefine.formats.assertions import Assertion
from coderefine.formats.literals import NotLiteral, parsed
from coderefine.formats.record import RowError
from coderefine.problem import Kind, Param, Problem, TestCase
from coderefine.typespec import TypeSpec

MAX_VISIBLE = 3
"""Where a set does not say which tests solvers may see: the first ones, as many, but no more than every second."""


def parse_entry_point(text: str) -> str:
    """Return `Solution.method` or a name for an entry point such as `Solution().method`; raises RowError."""
    found = re.fullmatch(r"(?:(\w+)(?:\(\))?\.)?(\w+)", text)
    names = [name for name in found.groups() if name] if found else []
    if not names or not all(name.isidentifier() for name in names):
        raise RowError(f"expected an entry point such as Solution().two_sum or two_sum, not {text[:80]!r}")
    return ".".join(names)


def split(tests: Sequence[Assertion]) -> tuple[Sequence[Assertion], Sequence[Assertion]]:
    """Return visible and hidden tests, where a set does not say which are which."""
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
    **fields: Any,
) -> Problem:
    """Return a problem of kind "function", or "class" where `program` defines `entry` as a class.

    `program` is any text that solvers see and that has the signature. `fields` are those of Problem. Raises RowError
    where there is no visible test.
    """
    if not visible:
        raise RowError("expected at least one test that a solver may see")
    kind: Kind = "class" if defines_class(program, entry) else "function"
    examples = [test.args for test in visible if test.args is not None]
    arity = len(next((test.args for test in (*visible, *hidden) if test.args is not None), ()))
    names = parameters(program, entry)
    if len(names) != arity:
        names = [f"arg{number}" for number in range(1, arity + 1)]
    answers = [test.expected for test in visible if test.args is not None]
    return Problem(
        slug=slug,
        title=title,
        statement=statement,
        kind=kind,
        entry=entry,
        visible=_cases(visible, kind, arity, 1),
        hidden=_cases(hidden, kind, arity, 1 + len(visible)),
        params=_params(names, [args for args in examples if len(args) == arity]) if kind == "function" else (),
        returns=common_type(answers) if kind == "function" else typespec.ANY,
        **fields,
    )


def _cases(tests: Sequence[Assertion], kind: Kind, arity: int, first: int) -> tuple[TestCase, ...]:
    """A value case has a value for each parameter; a call that leaves some out stays code."""
    return tuple(
        TestCase(f"test {number}", test.args, test.expected)
        if test.args is not None and len(test.args) == arity and kind == "function"
        else TestCase(f"test {number}", code=test.code)
        for number, test in enumerate(tests, first)
    )


def _params(names: Sequence[str], examples: Sequence[tuple[Any, ...]]) -> tuple[Param, ...]:
    return tuple(Param(name, common_type([args[i] for args in examples])) for i, name in enumerate(names))


def parameters(program: str, entry: str) -> list[str]:
    """Return the names of the parameters of `entry` in a program, without `self`; empty where that is not known."""
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
    """Whether `name` is a class in a program, which may be one that does not parse."""
    return re.search(rf"^class\s+{re.escape(name)}\b", program, re.MULTILINE) is not None


def _definitions(program: str) -> list[ast.stmt]:
    for text in (program, f"{program.rstrip()} pass\n"):  # a signature may stand alone
        try:
            return parsed(text).body
        except NotLiteral:
            continue
    return []


def common_type(found: Iterable[Any]) -> TypeSpec:
    """Return the narrowest declarable type that all values have: `list[int]`; Any where there is none or no value."""
    kinds: dict[str, list[Any]] = {}
    for value in found:
        kinds.setdefault(type(value).__name__, []).append(value)
    types = [_type(name, values) for name, values in sorted(kinds.items(), key=lambda it: it[0] == "NoneType")]
    if not types or typespec.ANY in types or len(types) > 2 or (len(types) == 2 and types[1].name != "None"):
        return typespec.ANY
    return types[0] if len(types) == 1 else TypeSpec("union", tuple(types))


def _type(name: str, values: Sequence[Any]) -> TypeSpec:
    """The type of values of one builtin type."""
    members = [member for value in values if isinstance(value, list | set | tuple | dict) for member in value]
    if name in ("list", "set"):
        item = common_type(members)
        return TypeSpec(name, () if item == typespec.ANY else (item,))
    if name == "tuple":
        lengths = {len(value) for value in values}
        if len(lengths) == 1 and lengths != {0}:
            return TypeSpec("tuple", tuple(common_type(column) for column in zip(*values, strict=True)))
        return TypeSpec("tuple*", (common_type(members),))
    if name == "dict":
        key = common_type(members)
        item = common_type([item for value in values for item in value.values()])
        return typespec.ANY if not members else TypeSpec("dict", (key, item))
    name = name.removesuffix("Type")
    return TypeSpec(name) if name in typespec.SCALARS else typespec.ANY
