"""A forgotten `else`: within the block of an `if`, or before the statements after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import DEFINITIONS
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, shifted, stands_alone
from coderefine.search.given.evidence import Evidence

_RUN = 4
"""The most statements to move at once."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        for at, node in enumerate(block):
            if (
                not isinstance(node, ast.If)
                or node.orelse
                or not all(stands_alone(program, inner) for inner in node.body)
            ):
                continue
            indent_ = indentation(program, node)
            for inner in node.body[1:]:
                start = program.starts[inner.lineno - 1]
                note = f"`else` before line {inner.lineno}"
                yield Change((Edit(start, start, f"{indent_}else:\n"),), inner.lineno, note)
            step = indentation(program, node.body[0])
            for size in range(1, min(_RUN, len(block) - at - 1) + 1):
                run = block[at + 1 : at + 1 + size]
                if isinstance(run[-1], DEFINITIONS) or not all(stands_alone(program, inner) for inner in run):
                    break
                start = program.starts[run[0].lineno - 1]
                moved = shifted(program, run, step)
                first = Edit(moved[0].start, moved[0].end, f"{indent_}else:\n{step}")
                rest = len(block) - at - 1 - size
                note = f"`else` before line {run[0].lineno}"
                yield Change((first, *moved[1:]), run[0].lineno, note, 1.0 if not rest or size == 1 else 0.4)
