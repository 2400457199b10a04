"""Templates that edit an expression. Each takes a program and yields every change of its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.program import Change, Located, Program
from coderefine.search.scope import uses

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str, tuple[tuple[str, float], ...]]] = {
    ast.Lt: ("<", "<", (("<=", 1.0), (">", 0.8), (">=", 0.5), ("==", 0.4), ("!=", 0.4))),
    ast.LtE: ("<=", "<=", (("<", 1.0), (">=", 0.8), (">", 0.5), ("==", 0.4))),
    ast.Gt: (">", ">", ((">=", 1.0), ("<", 0.8), ("<=", 0.5), ("==", 0.4), ("!=", 0.4))),
    ast.GtE: (">=", ">=", ((">", 1.0), ("<=", 0.8), ("<", 0.5), ("==", 0.4))),
    ast.Eq: ("==", "==", (("!=", 1.0), ("<=", 0.6), (">=", 0.6), ("<", 0.5), (">", 0.5))),
    ast.NotEq: ("!=", "!=", (("==", 1.0), ("<", 0.6), (">", 0.6))),
    ast.Is: ("is", r"\bis\b", (("is not", 1.0),)),
    ast.IsNot: ("is not", r"\bis\s+not\b", (("is", 1.0),)),
    ast.In: ("in", r"\bin\b", (("not in", 1.0),)),
    ast.NotIn: ("not in", r"\bnot\s+in\b", (("in", 1.0),)),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, tuple[tuple[str, float], ...]]] = {
    ast.Add: (r"\+", (("-", 1.0), ("*", 0.6), ("|", 0.2), ("%", 0.2))),
    ast.Sub: (r"-", (("+", 1.0), ("*", 0.4), ("//", 0.3))),
    ast.Mult: (r"\*", (("+", 0.8), ("//", 0.8), ("**", 0.5), ("-", 0.5), ("/", 0.4))),
    ast.Div: (r"/", (("//", 1.0), ("*", 0.9), ("%", 0.5))),
    ast.FloorDiv: (r"//", (("%", 0.9), ("*", 0.9), ("/", 0.8), ("-", 0.3))),
    ast.Mod: (r"%", (("//", 1.0), ("*", 0.5), ("-", 0.3))),
    ast.Pow: (r"\*\*", (("*", 1.0),)),
    ast.BitAnd: (r"&", (("|", 1.0), ("^", 0.9), ("-", 0.3))),
    ast.BitOr: (r"\|", (("&", 1.0), ("^", 0.9), ("-", 0.3))),
    ast.BitXor: (r"\^", (("|", 1.0), ("&", 1.0), ("**", 0.5))),
    ast.LShift: (r"<<", ((">>", 1.0),)),
    ast.RShift: (r">>", (("<<", 1.0),)),
}
_CALLEES: dict[str, tuple[str, ...]] = {
    "max": ("min", "sum"), "min": ("max",), "any": ("all",), "all": ("any",), "sum": ("max", "len"), "len": ("sum",),
    "bisect_left": ("bisect_right",), "bisect_right": ("bisect_left",), "bisect": ("bisect_left",),
    "floor": ("ceil",), "ceil": ("floor",), "ord": ("int",), "int": ("ord", "str"), "str": ("int", "chr"),
    "set": ("list",), "list": ("set", "sorted"), "sorted": ("list", "reversed"), "reversed": ("sorted",),
    "combinations": ("permutations",), "permutations": ("combinations",), "zip": ("product",),
}  # fmt: skip
_METHODS: dict[str, tuple[str, ...]] = {
    "append": ("extend", "appendleft", "add"), "extend": ("append",), "appendleft": ("append",),
    "pop": ("popleft",), "popleft": ("pop",), "left": ("right",), "right": ("left",),
    "add": ("remove", "append"), "remove": ("add", "discard"), "lower": ("upper",), "upper": ("lower",),
    "find": ("rfind", "index"), "rfind": ("find",), "keys": ("values", "items"), "values": ("keys", "items"),
    "items": ("keys",), "lstrip": ("rstrip",), "rstrip": ("lstrip",), "union": ("intersection",),
    "intersection": ("union",), "startswith": ("endswith",), "endswith": ("startswith",), "val": ("next", "left"),
}  # fmt: skip
_VARIABLES = 20
"""How many variables to try in the place of one, the innermost scope's first."""
_TIGHT = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant)
_OPERANDS = (*_TIGHT, ast.BinOp, ast.UnaryOp)


