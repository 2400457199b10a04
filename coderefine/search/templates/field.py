"""Another attribute that the program assigns."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import paired
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_TRIED = 8
"""How many attributes to try in place of one, the likeliest first."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    stored = dict.fromkeys(
        node.attr for node in program.code if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    )
    for node in program.code:
        if isinstance(node, ast.Attribute) and node.attr in stored:
            end = program.span(node)[1]
            for name in [name for name in stored if name != node.attr][:_TRIED]:
                edit = Edit(end - len(node.attr), end, name)
                yield program.change(node, edit, 1.0 if paired(node.attr, name) else 0.3)
