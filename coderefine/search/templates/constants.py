"""Templates that edit numbers and other constants. Each takes a program and yields every change of its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import function_of
from coderefine.search.facts.kinds import kind_of, kinds
from coderefine.search.facts.program import Change, Program

_INFINITE = ('float("inf")', 'float("-inf")')
_CONTAINERS = ("[]", "{}", "set()", '""', "0", "None")
_CONSTANTS = 6
"""How many of the program's other constants to try in the place of one."""
_OPERANDS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.BinOp, ast.UnaryOp)


def bound(program: Program) -> Iterator[Change]:
    """`n` to `n + 1` or `n - 1` where numbers count or index; `n - 1` to `n` and to `n - 2`."""
    known = kinds(program)
    for place, up, down in _places(program):
        text = program.segment(place)
        match place:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
                yield program.rewrite(place, program.segment(left), 1.5 * max(up, down))
            case ast.Constant() | ast.Slice() | ast.Starred() | ast.Compare() | ast.BoolOp() | ast.Lambda():
                pass  # the template `constant` does constants
            case ast.UnaryOp(operand=ast.Constant()) | ast.Await() | ast.NamedExpr():
                pass
            case _ if kind_of(place, known) in (None, "number"):
                inner = text if isinstance(place, _OPERANDS) else f"({text})"
                form = "({} {} 1)" if isinstance(program.parents.get(place), ast.BinOp) else "{} {} 1"
                yield program.rewrite(place, form.format(inner, "+"), up)
                yield program.rewrite(place, form.format(inner, "-"), down)
            case _:
                pass


def _places(program: Program) -> Iterator[tuple[ast.expr, float, float]]:
    """Where numbers count or index, with the weights of one more and one less."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                yield from ((argument, 1.0, 0.8) for argument in arguments)
            case ast.Call(func=ast.Name(id="len" | "sorted" | "set" | "list" | "enumerate" | "Counter" | "zip")):
                pass
            case ast.Call(args=arguments):
                yield from ((argument, 0.3, 0.3) for argument in arguments)
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper)):
                yield from ((edge, 0.8, 0.6) for edge in (lower, upper) if edge is not None)
            case ast.Subscript(slice=index):
                yield index, 0.7, 0.7
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
                yield left, 0.4, 0.4
            case ast.Compare(left=left, ops=[op], comparators=[right]) if not isinstance(op, ast.Is | ast.IsNot):
                yield left, 0.4, 0.4
                yield right, 0.4, 0.6
            case ast.Return(value=ast.expr() as value) | ast.Assign(value=value):
                values = value.elts if isinstance(value, ast.Tuple) else [value]
                yield from ((one, 0.5, 0.4) for one in values)
            case ast.AugAssign(value=value):
                yield value, 0.5, 0.4
            case ast.IfExp(body=body, orelse=orelse):
                yield from ((side, 0.2, 0.2) for side in (body, orelse))
            case ast.BinOp(left=ast.List(), op=ast.Mult(), right=right):
                yield right, 1.0, 0.5
            case ast.BinOp(left=left, op=ast.Mult() | ast.FloorDiv(), right=right):
                yield from ((side, 0.2, 0.2) for side in (left, right))
            case _:
                pass


def constant(program: Program) -> Iterator[Change]:
    """A number to its neighbours, to the usual first values and to other numbers of the program; True to False.

    And `-1` or `0` for a variable that is the answer or a part of it.
    """
    numbers = dict.fromkeys(
        node.value for node in program.code if isinstance(node, ast.Constant) and type(node.value) is int
    )
    for node in program.code:
        match node:
            case ast.Constant(value=bool(value)):
                yield program.rewrite(node, str(not value), 1.2)
            case ast.Constant(value=int(value)) if not isinstance(program.parents[node], ast.UnaryOp):
                yield from _number(program, node, value, list(numbers))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
                for other, weight in ((0, 1.0), (1, 0.4), (-value - 1, 0.8), (-value + 1, 0.8)):
                    yield program.rewrite(node, str(other), weight)
            case ast.Call(func=ast.Attribute(attr="append"), args=[ast.Name() as place]):
                yield from (program.rewrite(place, text, weight) for text, weight in (("-1", 0.3), ("0", 0.2)))
            case ast.Return(value=ast.Name() as place):
                yield from (program.rewrite(place, text, weight) for text, weight in (("-1", 0.2), ("0", 0.1)))
            case ast.Constant(value=None) if not isinstance(program.parents[node], ast.Compare):
                yield from (program.rewrite(node, text, 0.3) for text in ("0", "[]", "{}", "True", "False"))
            case _:
                pass


def _number(program: Program, node: ast.Constant, value: int, others: list[int]) -> Iterator[Change]:
    small = abs(value) <= 2
    weights = {value + 1: 1.0 if small else 0.6, value - 1: 1.0 if small else 0.6}
    for usual in (0, 1, -1, 2):
        weights.setdefault(usual, 0.4 if small else 0.2)
    for other in others[:_CONSTANTS]:
        weights.setdefault(other, 0.15)
    for other, weight in weights.items():
        if other != value:
            yield program.rewrite(node, str(other), weight)


def initial(program: Program) -> Iterator[Change]:
    """Another first value: infinities for numbers, another container for one that is empty."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=int(value)) as first):
                if not isinstance(value, bool):
                    yield from (program.rewrite(first, text, 0.5) for text in _INFINITE)
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str())]):
                yield from (program.rewrite(node, text, 0.5) for text in ("0", "-1"))
            case ast.List(elts=[], ctx=ast.Load()) | ast.Dict(keys=[]) | ast.Constant(value=""):
                text = program.segment(node)
                yield from (program.rewrite(node, other, 0.4) for other in _CONTAINERS if other != text)
            case ast.Call(func=ast.Name(id="set" | "dict" | "list"), args=[], keywords=[]):
                yield from (program.rewrite(node, other, 0.4) for other in ("[]", "{}", "set()"))
            case ast.Call(func=ast.Name(id="defaultdict"), args=[ast.Name(id=name) as factory]):
                others = ("int", "list", "set")
                yield from (program.rewrite(factory, other, 1.0) for other in others if other != name)
            case _:
                pass


