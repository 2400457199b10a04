"""A name that is bound and never read: `for price, count in ...: total += price`, where `price * count` is meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_JOINED = (("*", 1.0), ("+", 0.6), ("-", 0.4))


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind: expressions in the name's scope are combined with it."""
    for scope in program.code:
        if isinstance(scope, ast.For | ast.AsyncFor):
            yield from _joined(program, scope, _bound(scope.target), scope.body)
        elif isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [argument.arg for argument in scope.args.args if argument.arg not in ("self", "cls")]
            yield from _joined(program, scope, names, scope.body)


def _bound(target: ast.expr) -> list[str]:
    """Return the names in a target with several names."""
    several = isinstance(target, ast.Tuple | ast.List)
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)] if several else []


def _joined(program: Program, scope: ast.AST, names: list[str], body: list[ast.stmt]) -> Iterator[Change]:
    read = {node.id for it in body for node in ast.walk(it) if isinstance(node, ast.Name)}
    unused = [name for name in names if name not in read and not name.startswith("_")]
    for value in (value for name in unused[:2] for it in body for value in _values(it)):
        text = program.segment(value)
        whole = text if isinstance(value, ast.Name | ast.Call | ast.Subscript | ast.Attribute) else f"({text})"
        for name in unused[:2]:
            yield from (program.rewrite(value, f"{whole} {sign} {name}", weight) for sign, weight in _JOINED)


def _values(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the values that a statement, and the statements in it, add up, store or return."""
    for node in ast.walk(statement):
        match node:
            case ast.AugAssign(value=value) | ast.Return(value=ast.expr() as value):
                if not isinstance(value, ast.Constant):
                    yield value
            case ast.Call(func=ast.Attribute(attr="append"), args=[value]):
                yield value
            case _:
                pass
