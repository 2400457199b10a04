"""Two neighbouring statements exchanged, where one changes names that the other uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.facts.blocks import DEFINITIONS, blocks_of
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import stands_alone
from coderefine.search.given.evidence import Evidence

_WORD = re.compile(r"[A-Za-z_]\w*")
_JUMPS = frozenset({"return", "break", "continue"})


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        names = [_names(program, node) for node in block]
        for (first, used), (second, used_after) in pairwise(zip(block, names, strict=True)):
            movable = not isinstance(first, DEFINITIONS) and not isinstance(second, DEFINITIONS)
            if movable and used & used_after and stands_alone(program, first) and stands_alone(program, second):
                edits = (
                    program.replace(first, program.segment(second)),
                    program.replace(second, program.segment(first)),
                )
                simple = not list(blocks_of(first)) and not list(blocks_of(second))
                note = f"swap the statements in lines {first.lineno} and {second.lineno}"
                yield Change(edits, first.lineno, note, 1.0 if simple else 0.5)
                yield from _values_swapped(program, first, second)


def _values_swapped(program: Program, first: ast.stmt, second: ast.stmt) -> Iterator[Change]:
    match first, second:
        case ast.Assign(value=value), ast.Assign(value=other):
            edits = program.replace(value, program.segment(other)), program.replace(other, program.segment(value))
            note = f"swap the values of lines {first.lineno} and {second.lineno}"
            yield Change(edits, first.lineno, note, 0.5)
        case _:
            pass


def _names(program: Program, node: ast.stmt) -> set[str]:
    found = set(_WORD.findall(program.segment(node)))
    # A jump depends on everything.
    return found | _JUMPS if found & _JUMPS else found