def text(program: Program) -> Iterator[Change]:
    """A string that should be what it says, such as `"inf"`; another string of the program."""
    strings = dict.fromkeys(
        node.value for node in program.code if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    names = {node.id for node in program.code if isinstance(node, ast.Name)}
    for node in program.code:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or _idle(program, node):
            continue
        value = node.value
        if value in ("inf", "-inf") and not isinstance(program.parents[node], ast.Call):
            yield program.rewrite(node, f'float("{value}")', 8.0)
        if value in names or value in ("True", "False", "None") or value[:1] in tuple("[{("):
            yield program.rewrite(node, value, 3.0)
        if isinstance(parent := program.parents[node], ast.Return) and _answers_yes_or_no(program, parent):
            yield from (program.rewrite(node, word, 2.0) for word in ("True", "False"))
        if value.lstrip("-").isdigit():
            yield program.rewrite(node, value, 0.5)
        alike = [other for other in strings if other != value and len(other) == len(value)]
        yield from (program.rewrite(node, repr(other), 0.5) for other in alike[:_CONSTANTS])
        if value in ("0", "1"):
            yield program.rewrite(node, repr("1" if value == "0" else "0"), 1.0)
        if value in ("", " "):
            yield program.rewrite(node, '" "' if not value else '""', 1.0)


def _answers_yes_or_no(program: Program, node: ast.Return) -> bool:
    """Whether all the other answers of a function are true or false."""
    function = function_of(program, node)
    others = [other.value for other in ast.walk(function) if isinstance(other, ast.Return) and other is not node]
    return bool(others) and all(isinstance(it, ast.Constant) and isinstance(it.value, bool) for it in others)


def _idle(program: Program, node: ast.Constant) -> bool:
    """Whether `node` is a docstring or a part of a formatted string."""
    return isinstance(program.parents.get(node), ast.Expr | ast.JoinedStr | ast.FormattedValue)
