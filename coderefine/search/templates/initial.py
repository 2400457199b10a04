"""Another initial value: infinities for numbers, another container for an empty one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_INFINITE = ('float("inf")', 'float("-inf")')
_CONTAINERS = ("[]", "{}", "set()", '""', "0", "None")


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=int(value)) as first):
                if not isinstance(value, bool):
                    yield from (program.rewrite(first, text, 0.5) for text in _INFINITE)
                    yield from _first_item(program, first, 0.4)  # an empty list has none
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str())]):
                yield from (program.rewrite(node, text, 0.5) for text in ("0", "-1"))
            case ast.List(elts=[], ctx=ast.Load()) | ast.Dict(keys=[]) | ast.Constant(value=""):
                text = program.segment(node)
                yield from (program.rewrite(node, other, 0.4) for other in _CONTAINERS if other != text)
                yield from _first_item(program, node, 2.0)
            case ast.Call(func=ast.Name(id="set" | "dict" | "list"), args=[], keywords=[]):
                yield from (program.rewrite(node, other, 0.4) for other in ("[]", "{}", "set()"))
            case ast.Call(func=ast.Name(id="defaultdict"), args=[ast.Name(id=name) as factory]):
                others = ("int", "list", "set")
                yield from (program.rewrite(factory, other, 1.0) for other in others if other != name)
            case _:
                pass


def _first_item(program: Program, value: ast.expr, weight: float) -> Iterator[Change]:
    """Yield the first of the items that a loop compares with a variable whose initial value is `value`."""
    begun = program.parents[value]
    match begun:
        case ast.Assign(targets=[ast.Name(id=name)]):
            block = next((block for block in program.blocks if begun in block), [])
            following = block[block.index(begun) + 1 :]
        case _:
            return
    for loop in following:
        match loop:
            case ast.For(target=ast.Name(id=item), iter=ast.Name(id=items)):
                pairs = (node for node in ast.walk(loop) if isinstance(node, ast.Compare | ast.Call))
                if any({name, item} <= {it.id for it in ast.walk(pair) if isinstance(it, ast.Name)} for pair in pairs):
                    yield program.rewrite(value, f"{items}[0]", weight)
            case _:
                pass
