"""The last statements of a block moved out of it, or the statements after a block moved into it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import COMPOUND, DEFINITIONS, Block, blocks_of, last_blocks
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, shifted, stands_alone
from coderefine.search.given.evidence import Evidence

_RUN = 4
"""The most statements to move at once."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        for size in range(1, min(_RUN, len(block) - 1) + 1):
            run = block[-size:]
            if not all(stands_alone(program, node) for node in run):
                break
            for outer in _enclosing(program, run[-1]):
                note = f"move {_lines(run)} out of the block of line {outer.lineno}"
                weight = (1.5 if isinstance(run[-1], ast.Return) else 1.0) * 0.5 ** (size - 1)
                yield Change(shifted(program, run, indentation(program, outer)), run[0].lineno, note, weight)
        for at, first in enumerate(block[:-1]):
            for size in range(1, min(_RUN, len(block) - at - 1) + 1):
                run = block[at + 1 : at + 1 + size]
                if isinstance(run[-1], DEFINITIONS) or not all(stands_alone(program, node) for node in run):
                    break
                for inner in last_blocks(first):
                    if stands_alone(program, inner[-1]) and _follows(inner[-1], run[0]):
                        note = f"move {_lines(run)} into the block of line {inner[0].lineno}"
                        edits = shifted(program, run, indentation(program, inner[-1]))
                        yield Change(edits, run[0].lineno, note, 0.8 * 0.5 ** (size - 1))


def _follows(last: ast.stmt, node: ast.stmt) -> bool:
    return not isinstance(last, DEFINITIONS) and (last.end_lineno or 0) < node.lineno


def _enclosing(program: Program, node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the compound statements that end with `node`, up to its function."""
    child, parent = node, program.parents.get(node)
    while isinstance(parent, COMPOUND) and list(blocks_of(parent))[-1][-1] is child:
        yield parent
        child, parent = parent, program.parents.get(parent)


def _lines(run: Block) -> str:
    first, last = run[0].lineno, run[-1].end_lineno
    return f"line {first}" if first == last else f"lines {first} to {last}"
