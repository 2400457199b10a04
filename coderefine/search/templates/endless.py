"""Loops that cannot end, because nothing in them changes what they test, or leaves: they count the wrong name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import LEAVES, changed, tested
from coderefine.search.facts.edits import Change, Edit, overlap
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_ONE = 0.8
"""The weight of repairing one loop, relative to that of repairing all loops at once."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield, for each endless loop, changes that make it count a name that it tests; all loops at once first."""
    found = [change for node in program.code if isinstance(node, ast.While) for change in _counted(program, node)]
    firsts = {change.line: change for change in reversed(found)}
    edits = tuple(edit for line in sorted(firsts) for edit in firsts[line].edits)
    if len(firsts) > 1 and not overlap(edits):
        notes = ", ".join(firsts[line].note for line in sorted(firsts))
        yield Change(edits, min(firsts), notes)
    yield from found


def _counted(program: Program, loop: ast.While) -> Iterator[Change]:
    if not _has_no_end(program, loop):
        return
    numbers = [name for name in sorted(tested(loop)) if program.kinds.get(name) == "number"]
    for node in ast.walk(loop):
        match node:
            case ast.AugAssign(target=ast.Name(id=counted) as target):
                for name in numbers:
                    note = f"count `{name}` and not `{counted}` in line {node.lineno}"
                    yield Change((Edit(*program.span(target), name),), loop.lineno, note, _ONE)


def _has_no_end(program: Program, loop: ast.While) -> bool:
    """Whether nothing can change what a loop tests: no assignment, no call on it or with it, no other function."""
    names = tested(loop)
    elsewhere = {name for node in program.code if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    for node in ast.walk(loop):
        match node:
            case ast.Call(func=ast.Name(id="len")):
                pass
            case ast.Call() if node in ast.walk(loop.test):
                return False
            case ast.Call(args=arguments) if any(isinstance(it, ast.Name) and it.id in names for it in arguments):
                return False
            case ast.Yield() | ast.YieldFrom() | ast.Await():
                return False
    leaves = any(isinstance(node, LEAVES) for statement in loop.body for node in ast.walk(statement))
    return bool(names) and not leaves and not names & (changed(loop) | elsewhere)
