"""Changes one operator or number of a program at a time: programs that are nearly right.

Deterministic: the same program gives the same mutants, in the same order.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Iterator

_COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
}  # fmt: skip


def mutants(source: str, most: int) -> list[str]:
    """Return up to `most` different programs that compile, each with one change; raises SyntaxError."""
    tree = ast.parse(source)
    places = [(number, change) for number, node in enumerate(ast.walk(tree)) for change in range(_changes(node))]
    random.Random(source).shuffle(places)
    found: dict[str, None] = {}
    plain = ast.unparse(tree)
    for number, change in places:
        if len(found) == most:
            break
        mutated = copy.deepcopy(tree)
        _apply(next(node for at, node in enumerate(ast.walk(mutated)) if at == number), change)
        text = ast.unparse(mutated)
        if text != plain:
            found[text] = None
    return list(found)


def _changes(node: ast.AST) -> int:
    """How many ways there are to change a node."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            return 1
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _ARITHMETIC:
            return 1
        case ast.BoolOp():
            return 1
        case ast.Constant(value=value) if type(value) is int:
            return 2
        case ast.Constant(value=bool()):
            return 1
        case ast.If() | ast.While():
            return 1
    return 0


def _apply(node: ast.AST, change: int) -> None:
    match node:
        case ast.Compare():
            node.ops = [_COMPARISONS[type(node.ops[0])]()]
        case ast.BinOp() | ast.AugAssign():
            node.op = _ARITHMETIC[type(node.op)]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int()):
            node.value += (1, -1)[change]
        case ast.If() | ast.While():
            node.test = ast.UnaryOp(ast.Not(), node.test)


def completions(prompt: str, completion: str, entry: str, most: int) -> Iterator[str]:
    """Yield completions of a prompt that are nearly the one given, as rows of HumanEval have them."""
    yield completion
    for source in mutants(prompt + completion, most):
        function = next(
            node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == entry
        )
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        yield "\n" + "\n".join("    " + line for it in body for line in ast.unparse(it).split("\n")) + "\n"
