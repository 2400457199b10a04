"""What a `while` forgot to change: `i += 1`, `i -= 1` or `node = node.next` at its end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import changed, tested
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import inserted, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    known = program.kinds
    for node in program.code:
        if not isinstance(node, ast.While) or not stands_alone(program, node.body[-1]):
            continue
        touched = changed(node)
        factor = 1.0 if not tested(node) & touched else 0.3
        for name in sorted(tested(node) - touched):
            if known.get(name) == "node":
                yield inserted(program, node.body[-1], f"{name} = {name}.next", factor)
            elif known.get(name) == "number":
                yield inserted(program, node.body[-1], f"{name} += 1", factor)
                yield inserted(program, node.body[-1], f"{name} -= 1", factor)
