"""Two variables exchanged throughout a statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

from coderefine.search.facts.edits import Change
from coderefine.search.facts.likeness import paired
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_EXCHANGED = 8
"""The most names of a statement of which pairs are exchanged."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    known = program.kinds
    for node in program.code:
        if not isinstance(node, ast.For | ast.While | ast.If | ast.Assign | ast.Return | ast.Expr):
            continue
        places: dict[str, list[ast.Name]] = {}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                places.setdefault(inner.id, []).append(inner)
        names = [name for name in places if name != "self"][:_EXCHANGED]
        for first, second in combinations(names, 2):
            if known.get(first) != known.get(second) or len(places[first]) + len(places[second]) < 3:
                continue
            edits = [program.replace(place, second) for place in places[first]]
            edits += [program.replace(place, first) for place in places[second]]
            note = f"`{first}` and `{second}` exchanged in lines {node.lineno} to {node.end_lineno}"
            yield Change(tuple(edits), node.lineno, note, 1.0 if paired(first, second) else 0.2)
