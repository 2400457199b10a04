"""A text and a number where Python needs two of the same type: `line[i] == 0`, `"is " + n`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_NO_TEXT = re.compile(r"can only concatenate str \(not \"|unsupported operand type\(s\) for \+=?: '\w+' and 'str'")
"""Python's messages for adding a text and something else."""


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    was_told = any(_NO_TEXT.search(message) for message in evidence.messages)
    texts = set(_texts(program))
    for node in program.code:
        match node:
            case ast.Compare(
                left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=int()) as number]
            ):
                if type(number.value) is int and _is_text(left, texts):
                    yield program.rewrite(number, f'"{number.value}"', 1.0)
                    yield program.rewrite(left, f"int({program.segment(left)})", 0.7)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                for text, other in ((left, right), (right, left)):
                    is_number = program.kind_of(other) == "number"
                    if _is_text(text, texts) and not _is_text(other, texts) and (is_number or was_told):
                        yield program.rewrite(other, f"str({program.segment(other)})", 2.0 if was_told else 1.0)
            case _:
                pass


def _texts(program: Program) -> Iterator[str]:
    """Yield names that hold a text as it was read."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_read(value):
                if program.stored[name] == 1:
                    yield name
            case ast.For(target=ast.Name(id=name), iter=source) if _is_read(source):
                yield name
            case _:
                pass


def _is_read(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id="input"), args=[]):
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "rstrip" | "split" | "readline")):
            return _is_read(inner) or (isinstance(inner, ast.Attribute) and inner.attr == "stdin")
        case ast.Call(func=ast.Name(id="str" | "list"), args=[inner]):
            return _is_read(inner) or (isinstance(value.func, ast.Name) and value.func.id == "str")
    return False


def _is_text(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_text(left, names) or _is_text(right, names)
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name in names
        case ast.Call(func=ast.Name(id="str" | "bin" | "hex" | "chr")):
            return True
    return False
