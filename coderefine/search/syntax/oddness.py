"""How odd a line is that parses: decides between repairs of equal cost."""

from __future__ import annotations

import ast
import builtins
import re
from types import EllipsisType

_CALL = re.compile(r"\w[(\[].*[)\]]|^\w+ = ")
_CHOICE = re.compile(r"\bif\b.*\belse\b")
_MEASURES = ("len", "sum", "min", "max", "sorted", "set", "list", "range", "reversed", "enumerate")
_TYPES = ("list", "dict", "set", "tuple", "type", "frozenset")
_FUNCTIONS = frozenset(name for name in dir(builtins) if name.islower() and name not in _TYPES)
_CHAINED = ((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq,))
_SCALARS = ("int", "float", "str", "abs", "len", "ord", "chr", "range", "print")
_ARGUMENTS = {"len": (1, 1), "range": (1, 3), "enumerate": (1, 2), "ord": (1, 1), "chr": (1, 1), "abs": (1, 1)}


def oddness(line: ast.stmt | None) -> float:
    """Return the oddness of the nodes of `line`: 0 for usual ones, about 0.5 for one that is hardly ever meant."""
    if line is None:
        return 0.0
    return _statement(line) + sum(_expression(node) for node in ast.walk(line) if isinstance(node, ast.expr))


def _statement(line: ast.stmt) -> float:
    match line:
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom() | ast.Await()):
            return 0.0
        case ast.Expr(value=ast.Constant(value=str() | EllipsisType())):
            return 0.0
        case ast.Expr():
            return 0.5
        case ast.AnnAssign(value=None) | ast.AnnAssign(annotation=ast.Call() | ast.BinOp() | ast.Compare()):
            return 0.5
        case ast.Assign(targets=[_, _, *_], value=ast.Compare()):
            return 0.3
        case ast.While(test=ast.Constant(value=value)) | ast.If(test=ast.Constant(value=value)):
            return 0.0 if value in (True, 1) else 0.3
        case ast.While(test=ast.Tuple()) | ast.If(test=ast.Tuple()):
            return 0.6
    return 0.0


def _expression(node: ast.expr) -> float:
    match node:
        case ast.Call():
            return _call(node)
        case ast.Constant(value=str() as text):
            return 1.0 if _CHOICE.search(text) else 0.3 if _CALL.search(text) else 0.0
        case ast.Subscript(value=ast.Constant(value=int()) | ast.Compare() | ast.BinOp() | ast.Set()):
            return 0.5
        case ast.Subscript(value=ast.Name(id=name)) if name in _FUNCTIONS:
            return 0.4
        case ast.Subscript(slice=ast.Compare() | ast.List() | ast.Dict()):
            return 0.4
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple()) if name.islower() and name not in _TYPES:
            return 0.35
        case ast.UnaryOp(op=ast.UAdd()) | ast.UnaryOp(op=ast.USub(), operand=ast.UnaryOp()):
            return 0.4
        case ast.UnaryOp(op=ast.Invert()) | ast.NamedExpr() | ast.Starred() | ast.Set() | ast.Await():
            return 0.2
        case ast.Compare(ops=[_, _, *_] as operators) if not any(
            all(isinstance(operator, kinds) for operator in operators) for kinds in _CHAINED
        ):
            return 0.25
        case ast.Compare(ops=[ast.Eq(), ast.Eq()], comparators=[*_, ast.Constant()]):
            return 0.2
        case ast.Compare(comparators=comparators) if any(isinstance(c, ast.Tuple) for c in comparators[1:]):
            return 0.3
        case ast.BinOp(left=ast.Compare()) | ast.BinOp(right=ast.Compare()):
            return 0.1
        case ast.BinOp(left=ast.Tuple()) | ast.BinOp(right=ast.Tuple()):
            return 0.3
        case ast.Attribute(value=ast.Constant(value=int())):
            return 0.5
        case ast.Attribute(value=ast.Name(id=name)) if name in _FUNCTIONS and name not in ("int", "str"):
            return 0.4
        case ast.Tuple(elts=elements) if any(isinstance(element, ast.Compare) for element in elements):
            return 0.15
    return 0.0


def _call(node: ast.Call) -> float:
    if not isinstance(node.func, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        return 0.6
    if not isinstance(node.func, ast.Name) or node.keywords:
        return 0.0
    least, most = _ARGUMENTS.get(node.func.id, (0, len(node.args)))
    odd = 0.0 if least <= len(node.args) <= most or any(isinstance(a, ast.Starred) for a in node.args) else 0.4
    first = node.args[0] if node.args else None
    if node.func.id in _SCALARS and isinstance(first, ast.GeneratorExp):
        odd += 0.4
    if node.func.id == "len" and isinstance(first, (ast.Compare, ast.BoolOp)):
        odd += 0.5
    elif node.func.id == "len" and isinstance(first, ast.BinOp):
        odd += 0.15  # a sum of lists has a length, a number has none
    elif node.func.id in _MEASURES and len(node.args) == 1 and isinstance(first, (ast.Compare, ast.BoolOp)):
        odd += 0.2
    return odd
