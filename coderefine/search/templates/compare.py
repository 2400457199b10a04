"""Another comparison operator; one comparison fewer in a chain."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import is_constant
from coderefine.search.given.evidence import Evidence

_Others = tuple[tuple[str, float], ...]
_COMPARISONS: dict[type[ast.cmpop], tuple[str, _Others]] = {
    ast.Lt: ("<", (("<=", 1.0), (">", 0.7), (">=", 0.3), ("==", 0.2), ("!=", 0.2))),
    ast.LtE: ("<=", (("<", 1.0), (">=", 0.7), (">", 0.4), ("==", 0.2), ("!=", 0.1))),
    ast.Gt: (">", ((">=", 1.0), ("<", 0.7), ("<=", 0.3), ("==", 0.2), ("!=", 0.2))),
    ast.GtE: (">=", ((">", 1.0), ("<=", 0.7), ("<", 0.4), ("==", 0.2), ("!=", 0.1))),
    ast.Eq: ("==", (("!=", 0.8), ("<=", 0.3), (">=", 0.3), ("<", 0.3), (">", 0.3), (" in ", 0.1))),
    ast.NotEq: ("!=", (("==", 1.0), ("<", 0.3), (">", 0.3), ("<=", 0.1), (">=", 0.1))),
    ast.Is: (r"\bis\b", (("is not", 0.5), ("==", 0.2))),
    ast.IsNot: (r"\bis\s+not\b", (("is", 0.5), ("!=", 0.2))),
    ast.In: (r"\bin\b", (("not in", 1.0), ("==", 0.1))),
    ast.NotIn: (r"\bnot\s+in\b", (("in", 1.0),)),
}


def _is_never_negative(node: ast.expr) -> bool:
    """Whether an expression is a length or a remainder, which is never negative."""
    match node:
        case ast.BinOp(op=ast.Mod()) | ast.Call(func=ast.Name(id="len" | "abs")):
            return True
    return False


_ENDS = frozenset("azAZ09")
"""Texts that are compared by order on purpose."""
_OF_TEXTS = 0.2


def _is_word(node: ast.expr) -> bool:
    """Whether an expression is a text that is hardly meant to be compared by order."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in _ENDS


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, ast.Compare):
            continue
        for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            pattern, others = _COMPARISONS[type(op)]
            never_below = is_constant(right, 0) and _is_never_negative(left)
            has_word = _is_word(left) or _is_word(right)
            for text, weight in others:
                idle = never_below and text in ("<", ">=")
                if edit := program.between(left, right, pattern, text):
                    unlikely = 0.1 if idle else _OF_TEXTS if has_word and text in ("<", "<=", ">", ">=") else 1.0
                    yield program.change(node, edit, unlikely * weight)
        if len(node.ops) > 1:
            start, end = program.span(node)
            yield program.change(node, Edit(start, program.span(node.comparators[0])[0], ""), 0.2)
            yield program.change(node, Edit(program.span(node.comparators[-2])[1], end, ""), 0.2)
