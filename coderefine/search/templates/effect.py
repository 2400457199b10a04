"""What a statement without effect was meant to be: `x == 1`, `x + 1`, `x.pop`, `max(x, y)`, `x = x.sort()`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_IN_PLACE = frozenset({"sort", "reverse", "append", "extend", "add", "insert", "update", "heapify", "appendleft"})
_PURE = frozenset({"max", "min", "sorted", "abs", "len", "sum", "int", "str", "reversed", "list", "set"})
_RETURNING = frozenset({"replace", "strip", "lower", "upper", "lstrip", "rstrip", "union", "intersection", "join"})


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Expr(value=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                if edit := program.between(left, right, "==", "="):
                    yield program.change(node, edit, 2.0)
            case ast.Expr(value=ast.BinOp(left=ast.Name() | ast.Subscript() | ast.Attribute() as left, right=right)):
                if edit := program.between(left, right, r"[-+*/%&|^<>]+", ""):
                    operator = program.text[edit.start : edit.end]
                    yield program.change(node, Edit(edit.start, edit.end, f"{operator}="), 2.0)
            case ast.Expr(value=ast.Name(id=name)):
                yield from (program.rewrite(node, text) for text in ("break", "continue", f"{name}()"))
            case ast.Expr(value=ast.Attribute() as value):
                yield program.rewrite(value, f"{program.segment(value)}()", 2.0)
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[ast.Name(id=first), *_])) if name in _PURE:
                start = program.span(node)[0]
                yield program.change(node, Edit(start, start, f"{first} = "), 2.0)
                if name == "sorted":
                    yield program.rewrite(node, f"{first}.sort()", 2.0)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=first), attr=name))):
                if name in _RETURNING:
                    start = program.span(node)[0]
                    yield program.change(node, Edit(start, start, f"{first} = "), 2.0)
            case ast.Assign(value=ast.Call(func=ast.Attribute(attr=name)) as value) if name in _IN_PLACE:
                yield program.rewrite(node, program.segment(value), 2.0)
                yield from _sorted(program, value, name)
            case ast.Return(value=ast.Call(func=ast.Attribute(attr=name)) as value) if name in _IN_PLACE:
                yield from _sorted(program, value, name)
            case ast.Assign(targets=[target], value=ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=value)):
                if edit := program.between(target, value, r"=[-+]", ""):
                    operator = program.text[edit.start + 1]
                    yield program.change(node, Edit(edit.start, edit.end, f"{operator}="), 2.0)
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()]) if _is_value(program, node):
                yield program.rewrite(node, program.segment(left), 0.5)
            case ast.Call(args=[*_, ast.Compare(left=ast.Name(), ops=[ast.Eq()], comparators=[right]) as last]):
                if edit := program.between(last.left, right, "==", "="):
                    yield program.change(node, edit, 0.3)
            case _:
                pass


def _sorted(program: Program, call: ast.expr, name: str) -> Iterator[Change]:
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    owner = program.segment(call.func.value)
    if name == "sort":
        items = [program.segment(keyword) for keyword in call.keywords]
        yield program.rewrite(call, f"sorted({', '.join([owner, *items])})", 2.0)
    if name == "reverse":
        yield program.rewrite(call, f"{owner}[::-1]", 2.0)


def _is_value(program: Program, node: ast.expr) -> bool:
    match program.parents.get(node):
        case ast.Assign() | ast.AugAssign() | ast.Call() | ast.BinOp():
            return True
        case _:
            return False
