"""The first statement of a loop moved before it, or the statement before a loop moved into it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, line_span, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        for node in block:
            if isinstance(node, ast.For | ast.While) and len(node.body) > 1 and stands_alone(program, node.body[0]):
                first = node.body[0]
                start, end = line_span(program, first)
                at = program.starts[node.lineno - 1]
                text = f"{indentation(program, node)}{program.text[start:end].lstrip()}"
                note = f"move line {first.lineno} in front of the loop of line {node.lineno}"
                if isinstance(first, ast.Assign):
                    yield Change((Edit(at, at, text), Edit(start, end, "")), first.lineno, note)
        for before, node in pairwise(block):
            if not isinstance(node, ast.For | ast.While) or not isinstance(before, ast.Assign):
                continue
            if stands_alone(program, before) and stands_alone(program, node.body[0]):
                start, end = line_span(program, before)
                at = program.starts[node.body[0].lineno - 1]
                text = f"{indentation(program, node.body[0])}{program.text[start:end].lstrip()}"
                note = f"move line {before.lineno} into the loop of line {node.lineno}"
                yield Change((Edit(start, end, ""), Edit(at, at, text)), before.lineno, note)
