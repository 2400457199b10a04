"""A value that is remembered and another that is returned, where one is meant: `d[k] = max(a, b); return min(a, b)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from coderefine.search.facts.blocks import all_blocks
from coderefine.search.facts.program import Change, Program

_ALIKE = 0.6


def memo(program: Program) -> Iterator[Change]:
    """The value of one put in the place of the other, where they are alike; the returned one is what tests saw."""
    for block in all_blocks(program):
        for first, second in pairwise(block):
            match first, second:
                case ast.Assign(targets=[ast.Subscript()], value=kept), ast.Return(value=ast.expr() as returned):
                    texts = program.segment(kept), program.segment(returned)
                    trivial = isinstance(kept, ast.Constant | ast.Name) or isinstance(returned, ast.Constant | ast.Name)
                    if not trivial and _ALIKE <= SequenceMatcher(None, *texts, autojunk=False).ratio() < 1.0:
                        yield program.rewrite(kept, texts[1])
                        yield program.rewrite(returned, texts[0], 0.9)
                case _:
                    pass
