"""A number of steps that goes round a list more than once: `k %= len(items)` is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import is_docstring, prepended
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind, at the beginning of functions that take a number and a list."""
    for function in program.code:
        if not isinstance(function, ast.FunctionDef):
            continue
        names = [argument.arg for argument in function.args.args]
        numbers = [name for name in names if program.kinds.get(name) == "number" and _is_counted(function, name)]
        lists = [name for name in names if program.kinds.get(name) == "sequence"]
        body = [node for node in function.body if not is_docstring(program, node)]
        for number in numbers if body else ():
            for sequence in lists:
                yield prepended(program, body[0], f"{number} %= len({sequence})", 1.0 / len(lists))


def _is_counted(function: ast.FunctionDef, name: str) -> bool:
    """Whether a number is a position or a distance: an index, a bound of a slice, or an argument."""
    for node in ast.walk(function):
        match node:
            case ast.Subscript(slice=inner) if any(
                isinstance(it, ast.Name) and it.id == name for it in ast.walk(inner)
            ):
                return True
            case ast.Call(args=items) if any(
                isinstance(it, ast.Name) and it.id == name for item in items for it in ast.walk(item)
            ):
                return True
            case _:
                pass
    return False
