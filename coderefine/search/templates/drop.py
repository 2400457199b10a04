"""An argument or an element removed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_DROPPED = 6
"""Calls and displays with more arguments or elements are left alone."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Call(args=args, keywords=keywords) if len(args) + len(keywords) > 1:
                items: list[ast.expr | ast.keyword] = [*args, *keywords]
                weight = 0.5 if isinstance(node.func, ast.Name) and node.func.id == "range" else 1.0
            case ast.List(elts=[_, _, *_] as elts, ctx=ast.Load()) | ast.Tuple(elts=[_, _, *_] as elts, ctx=ast.Load()):
                items, weight = list(elts), 0.3
            case _:
                continue
        if len(items) > _DROPPED:
            continue
        spans = [program.span(item) for item in items]
        for number, (start, end) in enumerate(spans):
            last = number == len(spans) - 1
            edit = Edit(spans[number - 1][1], end, "") if last else Edit(start, spans[number + 1][0], "")
            note = f"drop `{program.text[start:end]}` in line {node.lineno}"
            yield Change((edit,), node.lineno, note, weight if last else 0.5 * weight)
