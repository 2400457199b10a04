"""`a in b == c in d`, which Python chains where two comparisons are meant: `(a in b) == (c in d)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, ast.Compare) or len(node.ops) < 2 or all(isinstance(op, _ORDERS) for op in node.ops):
            continue
        operands = [node.left, *node.comparators]
        spans = [program.span(operand) for operand in operands]
        (start, _end), (_start, end) = spans[0], spans[-1]
        for at, op in enumerate(node.ops):
            # The operator at `at` joins the parts on its left and right.
            left = program.text[start : spans[at][1]]
            right = program.text[spans[at + 1][0] : end]
            joint = program.text[spans[at][1] : spans[at + 1][0]]
            left = f"({left})" if at else left
            right = f"({right})" if at < len(node.ops) - 1 else right
            yield program.rewrite(node, f"{left}{joint}{right}", 1.0 if isinstance(op, ast.Eq | ast.NotEq) else 0.6)
