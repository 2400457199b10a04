"""A call added around a value: `sorted`, `abs`, `len`..."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_WHOLE = (ast.Constant, ast.Starred, ast.GeneratorExp)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for place, functions in _values(program):
        text = program.segment(place)
        kind = program.kind_of(place)
        for function, takes, weight in functions:
            if takes in (None, kind) or kind is None:
                yield program.rewrite(place, f"{function}({text})", weight if kind else 0.5 * weight)


_Wrapper = tuple[str, str | None, float]
_ON_RETURN: tuple[_Wrapper, ...] = (
    ("len", "sequence", 1.0), ("list", "sequence", 0.6), ("sorted", "sequence", 0.6), ("str", "number", 0.4),
    ("int", "number", 0.6), ("abs", "number", 0.4), ("sum", "sequence", 0.4), ("max", "sequence", 0.4),
    ("min", "sequence", 0.2), ("set", "sequence", 0.2),
)  # fmt: skip
_ON_ITERATION: tuple[_Wrapper, ...] = (
    ("sorted", "sequence", 1.0), ("reversed", "sequence", 1.0), ("set", "sequence", 0.4),
    ("range", "number", 3.0), ("enumerate", "sequence", 0.3), ("list", "sequence", 0.3),
)  # fmt: skip
_ON_ASSIGNMENT: tuple[_Wrapper, ...] = (
    ("sorted", "sequence", 0.6), ("list", "sequence", 0.4), ("set", "sequence", 0.4), ("abs", "number", 0.3),
    ("len", "sequence", 0.4), ("int", None, 0.3), ("str", "number", 0.2),
)  # fmt: skip
_ON_ARGUMENT: tuple[_Wrapper, ...] = (
    ("len", "sequence", 0.6), ("sorted", "sequence", 0.3), ("abs", "number", 0.3), ("set", "sequence", 0.5),
    ("str", "number", 0.3), ("int", None, 0.2), ("list", "sequence", 0.1),
)  # fmt: skip
_ON_SIDE: tuple[_Wrapper, ...] = (("len", "sequence", 1.0), ("abs", "number", 0.3), ("int", None, 0.1))


def _values(program: Program) -> Iterator[tuple[ast.expr, tuple[_Wrapper, ...]]]:
    for node in program.code:
        match node:
            case ast.Return(value=ast.Name() | ast.Call() | ast.Subscript() | ast.BinOp() | ast.Attribute() as value):
                yield value, _ON_RETURN
            case ast.For(iter=value):
                yield value, _ON_ITERATION
            case ast.Assign(value=ast.Name() | ast.Call() | ast.Subscript() | ast.BinOp() as value):
                yield value, _ON_ASSIGNMENT
            case ast.Call(func=ast.Name(id="range"), args=items):
                yield from ((item, (("len", "sequence", 3.0),)) for item in items if isinstance(item, ast.Name))
            case ast.Call(func=ast.Name() | ast.Attribute(attr="append") as function, args=[ast.expr() as value]):
                if getattr(function, "id", "") != "len" and not isinstance(value, _WHOLE):
                    yield value, _ON_ARGUMENT
            case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() | ast.Eq()]):
                yield from ((s, _ON_SIDE) for s in (left, node.comparators[0]) if not isinstance(s, ast.Constant))
            case _:
                pass
