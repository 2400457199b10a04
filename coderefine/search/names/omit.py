"""Removes the statement, the call or the argument that contains an unbound name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import similarity
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import Use
from coderefine.search.facts.statements import removal
from coderefine.search.given.evidence import Evidence
from coderefine.search.names.meant import meant

_KEYWORDS = ("break", "continue", "pass", "return")


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for uses in program.unbound_code.values():
        yield from _omitted(program, uses[0])


def _omitted(program: Program, use: Use) -> Iterator[Change]:
    parent = program.parents.get(use.node)
    if isinstance(parent, ast.Expr):  # such as beak
        yield from (program.rewrite(parent, word, 2.0 + similarity(use.node.id, word)) for word in _KEYWORDS)
    statement = parent
    while statement is not None and not isinstance(statement, ast.stmt):
        statement = program.parents.get(statement)
    if isinstance(statement, ast.Expr):  # such as console.log(...)
        yield removal(program, statement, 1.7)
    if call := program.call_of(use.node):
        yield from meant(program, call, use.node.id)
        return
    match parent:
        case ast.Call(args=[*_, before, last]) if last is use.node:
            yield program.change(parent, Edit(program.span(before)[1], program.span(last)[1], ""), 1.4)
        case ast.Tuple(elts=[before, last]) if last is use.node:
            yield program.rewrite(parent, program.segment(before), 1.4)
        case ast.BinOp(left=left, right=right):
            yield program.rewrite(parent, program.segment(left if right is use.node else right), 1.2)
        case _:
            pass
