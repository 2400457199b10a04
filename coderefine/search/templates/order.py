"""`reverse=True` added to a sort; its key negated."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id="sorted") | ast.Attribute(attr="sort"), keywords=keywords):
                if any(keyword.arg == "reverse" for keyword in keywords):
                    continue
                end = program.span(node)[1] - 1
                text = ", reverse=True" if node.args or keywords else "reverse=True"
                yield program.change(node, Edit(end, end, text))
            case _:
                pass
