"""A forgotten `return`: before the last expression of a function, or of a variable at its end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import blocks_of
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import bound
from coderefine.search.facts.statements import inserted, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, ast.FunctionDef):
            continue
        for inner in ast.walk(node):
            for block in blocks_of(inner):
                last = block[-1]
                if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant | ast.Await | ast.Yield):
                    start = program.span(last)[0]
                    yield program.change(last, Edit(start, start, "return "), _lost(last.value, node.name))
        end = node.body[-1]
        if not isinstance(end, ast.Return) and stands_alone(program, end) and node.name != "__init__":
            variables = [name for name in bound(node)[0] if name not in ("self", "_")]
            likely = [name for name in variables if name in ("res", "ans", "result", "answer", "count", "ret")]
            values = dict.fromkeys([*likely, *variables], 2.0) | {"False": 1.0, "True": 1.0, "-1": 0.8, "0": 0.5}
            for number, (value, weight) in enumerate(values.items()):
                yield inserted(program, end, f"return {value}", weight * 0.9**number)


def _lost(value: ast.expr, function: str) -> float:
    """Return how likely the value of an expression statement was meant to be returned."""
    match value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
            return 2.0 if name == function else 0.5
        case ast.Call():
            return 0.2
        case _:
            return 5.0