def bound(program: Program) -> Iterator[Change]:
    """`n` to `n + 1` or `n - 1` where numbers count or index; `n - 1` to `n`."""
    for place, weight in _numeric_places(program):
        text = program.segment(place)
        match place:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
                yield program.rewrite(place, program.segment(left), weight)
            case ast.Constant() | ast.Slice() | ast.Starred():
                pass  # the template `constant` does constants
            case _:
                inner = text if isinstance(place, _OPERANDS) else f"({text})"
                yield program.rewrite(place, f"{inner} + 1", weight)
                yield program.rewrite(place, f"{inner} - 1", weight)


def _numeric_places(program: Program) -> Iterator[tuple[ast.expr, float]]:
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                yield from ((argument, 1.0) for argument in arguments)
            case ast.Call(args=arguments):
                yield from ((argument, 0.4) for argument in arguments)
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper)):
                yield from ((edge, 0.8) for edge in (lower, upper) if edge is not None)
            case ast.Subscript(slice=index):
                yield index, 0.8
            case ast.Compare(left=left, comparators=rest):
                yield from ((side, 0.7) for side in (left, *rest))
            case ast.Return(value=ast.expr() as value) | ast.Assign(value=value):
                yield value, 0.5
            case _:
                pass


def compare(program: Program) -> Iterator[Change]:
    """Another comparison operator."""
    for node in program.code:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, op, right in zip(sides, node.ops, node.comparators, strict=False):
                _, pattern, others = _COMPARISONS[type(op)]
                for text, weight in others:
                    if edit := program.between(left, right, pattern, text):
                        yield program.change(node, edit, weight)


def arithmetic(program: Program) -> Iterator[Change]:
    """Another arithmetic or bit operator; or one operand alone."""
    for node in program.code:
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            pattern, others = _ARITHMETIC[type(node.op)]
            for text, weight in others:
                if edit := program.between(node.left, node.right, pattern, text):
                    yield program.change(node, edit, weight)
            yield program.rewrite(node, program.segment(node.left), 0.5)
            yield program.rewrite(node, program.segment(node.right), 0.35)


def sign(program: Program) -> Iterator[Change]:
    """`-x` to `x` and back, `float("-inf")` to `float("inf")` and back."""
    for node in program.code:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                yield program.rewrite(node, program.segment(operand))
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(value))]):
                other = value[1:] if value.startswith("-") else f"-{value}"
                yield program.rewrite(node, f'float("{other}")')
            case ast.Name(id="inf", ctx=ast.Load()) | ast.Attribute(value=ast.Name(id="math"), attr="inf"):
                yield program.rewrite(node, f"-{program.segment(node)}")
            case ast.Subscript(slice=ast.Name() as index) | ast.keyword(value=ast.Name() as index):
                yield program.rewrite(index, f"-{index.id}", 0.4)
            case _:
                pass


def constant(program: Program) -> Iterator[Change]:
    """A number to its neighbours and to the usual first values; True to False and back; an empty container."""
    for node in program.code:
        match node:
            case ast.Constant(value=bool(value)):
                yield program.rewrite(node, str(not value))
            case ast.Constant(value=int(value)):
                for other in dict.fromkeys((value + 1, value - 1, 0, 1, -1, 2)):
                    if other != value:
                        weight = (1.0 if abs(other - value) == 1 else 0.5) * (0.5 if abs(value) > 2 else 1.0)
                        yield program.rewrite(node, str(other), weight)
            case ast.Constant(value="0" | "1" as digit):
                yield program.rewrite(node, repr("1" if digit == "0" else "0"), 0.6)
            case ast.Constant(value=None):
                yield from (program.rewrite(node, text, 0.4) for text in ("0", "[]", "{}", "True", "False"))
            case ast.List(elts=[]) | ast.Dict(keys=[]):
                others = ("{}", "set()") if isinstance(node, ast.List) else ("[]", "set()")
                yield from (program.rewrite(node, text, 0.5) for text in others)
            case _:
                pass


