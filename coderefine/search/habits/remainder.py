"""A result that should be taken modulo a number in the program or the statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_LEAST = 1000
"""Numbers below this are used for counting, and are no modulus."""
_NAMED = re.compile(r"modulo|\bmod\b|remainder", re.IGNORECASE)
_USUAL = {
    "(10**9 + 7)": re.compile(r"10\s*(?:\^|\*\*|<sup>)?\s*9\s*(?:</sup>)?\s*\+\s*7|1[ ,]?000[ ,]?000[ ,]?007"),
    "998244353": re.compile(r"998[ ,]?244[ ,]?353"),
}
_GROWS = (ast.Add, ast.Mult, ast.Sub, ast.Pow)


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for modulus, weight in dict(_moduli(program, evidence)).items():
        yield from _taken(program, modulus, weight)


def _moduli(program: Program, evidence: Evidence) -> Iterator[tuple[str, float]]:
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if program.stored[name] == 1 and _is_large(value):
                yield name, 0.5 if program.loaded[name] else 2.0
            case _:
                pass
    statement = evidence.problem.statement
    if _NAMED.search(statement):
        yield from ((text, 1.0) for text, pattern in _USUAL.items() if pattern.search(statement))


def _is_large(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=int(number)):
            return number >= _LEAST
        case ast.BinOp(left=ast.BinOp(op=ast.Pow()), op=ast.Add(), right=ast.Constant(value=int())):
            return True
        case ast.Call(func=ast.Name(id="int" | "pow")) | ast.BinOp(left=ast.Call(), op=ast.Add(), right=ast.Constant()):
            return True
    return False


def _taken(program: Program, modulus: str, weight: float) -> Iterator[Change]:
    for node in program.code:
        match node:
            case ast.Return(value=ast.expr() as value) | ast.Call(func=ast.Name(id="print"), args=[value]):
                if program.kind_of(value) != "sequence" and not isinstance(value, ast.Constant | ast.Starred):
                    yield program.rewrite(value, f"{_operand(program, value)} % {modulus}", weight)
            case ast.Assign(targets=[target], value=ast.BinOp(op=op) as value) if isinstance(op, _GROWS):
                if program.segment(target) == modulus:
                    continue
                text = f"({program.segment(value)}) % {modulus}"
                yield program.rewrite(value, text, weight)
            case ast.AugAssign(target=target, op=ast.Add() | ast.Mult() | ast.Sub(), value=value):
                sign = {ast.Add: "+", ast.Mult: "*", ast.Sub: "-"}[type(node.op)]
                name = program.segment(target)
                yield program.rewrite(node, f"{name} = ({name} {sign} {_operand(program, value)}) % {modulus}", weight)
            case _:
                pass


def _operand(program: Program, value: ast.expr) -> str:
    text = program.segment(value)
    simple = isinstance(value, ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute)
    return text if simple else f"({text})"
