"""A list sorted before its use: `nums.sort()`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import inserted, prepended, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    known = program.kinds
    for node in program.code:
        match node:
            case ast.FunctionDef(args=arguments, body=[first, *_]) if stands_alone(program, first):
                for argument in arguments.args:
                    if known.get(argument.arg) == "sequence":
                        yield prepended(program, first, f"{argument.arg}.sort()", 1.0)
            case ast.Assign(targets=[ast.Name(id=name)]) if known.get(name) == "sequence" and stands_alone(
                program, node
            ):
                yield inserted(program, node, f"{name}.sort()", 0.5)
            case _:
                pass
