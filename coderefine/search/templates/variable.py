"""Another variable in scope: of the same kind, more likely the more similar its name or use is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.kinds import Kind
from coderefine.search.facts.program import Program
from coderefine.search.facts.substitutes import substitutes
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    code = set(program.code)
    known = program.kinds
    unread = _unread(program)
    ranked: dict[tuple[str, tuple[str, ...], Kind | None], list[tuple[str, float]]] = {}
    for use in program.uses:
        node = use.node
        if program.call_of(node) or node.id not in use.variables or node not in code or isinstance(node.ctx, ast.Store):
            continue
        place = (node.id, use.variables, program.demanded(node) or known.get(node.id))
        if place not in ranked:
            ranked[place] = substitutes(*place, known, unread)
        start, end = program.span(node)
        for name, weight in ranked[place]:
            note = f"`{node.id}` to `{name}` in line {node.lineno}"
            yield Change((Edit(start, end, name),), node.lineno, note, weight)


def _unread(program: Program) -> set[str]:
    """Return the names that are bound and never used."""
    parameters = {node.arg for node in program.code if isinstance(node, ast.arg)}
    return {*program.stored, *parameters} - {*program.loaded}
