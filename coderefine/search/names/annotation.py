"""Annotations with an unbound name: Python evaluates them, but no test needs them."""

from __future__ import annotations

import ast
import typing
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import near
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import Use
from coderefine.search.given.evidence import Evidence

_TYPES = ("List", "Dict", "Set", "Tuple", "Optional", "TreeNode", "ListNode", "int", "str", "bool", "float",
          "list", "dict", "set", "tuple")  # fmt: skip
_MISSPELT = 0.7
"""The least similarity of an unknown name and a type."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for name, uses in program.unbound.items():
        if name not in program.unbound_code:
            yield from _annotated(program, uses)


def _annotated(program: Program, uses: tuple[Use, ...]) -> Iterator[Change]:
    """Yield annotations with a type that the unbound name contains or resembles, else no annotation at all."""
    known = sorted({*_TYPES, *typing.__all__, *(name for use in uses for name in use.definitions)})
    for use in uses:
        name = use.node.id
        contained = [kind for kind in (*_TYPES, *known) if len(kind) > 2 and kind.lower() in name.lower()]
        for kind in sorted(dict.fromkeys(contained), key=lambda kind: (kind not in name, -len(kind)))[:1]:
            yield program.rewrite(use.node, kind, 3.5)
        for kind, alike in near(name, known, 2):
            if alike > _MISSPELT:
                yield program.rewrite(use.node, kind, 2.5 + alike)
        yield from _without(program, use.node)


def _without(program: Program, node: ast.expr) -> Iterator[Change]:
    inner: ast.AST = node
    while isinstance(outer := program.parents[inner], ast.expr):
        inner = outer
    assert isinstance(inner, ast.expr)
    end = program.span(inner)[1]
    match outer:
        case ast.arg(arg=name):
            start = program.span(outer)[0] + len(name)
        case ast.AnnAssign(target=target, value=ast.expr()):
            start = program.span(target)[1]
        case ast.FunctionDef():
            start = program.text.rindex("->", 0, program.span(inner)[0])
        case _:
            return
    note = f"no annotation `{program.segment(inner)}` in line {inner.lineno}"
    yield Change((Edit(start, end, ""),), inner.lineno, note, 2.8)
