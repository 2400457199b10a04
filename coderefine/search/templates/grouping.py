"""The grouping of operands: `f - 32 * 5` to `(f - 32) * 5` and back, `not a and b` to `not (a and b)`."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit, Edits, apply, one_line
from coderefine.search.facts.grouped import bracket_of, operands_of, reading, starts_chain
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_LONGEST = 6
"""The most operands of a chain that is regrouped: the number of ways grows with the square."""
_FEWER = 0.5
"""The weight of removing brackets, relative to adding them."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.BinOp() | ast.BoolOp() if starts_chain(program, node):
                yield from _regrouped(program, node)
            case ast.IfExp(body=ast.BinOp() as sum_, test=test):
                yield from _bracketed(program, node, (program.span(sum_.right)[0], program.span(node)[1]), test)
            case _:
                pass
        match node:
            case ast.BoolOp(values=[ast.UnaryOp(op=ast.Not(), operand=first), *_]):
                start, end = bracket_of(program, first)[0], program.span(node)[1]
                yield from _bracketed(program, node, (start, end), first)
            case ast.IfExp(orelse=ast.BinOp() as sum_, test=test):
                yield from _bracketed(program, node, (program.span(node)[0], bracket_of(program, sum_.left)[1]), test)
            case _:
                pass


def _regrouped(program: Program, chain: ast.BinOp | ast.BoolOp) -> Iterator[Change]:
    """Yield the chain with brackets around some neighbours, and without those around an operand."""
    operands = operands_of(program, chain)
    places = [bracket_of(program, operand) for operand in operands[: _LONGEST + 1]]
    if len(operands) <= _LONGEST:
        for (start, _), (_, end) in itertools.combinations(places, 2):
            if (start, end) != (places[0][0], places[-1][1]):
                yield from _bracketed(program, chain, (start, end), chain)
    for operand, (start, end) in zip(operands, places, strict=False):
        inner, after = program.span(operand)
        if isinstance(operand, ast.BinOp | ast.BoolOp | ast.IfExp) and start < inner:
            yield from _changed(program, chain, (Edit(start, inner, ""), Edit(after, end, "")), chain, _FEWER)


def _bracketed(program: Program, whole: ast.expr, span: tuple[int, int], at: ast.expr) -> Iterator[Change]:
    start, end = span
    yield from _changed(program, whole, (Edit(start, start, "("), Edit(end, end, ")")), at, 1.0)


def _changed(program: Program, whole: ast.expr, edits: Edits, at: ast.expr, weight: float) -> Iterator[Change]:
    """Yield the change, if the new text parses and has another meaning."""
    start, end = program.span(whole)
    before = program.text[start:end]
    after = apply(before, [Edit(edit.start - start, edit.end - start, edit.text) for edit in edits])
    if (found := reading(after)) and found != reading(before):
        note = f"`{one_line(before)}` to `{one_line(after)}` in line {at.lineno}"
        yield Change(edits, at.lineno, note, weight)
