"""An element that is added to a list as if it were a list: `found += x` for `found.append(x)`, and the reverse."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_OTHERWISE = {"append": "extend", "add": "update", "extend": "append", "update": "add"}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    begun = dict(_begun(program))
    for node in program.code:
        match node:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value) if name in begun:
                yield from _one(program, node, name, value, begun[name])
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=value)
            ) if name == left and name in begun:
                yield from _one(program, node, name, value, begun[name])
            case ast.Call(func=ast.Attribute(value=owner, attr=method), args=[value]) if method in _OTHERWISE:
                weight = 0.3 if program.kind_of(value) in ("sequence", None) else 0.05
                text = f"{program.segment(owner)}.{_OTHERWISE[method]}({program.segment(value)})"
                yield program.rewrite(node, text, weight)
            case _:
                pass


def _begun(program: Program) -> Iterator[tuple[str, str]]:
    """Yield names that begin as a list or a tuple, with that type."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.ListComp()):
                yield name, "list"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple()):
                yield name, "tuple"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="list" | "tuple" as kind))):
                yield name, kind
            case _:
                pass


def _one(program: Program, node: ast.stmt, name: str, value: ast.expr, kind: str) -> Iterator[Change]:
    text = program.segment(value)
    if isinstance(value, ast.List | ast.Tuple):
        if len(value.elts) == 1:
            yield program.rewrite(value, program.segment(value.elts[0]), 0.3)
        return
    if kind == "tuple":
        yield program.rewrite(node, f"{name} += ({text},)", 1.0)
    else:
        yield program.rewrite(node, f"{name}.append({text})", 1.0)
