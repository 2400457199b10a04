"""Reads test functions, `def check(candidate): ...`, as single tests where that is possible, else as one test of code.

Two forms can be taken apart: a body that consists of assertions, and EvalPlus' table, a loop over literal inputs and
results. Tests that do anything else (loops, helper variables, random numbers) run as they are.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coderefine.formats.assertions import Assertion, Calls, from_statement
from coderefine.formats.literals import NotLiteral, is_too_large, literal, parsed, source, with_numbers
from coderefine.formats.numpy_like import without_numpy
from coderefine.formats.record import RowError
from coderefine.formats.rows import MAX_ITEMS
from coderefine.problem.compare import Compare
from coderefine.rendering import literal as text_of

EQUAL = Compare("python")
"""As in `assert candidate(...) == ...`."""

_MOST_REPEATED = 16 << 20
"""Characters of the code before a function's assertions, at most, all copies together."""


@dataclass(frozen=True, slots=True)
class CheckFunction:
    """The tests in a test function."""

    tests: tuple[Assertion, ...]
    compare: Compare = EQUAL
    statements: tuple[ast.stmt, ...] = ()
    """The assertions themselves, where the function contains nothing else."""


def from_check(calls: Calls, test: str) -> CheckFunction:
    """Return the tests in code that defines `check(candidate)` or holds a table; raises RowError for other code."""
    if is_too_large(test) and "def check" in test:
        return CheckFunction((Assertion(f"{test}\n\ncheck(candidate)\n"),))
    try:
        module = parsed(test).body
    except NotLiteral as error:
        raise RowError(f"expected Python in a test: {error}") from None
    check = next((it for it in module if isinstance(it, ast.FunctionDef) and it.name == "check"), None)
    if check is not None and len(check.args.args) != 1:
        raise RowError("expected check(candidate) to take one argument")
    if check is not None:
        calls = replace(calls, candidate=check.args.args[0].arg)
    try:
        return _table(check.body if check else module, [it for it in module if it is not check], calls)
    except NotLiteral:
        pass
    if check is None:
        return _whole(module, calls, is_called=True)
    body = [it for it in check.body if not _is_noise(it)]
    if not 0 < len(body) <= MAX_ITEMS or not all(isinstance(it, ast.Assert) for it in body):
        return _whole(module, calls)
    try:
        _refuse_imports(module)
        return _assertions(body, [it for it in module if it is not check and not _is_noise(it)], calls)
    except (NotLiteral, RowError):
        return _whole(module, calls)


def _whole(module: Sequence[ast.stmt], calls: Calls, *, is_called: bool = False) -> CheckFunction:
    """Return the code as a single test; `is_called` says that it calls the entry point itself, else `check` is
    called.
    """
    code = "\n".join(without_numpy(module))
    if is_called and not any(isinstance(it, ast.Name) and it.id == calls.entry_point for it in _names(module)):
        raise RowError(f"expected a test that defines check(candidate), or that calls {calls.entry_point}")
    _refuse_imports(parsed(code).body)
    end = "" if is_called or any(map(_calls_check, module)) else "check(candidate)\n"
    head = f"{calls.entry_point} = candidate\n" if calls.entry_point.isidentifier() else ""
    return CheckFunction((Assertion(f"{head}{code}\n\n{end}"),))


def _names(statements: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    for statement in statements:
        yield from ast.walk(statement)


def _calls_check(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="check"))):
            return True
    return False


def _assertions(body: Sequence[ast.stmt], beside: Sequence[ast.stmt], calls: Calls) -> CheckFunction:
    head = [source(it) for it in beside]
    if calls.candidate != "candidate":
        head.append(f"{calls.candidate} = candidate")
    if sum(map(len, head)) * len(body) > _MOST_REPEATED:
        raise NotLiteral("too much to stand before each test")
    tests = [from_statement(calls, it, "\n".join([*head, source(it)])) for it in body]
    return CheckFunction(tuple(tests), statements=tuple(body))


def _is_noise(statement: ast.stmt) -> bool:
    """Whether a statement tests nothing: a docstring, `pass`, `assert True`, METADATA, or the call of `check`
    itself.
    """
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Assert(test=ast.Constant(value=True)):
            return True
        case ast.Assign(targets=[ast.Name(id="METADATA")]):
            return True
    return _calls_check(statement)


