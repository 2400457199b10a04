"""Templates that edit operators. Each takes a program and yields every change of its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.facts.kinds import kind_of, kinds
from coderefine.search.facts.program import Change, Edit, Program

_Others = tuple[tuple[str, float], ...]
_COMPARISONS: dict[type[ast.cmpop], tuple[str, _Others]] = {
    ast.Lt: ("<", (("<=", 1.0), (">", 0.7), (">=", 0.3), ("==", 0.2), ("!=", 0.2))),
    ast.LtE: ("<=", (("<", 1.0), (">=", 0.7), (">", 0.4), ("==", 0.2), ("!=", 0.1))),
    ast.Gt: (">", ((">=", 1.0), ("<", 0.7), ("<=", 0.3), ("==", 0.2), ("!=", 0.2))),
    ast.GtE: (">=", ((">", 1.0), ("<=", 0.7), ("<", 0.4), ("==", 0.2), ("!=", 0.1))),
    ast.Eq: ("==", (("!=", 0.8), ("<=", 0.3), (">=", 0.3), ("<", 0.3), (">", 0.3), (" in ", 0.1))),
    ast.NotEq: ("!=", (("==", 1.0), ("<", 0.3), (">", 0.3), ("<=", 0.1), (">=", 0.1))),
    ast.Is: (r"\bis\b", (("is not", 0.5), ("==", 0.2))),
    ast.IsNot: (r"\bis\s+not\b", (("is", 0.5), ("!=", 0.2))),
    ast.In: (r"\bin\b", (("not in", 1.0), ("==", 0.1))),
    ast.NotIn: (r"\bnot\s+in\b", (("in", 1.0),)),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, _Others]] = {
    ast.Add: (r"\+", (("-", 1.0), ("*", 0.5), ("|", 0.1), ("^", 0.1), ("%", 0.1), ("//", 0.1))),
    ast.Sub: (r"-", (("+", 1.0), ("*", 0.3), ("//", 0.2), ("%", 0.1), ("^", 0.1))),
    ast.Mult: (r"\*", (("+", 0.8), ("//", 0.5), ("**", 0.4), ("-", 0.4), ("/", 0.3), ("%", 0.1))),
    ast.Div: (r"/", (("//", 2.0), ("*", 0.8), ("%", 0.4), ("+", 0.1), ("-", 0.1))),
    ast.FloorDiv: (r"//", (("%", 1.0), ("*", 0.6), ("/", 1.0), ("-", 0.2), ("+", 0.2))),
    ast.Mod: (r"%", (("//", 1.0), ("*", 0.4), ("/", 0.3), ("-", 0.2), ("+", 0.2))),
    ast.Pow: (r"\*\*", (("*", 1.0),)),
    ast.BitAnd: (r"&", (("|", 1.5), ("^", 1.0), ("-", 0.2))),
    ast.BitOr: (r"\|", (("&", 1.5), ("^", 1.0), ("-", 0.2))),
    ast.BitXor: (r"\^", (("|", 1.0), ("&", 1.0), ("**", 1.0), ("+", 0.5))),
    ast.LShift: (r"<<", ((">>", 1.5),)),
    ast.RShift: (r">>", (("<<", 1.5),)),
}
_SCALING = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_RANK = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.FloorDiv: 2, ast.Mod: 2}
"""How tightly an operator binds."""


def is_one(node: ast.expr) -> bool:
    """Whether an expression is the number 1."""
    return isinstance(node, ast.Constant) and node.value == 1


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def _is_never_negative(node: ast.expr) -> bool:
    """Whether an expression is a length or a remainder, of which it is idle to ask whether it is negative."""
    match node:
        case ast.BinOp(op=ast.Mod()) | ast.Call(func=ast.Name(id="len" | "abs")):
            return True
    return False


def compare(program: Program) -> Iterator[Change]:
    """Another comparison operator; one comparison less in a chain."""
    for node in program.code:
        if not isinstance(node, ast.Compare):
            continue
        for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            pattern, others = _COMPARISONS[type(op)]
            never_below = _is_zero(right) and _is_never_negative(left)
            for text, weight in others:
                idle = never_below and text in ("<", ">=")
                if edit := program.between(left, right, pattern, text):
                    yield program.change(node, edit, 0.1 * weight if idle else weight)
        if len(node.ops) > 1:
            start, end = program.span(node)
            yield program.change(node, Edit(start, program.span(node.comparators[0])[0], ""), 0.2)
            yield program.change(node, Edit(program.span(node.comparators[-2])[1], end, ""), 0.2)


def arithmetic(program: Program) -> Iterator[Change]:
    """Another arithmetic or bit operator."""
    known = kinds(program)
    for node in program.code:
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            pattern, others = _ARITHMETIC[type(node.op)]
            lists = isinstance(node.op, ast.Add) and kind_of(node, known) == "sequence"
            both = not lists and kind_of(node.left, known) == kind_of(node.right, known) == "sequence"
            for text, weight in others:
                # To multiply or divide by one is to do nothing.
                idle = text in ("+", "-") and isinstance(node.op, _SCALING) and is_one(node.right)
                if edit := program.between(node.left, node.right, pattern, text):
                    likely = idle or (both and text == "+")  # the only operator between two lists
                    yield program.change(node, edit, 2.0 if likely else 0.1 * weight if lists else weight)


def operand(program: Program) -> Iterator[Change]:
    """One operand alone; the operands grouped otherwise."""
    for node in program.code:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                small = isinstance(right, ast.Constant) or isinstance(op, ast.Add | ast.Sub)
                yield program.rewrite(node, program.segment(left), 1.0 if small else 0.5)
                yield program.rewrite(node, program.segment(right), 0.5)
                yield from _grouped(program, node)
            case _:
                pass


def _grouped(program: Program, node: ast.BinOp) -> Iterator[Change]:
    """`a + b * c` to `(a + b) * c` and back."""
    rank = _RANK.get(type(node.op), 0)
    for side, mirrored in ((node.left, False), (node.right, True)):
        if not isinstance(side, ast.BinOp) or not rank:
            continue
        start, end = program.span(node)
        inner = program.span(side)
        if _RANK.get(type(side.op), 0) > rank:
            # The outer operator takes the operand next to it.
            edges = (start, program.span(side.left)[1]) if mirrored else (program.span(side.right)[0], end)
            opening, closing = Edit(edges[0], edges[0], "("), Edit(edges[1], edges[1], ")")
            note = f"group `{program.text[edges[0] : edges[1]]}` in line {node.lineno}"
            yield Change((opening, closing), node.lineno, note, 0.2)
        elif 0 < _RANK.get(type(side.op), 0) < rank and program.text[inner[1] : inner[1] + 1] == ")":
            opening, closing = Edit(inner[0] - 1, inner[0], ""), Edit(inner[1], inner[1] + 1, "")
            if program.text[inner[0] - 1] == "(":
                note = f"no parentheses around `{program.segment(side)}` in line {node.lineno}"
                yield Change((opening, closing), node.lineno, note, 0.2)


def sign(program: Program) -> Iterator[Change]:
    """`-x` to `x` and back, `+x` and a lone `*x` to `-x`, `float("-inf")` to `float("inf")` and back."""
    for node in program.code:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=value):
                yield program.rewrite(node, program.segment(value))
            case ast.UnaryOp(op=ast.UAdd(), operand=value):
                yield program.rewrite(node, f"-{program.segment(value)}", 2.0)
            case (
                ast.Return(value=ast.Starred(value=value) as starred)
                | ast.Assign(value=ast.Starred(value=value) as starred)
            ):
                yield program.rewrite(starred, f"-{program.segment(value)}", 2.0)
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(value))]):
                other = value[1:] if value.startswith("-") else f"-{value}"
                yield program.rewrite(node, f'float("{other}")')
            case ast.Name(id="inf", ctx=ast.Load()) | ast.Attribute(value=ast.Name(id="math"), attr="inf"):
                yield program.rewrite(node, f"-{program.segment(node)}")
            case ast.Subscript(slice=ast.Name() as value) | ast.keyword(value=ast.Name() as value):
                yield program.rewrite(value, f"-{value.id}", 0.3)
            case ast.Return(value=ast.Name() | ast.Subscript() | ast.Call() as value):
                yield program.rewrite(value, f"-{program.segment(value)}", 0.1)
            case ast.Call(func=ast.Name(id="heappush"), args=[_, value]) | ast.Lambda(body=value):
                first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
                if not isinstance(first, ast.UnaryOp):
                    yield program.rewrite(first, f"-{program.segment(first)}", 0.5)
            case ast.Starred(value=ast.Name() as value, ctx=ast.Load()) if isinstance(program.parents[node], ast.Call):
                yield program.rewrite(node, f"-{value.id}", 2.0 if value.id == "inf" else 0.3)
            case _:
                pass


def logic(program: Program) -> Iterator[Change]:
    """`and` to `or` and back; one operand less."""
    for node in program.code:
        if not isinstance(node, ast.BoolOp):
            continue
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in pairwise(node.values):
            if edit := program.between(left, right, rf"\b{old}\b", new):
                yield program.change(node, edit)
        # A bracket around an operand is not part of its span: whole gaps between operands would lose one half of it.
        if len(node.values) == 2:
            yield from (program.rewrite(node, program.segment(value), 0.5) for value in node.values)
        else:
            for left, value in pairwise(node.values):
                if edit := program.between(left, value, rf"\s*\b{old}\b\s*$", ""):
                    yield program.change(node, Edit(edit.start, program.span(value)[1], ""), 0.5)


def negate(program: Program) -> Iterator[Change]:
    """A condition or its opposite."""
    for node in program.code:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=value):
                yield program.rewrite(node, program.segment(value))
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                # The template `compare` turns a comparison around.
                if not isinstance(test, ast.Compare | ast.UnaryOp):
                    yield program.rewrite(test, f"not ({program.segment(test)})", 0.5)
            case _:
                pass
