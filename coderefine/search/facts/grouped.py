"""Chains of operators as they are written, and the brackets in them."""

from __future__ import annotations

import ast

from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import parse

Chain = ast.BinOp | ast.BoolOp


def starts_chain(program: Program, node: Chain) -> bool:
    """Return whether no larger chain continues this one without brackets."""
    parent = program.parents.get(node)
    return type(parent) is not type(node) or bracket_of(program, node) != program.span(node)


def operands_of(program: Program, node: Chain) -> list[ast.expr]:
    """Return the operands of a chain in the order of the text; an expression in brackets is one operand."""
    found: list[ast.expr] = []
    for part in (node.left, node.right) if isinstance(node, ast.BinOp) else node.values:
        goes_on = type(part) is type(node) and bracket_of(program, part) == program.span(part)
        found += operands_of(program, part) if goes_on and isinstance(part, Chain) else [part]
    return found


def bracket_of(program: Program, node: ast.expr) -> tuple[int, int]:
    """Return the span of an operand, with the brackets that enclose it alone."""
    start, end = program.span(node)
    text = program.text
    while True:
        before, after = start - 1, end
        while before >= 0 and text[before].isspace():
            before -= 1
        while after < len(text) and text[after].isspace():
            after += 1
        if not (before >= 0 and after < len(text) and text[before] == "(" and text[after] == ")"):
            return start, end
        if before and (text[before - 1].isalnum() or text[before - 1] in "_)]\"'"):
            return start, end  # a call, whose brackets belong to it
        start, end = before, after + 1


def reading(text: str) -> str:
    """Return a form of an expression that is equal for equal meanings; "" where it does not parse."""
    tree = parse(f"({text}\n)")
    return "" if isinstance(tree, SyntaxError) else ast.dump(tree)
