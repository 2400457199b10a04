"""Checks the code that a problem contains (tests, prelude, checker) when it is loaded; nothing of it is run.

An author's mistake would otherwise be charged to every candidate.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

from coderefine.errors import ProblemError
from coderefine.judge import versions
from coderefine.outside import parse_python

CHECKER, EVALUATOR = "check", "evaluate"
_ARGUMENTS = 3


def check_python(file: Path, text: str, field: str = "") -> ast.Module:
    """Return the tree of Python code; raises ProblemError, which names the file and the line."""
    try:
        tree = parse_python(text, name=file.name, is_bounded=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(
                text, file.name, "exec", dont_inherit=True
            )  # finds more than the parser: a `return` outside of a function
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        line = getattr(error, "lineno", None)
        where = ", ".join(filter(None, [field, f"line {line}" if line else ""]))
        what = f"expected Python: {getattr(error, 'msg', None) or error}{versions.newer(text)}"
        raise ProblemError(file, where, what) from None
    return tree


def check_checker(file: Path, text: str) -> None:
    """Raise ProblemError where a checker does not define `check(args, expected, got)`."""
    _check_function(file, text, CHECKER)


def check_evaluator(file: Path, text: str) -> None:
    """Raise ProblemError where an evaluator does not define `evaluate(args, expected, got)`."""
    _check_function(file, text, EVALUATOR)


def _check_function(file: Path, text: str, name: str) -> None:
    tree = check_python(file, text)
    found = [node for node in _bindings(tree.body) if name in _names(node, name)]
    if not found:
        raise ProblemError(file, "", f"expected a function {name}(args, expected, got)")
    last = found[-1]
    if isinstance(last, ast.FunctionDef | ast.AsyncFunctionDef) and not _takes_three(last):
        raise ProblemError(file, f"line {last.lineno}", f"expected {name} to take three arguments: args, expected, got")


def _bindings(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is loaded, including those within `if`, `try` and the like."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for name in ("body", "orelse", "finalbody", "handlers", "cases"):
                inner = getattr(node, name, [])
                for part in inner:
                    yield from _bindings([part] if isinstance(part, ast.stmt) else part.body)


def _names(node: ast.stmt, wanted: str) -> set[str]:
    """Return the names that a statement binds; `wanted` is among them where that cannot be known."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        return {wanted} if "*" in names else names
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.With | ast.Expr):
        return {it.id for it in ast.walk(node) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)}
    return set()


def _takes_three(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = function.args
    positional, required = len(given.posonlyargs + given.args), len(given.kw_defaults) - given.kw_defaults.count(None)
    if isinstance(function, ast.AsyncFunctionDef) or required < len(given.kwonlyargs):
        return False
    return positional - len(given.defaults) <= _ARGUMENTS and (positional >= _ARGUMENTS or given.vararg is not None)