def _table(body: Sequence[ast.stmt], beside: Sequence[ast.stmt], calls: Calls) -> CheckFunction:
    """Read `inputs = [...]; results = [...]; for ... zip(inputs, results): assertion(candidate(*inp), exp, 0)`.

    The answers are compared as the test's own function `assertion` compares them.
    """
    found = {
        it.targets[0].id: it.value for it in body if isinstance(it, ast.Assign) and isinstance(it.targets[0], ast.Name)
    }
    if not body or not isinstance(body[-1], ast.For) or not {"inputs", "results"} <= found.keys():
        raise NotLiteral("no table")
    match body[-1].body:
        case [ast.Expr(value=ast.Call(func=ast.Name(id="assertion"), args=[called, ast.Name(), tolerance]))]:
            pass
        case _:
            raise NotLiteral("no table")
    called_as = f"{calls.candidate}(*inp)", f"{calls.entry_point}(*inp)"
    if source(called) not in called_as or "zip(inputs, results)" not in source(body[-1].iter):
        raise NotLiteral("no table")
    if any(len(getattr(found[name], "elts", ())) > MAX_ITEMS for name in ("inputs", "results")):
        raise NotLiteral(f"more than {MAX_ITEMS:,} tests")
    inputs, results = literal(with_numbers(found["inputs"])), literal(with_numbers(found["results"]))
    if not all(isinstance(it, list) for it in (inputs, results, *inputs)) or len(inputs) != len(results):
        raise NotLiteral("no table")
    helpers = [
        it
        for it in (*beside, *body)
        if it is not body[-1] and not _is_noise(it) and not _assigns(it, ("inputs", "results"))
    ]
    compare = _comparison(helpers, literal(tolerance), results)
    return CheckFunction(
        tuple(call_of("candidate", args, result) for args, result in zip(inputs, results, strict=True)), compare
    )


def _assigns(statement: ast.stmt, names: Sequence[str]) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in names
    return False


def _comparison(helpers: Sequence[ast.stmt], tolerance: Any, results: Sequence[Any]) -> Compare:
    """Return how a test's own `assertion(out, exp, atol)` compares.

    Raises NotLiteral where there is no such function.
    """
    defined = [it for it in helpers if isinstance(it, ast.FunctionDef) and it.name == "assertion"]
    if not defined:
        raise NotLiteral("no table")
    if not tolerance and not any(map(_holds_float, results)) and _is_usual(defined[0]):
        return EQUAL
    code = "\n".join(without_numpy(helpers))
    _refuse_imports(parsed(code).body)
    checker = (
        f"{code}\n\n\ndef check(args, expected, got):\n    assertion(got, expected, {tolerance!r})\n    return True\n"
    )
    return Compare("checker", checker=checker)


def _is_usual(function: ast.FunctionDef) -> bool:
    """Whether a test's own comparison is EvalPlus' usual one: `==` unless a float is expected."""
    out, expected = [argument.arg for argument in function.args.args[:2]] if len(function.args.args) > 1 else ["", ""]
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and "exact_match" in source(node)]
    match function.body[-1]:
        case ast.If(test=test, orelse=[ast.Assert(test=ast.Name(id="exact_match"))]):
            is_last = source(test).startswith("not exact_match and ")
            return is_last and [source(it) for it in assigned] == [f"exact_match = {out} == {expected}"]
    return False


def call_of(name: str, args: Sequence[Any], expected: Any) -> Assertion:
    """Return the test that a call with these values returns that value."""
    code = f"assert {name}({', '.join(map(text_of, args))}) == {text_of(expected)}"
    return Assertion(code, tuple(args), expected)


def _holds_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_float, value.values()))
    return isinstance(value, float) or (isinstance(value, list | tuple | set) and any(map(_holds_float, value)))


def _refuse_imports(statements: Sequence[ast.stmt]) -> None:
    """Raise RowError where a test imports modules that the sandbox lacks, since it would call every program wrong."""
    for name in _imported(statements):
        if name.partition(".")[0] not in sys.stdlib_module_names:
            raise RowError(f"its test imports {name}, which is not in the standard library")


def _imported(statements: Sequence[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""
