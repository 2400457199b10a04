"""A block without the `if` or loop before it; an `else` removed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit, one_line
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, shifted, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, ast.If | ast.For | ast.While) or not all(
            stands_alone(program, inner) for inner in node.body
        ):
            continue
        keyword = program.text[program.span(node)[0] :][:4]
        if not node.orelse and keyword != "elif":
            header = Edit(program.starts[node.lineno - 1], program.starts[node.body[0].lineno - 1], "")
            edits = (header, *shifted(program, node.body, indentation(program, node)))
            note = f"no `{one_line(program.lines[node.lineno - 1])}` in line {node.lineno}"
            yield Change(edits, node.lineno, note, 1.0 if isinstance(node, ast.If) else 0.1)
        elif node.orelse and keyword != "elif" and all(stands_alone(program, inner) for inner in node.orelse):
            yield from _no_else(program, node)


def _no_else(program: Program, node: ast.If | ast.For | ast.While) -> Iterator[Change]:
    """Yield the change that moves the block under `else` after the statement."""
    first = node.orelse[0]
    between = range(node.body[-1].end_lineno or 1, first.lineno - 1)
    line = next((n for n in between if program.lines[n].lstrip().startswith("else")), None)
    if line is not None and len(node.orelse) >= 1:
        header = Edit(program.starts[line], program.starts[first.lineno - 1], "")
        edits = (header, *shifted(program, node.orelse, indentation(program, node)))
        yield Change(edits, line + 1, f"no `else` in line {line + 1}", 0.6)
