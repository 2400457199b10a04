"""A missing loop over `roads` around statements that use an unbound `road`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import DEFINITIONS
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import Use
from coderefine.search.facts.statements import indentation, shifted, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for name, uses in program.unbound_code.items():
        yield from _looped(program, name, uses)


def _looped(program: Program, name: str, found: tuple[Use, ...]) -> Iterator[Change]:
    """Yield changes that put the statements using a name into a loop over the variable that contains it."""
    plural = [other for other in found[0].variables if other in (f"{name}s", f"{name}es", f"{name}_list")]
    for block in program.blocks if plural else ():
        using = [number for number, node in enumerate(block) if any(one.node in ast.walk(node) for one in found)]
        if not using or not isinstance(block[0], ast.stmt) or isinstance(block[using[0]], DEFINITIONS):
            continue
        run = block[using[0] : using[-1] + 1]
        if all(stands_alone(program, node) for node in run):
            indent = indentation(program, run[0])
            moved = shifted(program, run, indent + "    ")
            first = Edit(moved[0].start, moved[0].end, f"{indent}for {name} in {plural[0]}:\n{moved[0].text}")
            yield Change((first, *moved[1:]), run[0].lineno, f"loop over `{plural[0]}` in line {run[0].lineno}", 2.5)
