"""The initial value that the use of a variable suggests."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.program import Program

_EMPTY = {
    "append": "[]", "add": "set()", "appendleft": "deque()", "popleft": "deque()", "extend": "[]",
    "move_to_end": "OrderedDict()", "get": "{}", "items": "{}", "values": "{}", "setdefault": "{}",
}  # fmt: skip


def first_values(program: Program, node: ast.Name | ast.Attribute) -> Iterator[str]:
    """Yield the values that `node` may have been meant to begin with, likeliest first; none where no use tells."""
    parent = program.parents.get(node)
    match parent, program.parents.get(parent) if parent else None:
        case ast.Attribute(attr=attribute), ast.Call() if attribute in _EMPTY:
            yield _EMPTY[attribute]
        case ast.Subscript(value=value, ctx=ast.Store()), ast.AugAssign() if value is node:
            yield from ("defaultdict(int)", "{}")
        case ast.Subscript(value=value), ast.Attribute(attr="append" | "extend") if value is node:
            yield "defaultdict(list)"
        case ast.Subscript(value=value), ast.Attribute(attr="add") if value is node:
            yield "defaultdict(set)"
        case ast.Subscript(value=value, ctx=ast.Store()), _ if value is node:
            yield "{}"
        case ast.Compare(ops=[ast.In() | ast.NotIn()]), _:
            yield from ("set()", "{}")
        case ast.Call(func=ast.Name(id="max")), _:
            yield from ("0", "-inf")
        case ast.Call(func=ast.Name(id="min")), _:
            yield "inf"
        case ((ast.BinOp() | ast.AugAssign() | ast.Compare()), _):
            yield from ("0", "1")
        case _:
            pass
