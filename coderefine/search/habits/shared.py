"""One list where several are meant: `[[0] * n] * m`, a default argument, a stored list that is changed afterwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, stands_alone
from coderefine.search.given.evidence import Evidence

_KEEPING = ("append", "add", "appendleft")
_CHANGING = {"append", "pop", "add", "remove", "extend", "insert", "sort", "clear", "discard", "update", "appendleft"}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.BinOp(left=ast.List(elts=[item]), op=ast.Mult(), right=count) if _is_mutable(item):
                text = f"[{program.segment(item)} for _ in range({program.segment(count)})]"
                yield program.rewrite(node, text, 1.5)
            case ast.Call(func=ast.Attribute(attr=method), args=[ast.Name(id=name) as kept]) if method in _KEEPING:
                if _changes(program, program.definition_around(node), name):
                    yield program.rewrite(kept, f"{name}[:]" if method != "add" else f"tuple({name})", 1.0)
            case ast.Assign(targets=[ast.Subscript()], value=ast.Name(id=name) as kept):
                if _changes(program, program.definition_around(node), name):
                    yield program.rewrite(kept, f"{name}[:]", 0.4)
            case ast.FunctionDef():
                yield from _defaults(program, node)
            case _:
                pass


def _is_mutable(item: ast.expr) -> bool:
    match item:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp():
            return True
        case ast.BinOp(left=left, op=ast.Mult()):
            return isinstance(left, ast.List)
        case ast.Call(func=ast.Name(id="list" | "set" | "dict" | "deque" | "defaultdict")):
            return True
    return False


def _changes(program: Program, function: ast.AST, name: str) -> bool:
    """Whether a function changes a list by a method or by assigning to its items."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method)):
                if owner == name and method in _CHANGING:
                    return True
            case ast.Subscript(value=ast.Name(id=owner), ctx=ast.Store()) if owner == name:
                return True
            case _:
                pass
    return False


def _defaults(program: Program, function: ast.FunctionDef) -> Iterator[Change]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    arguments = arguments[len(arguments) - len(function.args.defaults) :]
    first = function.body[0]
    if not stands_alone(program, first):
        return
    for argument, default in zip(arguments, function.args.defaults, strict=True):
        if _is_mutable(default):
            indent, name = indentation(program, first), argument.arg
            at = program.starts[first.lineno - 1]
            made = f"{indent}if {name} is None:\n{indent}    {name} = {program.segment(default)}\n"
            edits = (program.replace(default, "None"), Edit(at, at, made))
            note = f"`{name}` is made anew for each call in line {function.lineno}"
            yield Change(edits, function.lineno, note, 1.0)
