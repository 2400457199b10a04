"""A statement removed, with `pass` where the block would be empty; a block without its `if`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import removal
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        for node in block:
            match node:
                case ast.FunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom() | ast.Pass():
                    continue
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.For() | ast.While() | ast.If():
                    weight = 0.3
                case ast.Return() | ast.AugAssign():
                    weight = 0.7
                case ast.Assign(targets=[ast.Name(id=name)]) if program.stored[name] == 1 and name in program.loaded:
                    weight = 0.05  # it would leave the name undefined
                case ast.Assign(targets=[ast.Tuple()]):
                    weight = 0.2
                case _:
                    weight = 1.0
            if isinstance(program.parents.get(node), ast.Module | ast.ClassDef) and isinstance(node, ast.Expr):
                weight = 10.0
            yield removal(program, node, weight)
