"""`seen.add(x)` where a set or list that starts empty is searched for `x` and never filled."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.containers import filled
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import inserted, prepended, stands_alone
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    empty = dict(_started_empty(program))
    used = filled(program)
    for node in program.code:
        match node:
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=name)]):
                if name not in empty or name in used:
                    continue
            case _:
                continue
        statement = program.around(node, ast.stmt)
        if isinstance(statement, ast.If) and stands_alone(program, statement.body[0]):
            text = empty[name].format(program.segment(left))
            yield inserted(program, statement, text, 1.0)
            yield inserted(program, statement.body[-1], text, 0.7)
            yield prepended(program, statement.body[0], text, 0.7)


def _started_empty(program: Program) -> Iterator[tuple[str, str]]:
    """Yield names that begin as an empty container, with the method that adds to it."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="set"), args=[])):
                yield name, f"{name}.add({{}})"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                yield name, f"{name}.append({{}})"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=[])):
                yield name, f"{name}[{{}}] = True"
            case _:
                pass
