"""`f(x)` to `x`, `x[i]` to `x` and to `i`, `x.y` to `x`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import BUILTINS, MODULES, PREDEFINED
from coderefine.search.given.evidence import Evidence

_MODULES = {module.__name__ for module in MODULES}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    known = BUILTINS | PREDEFINED
    for node in program.code:
        match node:
            case ast.Call(func=function, args=items) if items:
                if isinstance(program.parents.get(node), ast.Expr):
                    continue
                plain = isinstance(function, ast.Name) and function.id in known
                weight = 1.0 if len(items) == 1 else 0.4
                for item in items[:2]:
                    yield program.rewrite(node, program.segment(item), weight if plain else 0.4 * weight)
            case ast.Call(func=ast.Attribute(value=value)):
                yield program.rewrite(node, program.segment(value), 0.4)
            case ast.Subscript(value=value, slice=index, ctx=ast.Load()):
                yield program.rewrite(node, program.segment(value), 1.0)
                if isinstance(index, ast.Name):
                    yield program.rewrite(node, index.id, 0.6)
            case ast.Attribute(value=value, ctx=ast.Load()):
                module = isinstance(value, ast.Name) and value.id in _MODULES
                if not isinstance(program.parents.get(node), ast.Call) and not module:
                    yield program.rewrite(node, program.segment(value), 0.4)
            case _:
                pass
