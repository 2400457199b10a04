"""A value of the wrong type, according to the error message: `row["amount"]` for a number, a list as a key."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_Places = Callable[[ast.AST], list[ast.expr]]


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind, in the lines that crashed."""
    for message, line in dict.fromkeys(_crashes(evidence)):
        for pattern, places, forms in _RULES:
            if not re.search(pattern, message):
                continue
            for node in program.code:
                if isinstance(node, ast.expr | ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
                    for place in places(node):
                        yield from _converted(program, place, forms)


def _crashes(evidence: Evidence) -> Iterator[tuple[str, int]]:
    for case in evidence.report.failures:
        if case.error is not None and case.error.line is not None:
            yield case.error.message, case.error.line


def _converted(program: Program, place: ast.expr, forms: tuple[str, ...]) -> Iterator[Change]:
    text = program.segment(place)
    for rank, form in enumerate(forms):
        is_so = isinstance(place, ast.Call) and isinstance(place.func, ast.Name) and form.startswith(place.func.id)
        if not is_so:
            yield program.rewrite(place, form.format(text), 2.0 - 0.2 * rank)


def _operands(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            return [it for it in (right, left) if not isinstance(it, ast.BinOp)]
        case ast.AugAssign(value=value):
            return [value]
        case _:
            return []


def _arguments(node: ast.AST) -> list[ast.expr]:
    return node.args if isinstance(node, ast.Call) else []


def _joined(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr="join"), args=[value]):
            return [value]
        case _:
            return []


def _indices(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=step)):
            return [it for it in (lower, upper, step) if it is not None]
        case ast.Subscript(slice=index):
            return [index]
        case _:
            return []


def _whole(node: ast.AST) -> list[ast.expr]:
    """Return the values whose contents are accessed: measured, indexed, searched or iterated over."""
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[value]) | ast.Subscript(value=value) | ast.For(iter=value):
            return [value]
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[value]):
            return [value]
        case _:
            return []


def _hashed(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr="add" | "get" | "setdefault" | "pop"), args=[value, *_]):
            return [value]
        case ast.Compare(left=value, ops=[ast.In() | ast.NotIn()]) | ast.Subscript(slice=value):
            return [value]
        case ast.Set(elts=values):
            return values
        case ast.Dict(keys=keys):
            return [key for key in keys if key is not None]
        case _:
            return []


_RULES: tuple[tuple[str, _Places, tuple[str, ...]], ...] = (
    (r"unsupported operand type\(s\) for .*'str'|can only concatenate str|instances of .*'str'|must be str, not",
     _operands, ("int({})", "float({})", "str({})")),
    (r"can't multiply sequence by non-int of type '(?:str|float)'", _operands, ("int({})", "float({})")),
    (r"expected str instance", _joined, ("map(str, {})",)),
    (r"'(?:str|float)' object cannot be interpreted as an integer", _arguments, ("int({})",)),
    (r"indices must be integers", _indices, ("int({})",)),
    (r"type 'int' has no len|'int' object is not (?:subscriptable|iterable)|type 'int' is not (?:a container|iterable)",
     _whole, ("str({})",)),
    (r"object of type '\w+' has no len|'\w+' object is not subscriptable", _whole, ("list({})",)),
    (r"unhashable type: 'list'", _hashed, ("tuple({})",)),
    (r"unhashable type: 'set'", _hashed, ("frozenset({})",)),
)  # fmt: skip
"""By error message: which values on the line to convert, and to what, likeliest first."""