def variable(program: Program) -> Iterator[Change]:
    """Another variable in scope."""
    code = set(program.code)
    for use in uses(program.tree):
        node = use.node
        parent = program.parents.get(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if called or node.id not in use.variables or node not in code:
            continue
        for name in use.variables[:_VARIABLES]:
            if name not in (node.id, "self", "_"):
                yield program.rewrite(node, name, 0.6 if node.id == "self" else 1.0)


def arguments(program: Program) -> Iterator[Change]:
    """Two neighbouring arguments, elements or operands in the other order; the last argument dropped."""
    for node in program.code:
        match node:
            case ast.Call(args=items):
                weight = 1.0
            case ast.Tuple(elts=items, ctx=ast.Load()) | ast.List(elts=items, ctx=ast.Load()):
                weight = 0.5
            case ast.BinOp(left=left, op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Mod(), right=right):
                items, weight = [left, right], 0.5
            case _:
                continue
        for first, second in pairwise(items):
            texts = program.segment(first), program.segment(second)
            if texts[0] != texts[1]:
                edits = program.replace(first, texts[1]), program.replace(second, texts[0])
                note = f"`{texts[0]}` and `{texts[1]}` swapped in line {node.lineno}"
                yield Change(edits, node.lineno, note, weight)
        if isinstance(node, ast.Call) and len(items) > 1:
            gap = program.between(items[-2], items[-1], r"[\s\S]*", "")
            if gap is not None:
                edits = gap, program.replace(items[-1], "")
                note = f"drop the argument `{program.segment(items[-1])}` in line {node.lineno}"
                yield Change(edits, node.lineno, note, 0.5)


def logic(program: Program) -> Iterator[Change]:
    """`and` to `or` and back; one operand less."""
    for node in program.code:
        if not isinstance(node, ast.BoolOp):
            continue
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in pairwise(node.values):
            if edit := program.between(left, right, rf"\b{old}\b", new):
                yield program.change(node, edit)
        if len(node.values) == 2:
            yield from (program.rewrite(node, program.segment(value), 0.5) for value in node.values)


def negate(program: Program) -> Iterator[Change]:
    """A condition or its opposite; a condition that always or never holds."""
    for node in program.code:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield program.rewrite(node, program.segment(operand))
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield program.rewrite(test, f"not ({program.segment(test)})", 0.6)
            case _:
                pass


def slices(program: Program) -> Iterator[Change]:
    """A slice with a bound less, or with its stop as the step; a reversal added."""
    for node in program.code:
        match node:
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=None) as piece):
                low = program.segment(lower) if lower else ""
                high = program.segment(upper) if upper else ""
                for text in (f"{low}:", f":{high}", f"{low}::{high}", f":{low}", f"{high}:"):
                    if text not in (":", "::", f"{low}:{high}"):
                        yield program.rewrite(piece, text)
            case ast.Return(value=ast.Name() | ast.Subscript() | ast.Call() as value):
                yield program.rewrite(value, f"{program.segment(value)}[::-1]", 0.5)
            case _:
                pass


def wrap(program: Program) -> Iterator[Change]:
    """A call around a value added (`sorted`, `abs`, `len`...) or removed."""
    for place in _values(program):
        text = program.segment(place)
        for function in ("sorted", "abs", "len", "list", "int", "str", "set"):
            yield program.rewrite(place, f"{function}({text})", 0.4)


def unwrap(program: Program) -> Iterator[Change]:
    """`f(x)` to `x`, `x[i]` to `x`, `x.y` to `x`."""
    for node in program.code:
        match node:
            case ast.Call(args=items) if items and not isinstance(program.parents.get(node), ast.Expr):
                yield from (program.rewrite(node, program.segment(item)) for item in items[:2])
            case ast.Subscript(value=value, ctx=ast.Load()):
                yield program.rewrite(node, program.segment(value))
            case ast.Attribute(value=value, ctx=ast.Load()):
                yield program.rewrite(node, program.segment(value), 0.5)
            case _:
                pass


def _values(program: Program) -> Iterator[Located]:
    for node in program.code:
        match node:
            case ast.Return(value=ast.expr() as value) | ast.For(iter=value) | ast.Assign(value=value):
                yield value
            case ast.Call(func=ast.Name() as function, args=[value]) if function.id not in ("range", "len"):
                yield value
            case _:
                pass


def method(program: Program) -> Iterator[Change]:
    """Another function, method or field of the same family; `pop()` to `pop(0)`; one link further."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id=name) as function) if name in _CALLEES:
                yield from (program.rewrite(function, other) for other in _CALLEES[name])
            case ast.Call(func=ast.Attribute(attr="pop") as function, args=[]):
                yield program.rewrite(node, f"{program.segment(function)}(0)")
            case ast.Call(func=ast.Attribute(attr="pop") as function, args=[ast.Constant()]):
                yield program.rewrite(node, f"{program.segment(function)}()")
            case ast.Attribute(value=value, attr=name) if name in _METHODS:
                yield from (program.rewrite(node, f"{program.segment(value)}.{other}") for other in _METHODS[name])
            case ast.Attribute(attr="next", ctx=ast.Load()):
                yield program.rewrite(node, f"{program.segment(node)}.next", 0.7)
            case _:
                pass
