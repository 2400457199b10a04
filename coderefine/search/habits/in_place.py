"""A parameter that is rebound where its list should be changed: `nums = nums[::-1]` for `nums[:] = ...`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import returns_value
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind, in functions that return nothing."""
    for function in program.code:
        if not isinstance(function, ast.FunctionDef) or returns_value(function):
            continue
        parameters = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=name) as target], value=value) if name in parameters:
                    if not isinstance(value, ast.Constant) and program.kind_of(value) != "number":
                        yield program.rewrite(target, f"{name}[:]", 1.0)
                case _:
                    pass
