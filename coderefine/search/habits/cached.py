"""A pure recursive function that computes the same values repeatedly: it gets a cache."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.judge.verdict import Verdict
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind, where a test ran out of time."""
    if not any(case.verdict is Verdict.TLE for case in evidence.report.cases):
        return
    for node in program.code:
        if not isinstance(node, ast.FunctionDef) or node.decorator_list or not stands_alone(program, node.body[0]):
            continue
        calls = [it for it in ast.walk(node) if isinstance(it, ast.Call) and _called(it) == node.name]
        if len(calls) < 2 or not _is_pure(node):
            continue
        at = program.starts[node.lineno - 1]
        line = f"{indentation(program, node)}@functools.lru_cache(maxsize=None)\n"
        needed = "" if "import functools" in program.text else "import functools\n\n"
        edits = (Edit(0, 0, needed), Edit(at, at, line)) if at else (Edit(0, 0, needed + line),)
        yield Change(edits, node.lineno, f"`{node.name}` remembers its answers in line {node.lineno}", 1.0)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return ""


def _is_pure(function: ast.FunctionDef) -> bool:
    """Whether a function seems to change only its own variables."""
    for node in ast.walk(function):
        match node:
            case ast.Global() | ast.Nonlocal() | ast.Yield() | ast.YieldFrom():
                return False
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                return False
            case ast.Expr(value=ast.Call()):
                return False
            case _:
                pass
    return True
