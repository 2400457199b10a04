"""Binds an unbound name, where its function binds one that is not read, binds twice, or hides a builtin."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import similarity
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED, Use
from coderefine.search.given.evidence import Evidence

_MISSPELT = 0.6
"""The least similarity of a name and the one that may be meant."""

"""The least likeness of two names if one is to stand for the other."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for uses in program.unbound_code.values():
        yield from _rebound(program, uses[0])


def _rebound(program: Program, found: Use) -> Iterator[Change]:
    name = found.node.id
    read = {use.node.id for use in program.uses}
    taken = BUILTINS | PREDEFINED | set(found.definitions)
    for node in ast.walk(program.definition_around(found.node)):
        match node:
            case ast.Name(id=other, ctx=ast.Store()) | ast.arg(arg=other):
                alike = similarity(name, other)
                again = other in read - taken and other != "self"
                if other == name or (again and (program.stored[other] == 1 or alike > _MISSPELT)):
                    continue
                if isinstance(node, ast.arg) and (again or other == "self"):
                    continue
                start, _ = program.span(node)
                # Of two very similar names either repair has the same effect, and the one that is read is misspelt as
                # often.
                odd = other in ("_", "self") or other in taken
                weight = 2.3 if odd else 0.9 + alike if alike > _MISSPELT else 1.1 if again else 1.5
                weight *= 0.5 if isinstance(node, ast.arg) or isinstance(found.node.ctx, ast.Store) else 1.0
                note = f"`{other}` to `{name}` where it is assigned in line {node.lineno}"
                yield Change((Edit(start, start + len(other), name),), node.lineno, note, weight)
            case _:
                pass
