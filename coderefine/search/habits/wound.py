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
    places: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript):
            places.append(node.slice)
        elif isinstance(node, ast.Call):
            places += node.args
    return any(isinstance(it, ast.Name) and it.id == name for place in places for it in ast.walk(place))
