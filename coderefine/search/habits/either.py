"""`x == "a" or "b"`, where `x == "a" or x == "b"` is meant: a constant is no condition."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, ast.BoolOp):
            continue
        compared = next((value for value in node.values if isinstance(value, ast.Compare)), None)
        if compared is None or not any(isinstance(value, ast.Constant) for value in node.values):
            continue
        start = program.span(compared)[0]
        head = program.text[start : program.span(compared.comparators[-1])[0]]  # with the operator
        parts = [
            head + program.segment(it) if isinstance(it, ast.Constant) else program.segment(it) for it in node.values
        ]
        words = ("and", "or") if isinstance(compared.ops[-1], ast.NotEq | ast.NotIn) else ("or", "and")
        for word, weight in zip(words, (1.0, 0.4), strict=True):
            yield program.rewrite(node, f" {word} ".join(parts), weight)
