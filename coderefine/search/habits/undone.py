"""What a function does before it calls itself and must undo afterwards: `path.append(x)` without `path.pop()`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import inserted, stands_alone
from coderefine.search.given.evidence import Evidence

_BACK = {"append": "{0}.pop()", "add": "{0}.remove({1})", "appendleft": "{0}.popleft()"}
_SIGNS = {ast.Add: "-=", ast.Sub: "+="}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        function = program.around(block[0], ast.FunctionDef)
        if function is None:
            continue
        calls = [at for at, node in enumerate(block) if _calls(node, function.name)]
        if not calls or not stands_alone(program, block[calls[-1]]):
            continue
        for at, node in enumerate(block[: calls[-1]]):
            text = _back(program, node)
            if text and not any(text in program.segment(later) for later in block[at:]):
                yield inserted(program, block[calls[-1]], text, 1.0)


def _calls(node: ast.stmt, name: str) -> bool:
    return any(
        (isinstance(it, ast.Name) and it.id == name) or (isinstance(it, ast.Attribute) and it.attr == name)
        for it in ast.walk(node)
    )


def _back(program: Program, node: ast.stmt) -> str:
    """Return the statement that undoes another one; "" where none is known."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr=name), args=[value])) if name in _BACK:
            return _BACK[name].format(program.segment(owner), program.segment(value))
        case ast.AugAssign(target=target, op=op, value=value) if type(op) in _SIGNS:
            return f"{program.segment(target)} {_SIGNS[type(op)]} {program.segment(value)}"
        case ast.Assign(targets=[ast.Subscript() as target], value=ast.Constant(value=bool() as truth)):
            return f"{program.segment(target)} = {not truth}"
    return ""
