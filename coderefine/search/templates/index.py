"""The end of a list, indices and `len` as elsewhere: `a[0]` to `a[-1]`, `a[i][j]` to `a[j][i]`, `i` to `a[i]`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_OTHER_END = {"0": "-1", "-1": "0"}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    indexed: dict[str, dict[str, None]] = {}
    for node in program.code:
        match node:
            case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=ast.Name(id=inner)):
                indexed.setdefault(inner, {})[f"{program.segment(node.value)}[{inner}]"] = None
            case _:
                pass
    yield from _other_end(program)
    nested = set(_nested(program))
    known = program.kinds
    for node in program.code:
        match node:
            case ast.For(target=ast.Name(), iter=ast.Name()):
                yield from _element(program, node)
            case ast.Subscript(value=ast.Subscript(slice=first), slice=second):
                yield from _crossed(program, node, first, second)
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name) as whole]) if name in nested:
                yield program.rewrite(whole, f"{name}[0]")
            case ast.Call(func=ast.Name(id="len"), args=[ast.Subscript(value=ast.Name(id=name)) as row]):
                yield program.rewrite(row, name)
            case ast.Return(value=ast.Name(id=name) as value) if known.get(name) == "sequence":
                yield from (program.rewrite(value, f"{name}[{at}]", 0.3) for at in ("-1", "0"))
            case ast.Name(id=name, ctx=ast.Load()) if name in indexed:
                if not isinstance(program.parents[node], ast.Subscript | ast.Slice | ast.Attribute):
                    for number, text in enumerate(list(indexed[name])[:3]):
                        yield program.rewrite(node, text, 0.4 if number == 0 else 0.2)
            case _:
                pass


def _other_end(program: Program) -> Iterator[Change]:
    """Yield, where all other uses of a list take its other end, the change of the one that does not."""
    used: dict[str, dict[str, list[ast.Subscript]]] = {}
    for node in program.code:
        if isinstance(node, ast.Subscript) and (end := program.segment(node.slice)) in _OTHER_END:
            used.setdefault(program.segment(node.value), {}).setdefault(end, []).append(node)
    for ends in used.values():
        for end, places in ends.items():
            if len(places) == 1 < len(ends.get(_OTHER_END[end], ())):
                yield program.change(places[0], program.replace(places[0].slice, _OTHER_END[end]), 4.0)


def _element(program: Program, loop: ast.For) -> Iterator[Change]:
    """Yield, in `for i in a`, changes of `a[i]` to `i`, or of the loop to one over indices."""
    name, values = program.segment(loop.target), program.segment(loop.iter)
    places = [
        node
        for node in ast.walk(loop)
        if isinstance(node, ast.Subscript)
        and program.segment(node.value) == values
        and program.segment(node.slice) == name
    ]
    if places:
        yield program.rewrite(loop.iter, f"range(len({values}))", 2.0)
        yield from (program.rewrite(place, name, 2.0) for place in places)


def _crossed(program: Program, node: ast.expr, first: ast.expr, second: ast.expr) -> Iterator[Change]:
    old, new = program.segment(first), program.segment(second)
    if old != new and not isinstance(first, ast.Slice) and not isinstance(second, ast.Slice):
        edits = program.replace(first, new), program.replace(second, old)
        yield Change(edits, node.lineno, f"`[{old}]` and `[{new}]` swapped in line {node.lineno}", 0.6)


def _nested(program: Program) -> Iterator[str]:
    """Yield names that are indexed twice, or whose elements are measured."""
    for node in program.code:
        match node:
            case ast.Subscript(value=ast.Subscript(value=ast.Name(id=name))):
                yield name
            case ast.Call(func=ast.Name(id="len"), args=[ast.Subscript(value=ast.Name(id=name))]):
                yield name
            case _:
                pass
