"""Code without effect: a builtin that is rebound, a statement that does nothing, a result that is known in advance."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import one_line
from coderefine.search.facts.program import Located, Program
from coderefine.search.facts.scope import BUILTINS
from coderefine.search.facts.tree import is_constant
from coderefine.search.sense.finding import Finding

_ACTS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_NEUTRAL_RIGHT: dict[type[ast.operator], int] = {
    ast.Add: 0, ast.Sub: 0, ast.BitOr: 0, ast.BitXor: 0, ast.LShift: 0, ast.RShift: 0,
    ast.Mult: 1, ast.FloorDiv: 1, ast.Pow: 1,
}  # fmt: skip
_NEUTRAL_LEFT: dict[type[ast.operator], int] = {ast.Add: 0, ast.BitOr: 0, ast.BitXor: 0, ast.Mult: 1}
_SELF_KNOWN = (ast.Sub, ast.FloorDiv, ast.Div, ast.Mod, ast.BitXor, ast.BitAnd, ast.BitOr)
"""Operators whose result for two equal operands is known."""
_DOC = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def rebound(program: Program) -> Iterator[Finding]:
    """Yield the builtins that a program rebinds."""
    for node in program.code:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                if name in BUILTINS and not (isinstance(node, ast.FunctionDef) and program.around(node, ast.ClassDef)):
                    yield Finding(f"binds {name}", f"the builtin `{name}` is bound anew", node.lineno)
            case _:
                pass


def without_effect(program: Program) -> Iterator[Finding]:
    """Yield the statements that do nothing."""
    for node in program.code:
        match node:
            case ast.Expr(value=ast.Constant(value=str())) if isinstance(program.parents[node], _DOC):
                continue
            case ast.Expr(value=value) if not _acts(value) and not _is_ellipsis(value):
                pass
            case ast.Assign(targets=[target], value=value) if _same(target, value):
                pass
            case ast.AugAssign(op=op, value=value) if _is_neutral(op, value):
                pass
            case _:
                continue
        yield _finding(program, node, "has no effect")


def foregone(program: Program) -> Iterator[Finding]:
    """Yield the expressions whose result is one of their operands, or known in advance."""
    for node in program.code:
        match node:
            case ast.BinOp(left=left, op=op, right=right) if not isinstance(left, ast.Constant):
                found = _is_neutral(op, right) or (isinstance(op, _SELF_KNOWN) and _same(left, right))
            case ast.BinOp(left=left, op=op, right=right):
                found = is_constant(left, _NEUTRAL_LEFT.get(type(op), -1)) and not isinstance(right, ast.Constant)
            case ast.Compare(left=left, comparators=[right]):
                found = _same(left, right)
            case ast.BoolOp(values=values):
                texts = [ast.dump(value) for value in values]
                found = len(set(texts)) < len(texts) or any(_is_truth(value) for value in values)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                found = _same(body, orelse) or isinstance(test, ast.Constant)
            case ast.If(test=test):
                found = isinstance(test, ast.Constant)
            case ast.While(test=ast.Constant(value=value)):
                found = not value
            case ast.Slice(lower=ast.expr() as lower, upper=ast.expr() as upper):
                found = _same(lower, upper)
            case ast.Slice(lower=None, upper=upper) if upper is not None:
                found = is_constant(upper, 0)
            case ast.Call(func=ast.Name(id="min" | "max"), args=[first, second]):
                found = _same(first, second)
            case ast.Call(func=ast.Name(id="range"), args=[only], keywords=[]):
                found = is_constant(only, 0)
            case ast.Call(func=ast.Name(id="range"), args=[first, second], keywords=[]):
                found = _same(first, second)
            case _:
                found = False
        if found:
            place = program.parents[node] if isinstance(node, ast.Slice) else node
            if isinstance(place, ast.If | ast.While):
                place = place.test
            assert isinstance(place, ast.expr)
            yield _finding(program, place, "has a foregone result")


def _finding(program: Program, node: Located, what: str) -> Finding:
    text = program.segment(node)
    return Finding(text, f"`{one_line(text)}` {what}", node.lineno)


def _acts(value: ast.expr) -> bool:
    return any(isinstance(node, _ACTS) for node in ast.walk(value))


def _is_ellipsis(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is ...


def _is_truth(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, bool)


def _is_neutral(op: ast.operator, value: ast.expr) -> bool:
    neutral = _NEUTRAL_RIGHT.get(type(op))
    return isinstance(value, ast.Constant) and type(value.value) is int and value.value == neutral


def _same(one: ast.expr, other: ast.expr) -> bool:
    """Whether two expressions are alike and have the same value; calls and constants do not count."""
    if isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
        return bool(one.value == other.value)
    return not _acts(one) and _plain(one) == _plain(other)


def _plain(node: ast.expr) -> str:
    return ast.dump(node).replace("ctx=Store()", "ctx=Load()")
