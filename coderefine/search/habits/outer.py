"""A missing `nonlocal` or `global`: a function assigns to a name of an outer scope, and reads it before."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import prepended, stands_alone
from coderefine.search.given.evidence import Evidence

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, _Function) or not stands_alone(program, node.body[0]):
            continue
        for name, read_first in _assigned(program, node).items():
            outer = program.around(node, ast.FunctionDef, ast.AsyncFunctionDef)
            while outer is not None and name not in _bound(program, outer):
                outer = program.around(outer, ast.FunctionDef, ast.AsyncFunctionDef)
            if outer is not None:
                yield prepended(program, node.body[0], f"nonlocal {name}", 1.0 if read_first else 0.5)
            elif name in _bound(program, program.tree):
                yield prepended(program, node.body[0], f"global {name}", 1.0 if read_first else 0.4)


def _own(program: Program, scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope that belong to no inner scope."""
    return (
        node for node in ast.walk(scope) if node is not scope and program.around(node, *_SCOPES) is _of(program, scope)
    )


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def _of(program: Program, scope: ast.AST) -> ast.AST | None:
    return None if scope is program.tree else scope


def _assigned(program: Program, function: _Function) -> dict[str, bool]:
    """Return the names that a function assigns to, and whether it reads each before."""
    declared = {
        name for node in _own(program, function) if isinstance(node, ast.Nonlocal | ast.Global) for name in node.names
    }
    parameters = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    found: dict[str, bool] = {}
    nodes = [node for node in _own(program, function) if isinstance(node, ast.Name)]
    for node in nodes:
        if isinstance(node.ctx, ast.Store) and node.id not in declared | parameters:
            found[node.id] = found.get(node.id, False) or isinstance(program.parents[node], ast.AugAssign)
    for name, is_updated in found.items():
        uses = sorted((node for node in nodes if node.id == name), key=lambda it: (it.lineno, it.col_offset))
        # In `x = x + 1` the right side is read first.
        statement = program.around(uses[0], ast.stmt)
        is_read = any(isinstance(use.ctx, ast.Load) and program.around(use, ast.stmt) is statement for use in uses)
        found[name] = is_updated or isinstance(uses[0].ctx, ast.Load) or is_read
    return found


def _bound(program: Program, scope: ast.AST) -> set[str]:
    names = {node.id for node in _own(program, scope) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if isinstance(scope, _Function):
        names |= {node.arg for node in ast.walk(scope.args) if isinstance(node, ast.arg)}
    return names
