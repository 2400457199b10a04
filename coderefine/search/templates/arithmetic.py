"""Another arithmetic or bit operator."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import is_constant
from coderefine.search.given.evidence import Evidence

_Others = tuple[tuple[str, float], ...]
_ARITHMETIC: dict[type[ast.operator], tuple[str, _Others]] = {
    ast.Add: (r"\+", (("-", 1.0), ("*", 0.5), ("|", 0.1), ("^", 0.1), ("%", 0.1), ("//", 0.1))),
    ast.Sub: (r"-", (("+", 1.0), ("*", 0.3), ("//", 0.2), ("%", 0.1), ("^", 0.1))),
    ast.Mult: (r"\*", (("+", 0.8), ("//", 0.5), ("**", 0.4), ("-", 0.4), ("/", 0.3), ("%", 0.1))),
    ast.Div: (r"/", (("//", 2.0), ("*", 0.8), ("%", 0.4), ("+", 0.1), ("-", 0.1))),
    ast.FloorDiv: (r"//", (("%", 1.0), ("*", 0.6), ("/", 1.0), ("-", 0.2), ("+", 0.2))),
    ast.Mod: (r"%", (("//", 1.0), ("*", 0.4), ("/", 0.3), ("-", 0.2), ("+", 0.2))),
    ast.Pow: (r"\*\*", (("*", 1.0),)),
    ast.BitAnd: (r"&", (("|", 1.5), ("^", 1.0), ("-", 0.2))),
    ast.BitOr: (r"\|", (("&", 1.5), ("^", 1.0), ("-", 0.2))),
    ast.BitXor: (r"\^", (("|", 1.0), ("&", 1.0), ("**", 1.0), ("+", 0.5))),
    ast.LShift: (r"<<", ((">>", 1.5),)),
    ast.RShift: (r">>", (("<<", 1.5),)),
}
_SCALING = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            pattern, others = _ARITHMETIC[type(node.op)]
            lists = isinstance(node.op, ast.Add) and program.kind_of(node) == "sequence"
            both = not lists and program.kind_of(node.left) == program.kind_of(node.right) == "sequence"
            for text, weight in others:
                # Multiplying or dividing by one has no effect.
                idle = text in ("+", "-") and isinstance(node.op, _SCALING) and is_constant(node.right, 1)
                if edit := program.between(node.left, node.right, pattern, text):
                    likely = idle or (both and text == "+")  # the only operator between two lists
                    yield program.change(node, edit, 2.0 if likely else 0.1 * weight if lists else weight)
