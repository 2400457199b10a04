"""A value that is stored while another one is returned, where one is meant: `d[k] = max(a, b); return min(a, b)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_ALIKE = 0.6


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
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
