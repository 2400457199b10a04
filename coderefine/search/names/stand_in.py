"""Replacements for an unbound name: a constant, the argument or index in a similar place, a neighbour."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import Use
from coderefine.search.given.evidence import Evidence

_PLAIN = (("0", 1.1), ("1", 1.05), ("None", 0.9), ("[]", 0.9))


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for uses in program.unbound_code.values():
        if len(uses) == 1:
            yield from _replaced(program, uses[0])


def _replaced(program: Program, use: Use) -> Iterator[Change]:
    parent = program.parents.get(use.node)
    texts: dict[str, None] = {}
    for node in program.code:
        match parent, node:
            case ast.Call(func=function, args=items), ast.Call(func=other, args=others) if node is not parent:
                if program.segment(function) == program.segment(other) and use.node in items[: len(others)]:
                    texts[program.segment(others[items.index(use.node)])] = None
            case ast.Subscript(value=value), ast.Subscript(value=other) if node is not parent:
                if program.segment(value) == program.segment(other) and use.node is not value:
                    texts[program.segment(node.slice)] = None
            case _:
                pass
    yield from (program.rewrite(use.node, text, 1.25) for text in _neighbours(program, use.node, parent))
    sides = {"left": "right", "right": "left"}
    for text in texts:
        mirrored = re.sub(r"\b(left|right)\b", lambda match: sides[match[0]], text)
        if mirrored != text:
            yield program.rewrite(use.node, mirrored, 1.6)
        yield program.rewrite(use.node, text, 1.3)
    if isinstance(use.node.ctx, ast.Load) and not program.call_of(use.node):
        yield from (program.rewrite(use.node, text, weight) for text, weight in _PLAIN)


def _neighbours(program: Program, node: ast.Name, parent: ast.AST | None) -> Iterator[str]:
    """Yield `a[i + 1]` and `a[i - 1]` for the operand or argument `a[i]`, and the reverse."""
    match parent:
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            others = [left, right]
        case ast.Call(args=others):
            pass
        case _:
            return
    for other in others:
        match other:
            case ast.Subscript(value=value, slice=ast.Name(id=index)):
                yield from (f"{program.segment(value)}[{index} {sign} 1]" for sign in "+-")
            case ast.Subscript(value=value, slice=ast.BinOp(left=index, op=ast.Add() | ast.Sub())):
                yield f"{program.segment(value)}[{program.segment(index)}]"
            case _:
                pass
