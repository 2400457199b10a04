"""A generator that calls itself and loses or wraps the values: `yield f(x)` or `f(x)` for `yield from f(x)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Expr(value=ast.Yield(value=ast.Call() as call)) | ast.Expr(value=ast.Call() as call):
                function = program.around(node, ast.FunctionDef)
                if function is None or not _calls(call, function.name):
                    continue
                if any(isinstance(it, ast.Yield | ast.YieldFrom) for it in ast.walk(function)):
                    yield program.rewrite(node, f"yield from {program.segment(call)}")
            case _:
                pass


def _calls(call: ast.Call, name: str) -> bool:
    match call.func:
        case ast.Name(id=called) | ast.Attribute(value=ast.Name(id="self"), attr=called):
            return called == name
    return False
