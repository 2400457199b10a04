"""Templates that edit slices and indices. Each takes a program and yields every change of its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.kinds import kind_of, kinds
from coderefine.search.facts.program import Change, Edit, Program


def slices(program: Program) -> Iterator[Change]:
    """A slice with a bound less, or with its stop as the step; a reversal added; an index instead of a slice."""
    known = kinds(program)
    for node in program.code:
        match node:
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=None) as piece):
                low = program.segment(lower) if lower else ""
                high = program.segment(upper) if upper else ""
                for text in (f"{low}:", f":{high}", f"{low}::{high}", f":{low}", f"{high}:"):
                    if text not in (":", "::", f"{low}:{high}"):
                        yield program.rewrite(piece, text)
            case ast.Subscript(value=value, slice=ast.Slice(step=step)) if step is not None:
                start, end = program.span(value)[1], program.span(node)[1]
                yield program.change(node, Edit(start, end, ""), 0.5)
            case ast.Return(value=ast.Name() | ast.Subscript() | ast.Call() as value) | ast.Assign(value=value):
                if kind_of(value, known) != "number" and not isinstance(value, ast.Constant):
                    simple = isinstance(value, ast.Name | ast.Subscript | ast.Call)
                    if simple and (isinstance(node, ast.Return) or kind_of(value, known)):
                        end = program.span(value)[1]
                        weight = 0.5 if isinstance(node, ast.Return) else 0.15
                        yield program.change(node, Edit(end, end, "[::-1]"), weight)
            case _:
                pass


def index(program: Program) -> Iterator[Change]:
    """`a[i][j]` to `a[j][i]`, `len(a)` to `len(a[0])` and back; `i` to `a[i]`, as elsewhere; elements and indices."""
    indexed: dict[str, dict[str, None]] = {}
    for node in program.code:
        match node:
            case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=ast.Name(id=inner)):
                indexed.setdefault(inner, {})[f"{program.segment(node.value)}[{inner}]"] = None
            case _:
                pass
    nested = set(_nested(program))
    known = kinds(program)
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


def _element(program: Program, loop: ast.For) -> Iterator[Change]:
    """In `for i in a`, `a[i]` to `i`, or the loop over the indices."""
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
    """Names that are indexed twice, or whose elements are measured."""
    for node in program.code:
        match node:
            case ast.Subscript(value=ast.Subscript(value=ast.Name(id=name))):
                yield name
            case ast.Call(func=ast.Name(id="len"), args=[ast.Subscript(value=ast.Name(id=name))]):
                yield name
            case _:
                pass
