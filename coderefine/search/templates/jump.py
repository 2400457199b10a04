"""`break` to `continue` and back; `pass` in place of one of them; `if` to `while` or `elif`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import Block, blocks_of
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Break():
                yield from (program.rewrite(node, text) for text in ("continue", "pass"))
            case ast.Continue():
                yield from (program.rewrite(node, text) for text in ("break", "pass"))
            case ast.Pass():
                yield from (program.rewrite(node, text, 0.3) for text in ("continue", "break"))
            case ast.If() if program.segment(node).startswith("elif"):
                start = program.span(node)[0]
                yield program.change(node, Edit(start, start + 2, ""))
            case ast.If():
                start = program.span(node)[0]
                if not node.orelse:
                    yield program.change(node, Edit(start, start + 2, "while"), 0.6)
                if _follows_if(program, node):
                    yield program.change(node, Edit(start, start, "el"), 1.5)
            case ast.While():
                start = program.span(node)[0]
                yield program.change(node, Edit(start, start + 5, "if"), 0.3)
            case _:
                pass


def _follows_if(program: Program, node: ast.stmt) -> bool:
    block: Block = next((block for block in blocks_of(program.parents[node]) if node in block), [])
    at = block.index(node) if block else 0
    return at > 0 and isinstance(block[at - 1], ast.If) and stands_alone(program, node)
