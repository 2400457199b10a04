"""A string where its content, such as `"[]"`, a truth value or another string of the program is meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_CONSTANTS = 6
"""How many of the program's other constants to try in place of one."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    strings = dict.fromkeys(
        node.value for node in program.code if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    names = {node.id for node in program.code if isinstance(node, ast.Name)}
    for node in program.code:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or _idle(program, node):
            continue
        value = node.value
        if value in ("inf", "-inf") and not isinstance(program.parents[node], ast.Call):
            yield program.rewrite(node, f'float("{value}")', 3.0)
        if value in names or value in ("True", "False", "None") or value[:1] in tuple("[{("):
            yield program.rewrite(node, value, 3.0)
        if isinstance(parent := program.parents[node], ast.Return) and _answers_yes_or_no(program, parent):
            yield from (program.rewrite(node, word, 2.0) for word in ("True", "False"))
        if value.lstrip("-").isdigit():
            yield program.rewrite(node, value, 0.5)
        alike = [other for other in strings if other != value and len(other) == len(value)]
        yield from (program.rewrite(node, repr(other), 0.5) for other in alike[:_CONSTANTS])
        if value in ("0", "1"):
            yield program.rewrite(node, repr("1" if value == "0" else "0"), 1.0)
        if value in ("", " "):
            yield program.rewrite(node, '" "' if not value else '""', 1.0)


def _answers_yes_or_no(program: Program, node: ast.Return) -> bool:
    """Whether all other answers of a function are true or false."""
    function = program.definition_around(node)
    others = [other.value for other in ast.walk(function) if isinstance(other, ast.Return) and other is not node]
    return bool(others) and all(isinstance(it, ast.Constant) and isinstance(it.value, bool) for it in others)


def _idle(program: Program, node: ast.Constant) -> bool:
    """Whether `node` is a docstring or a part of a formatted string."""
    return isinstance(program.parents.get(node), ast.Expr | ast.JoinedStr | ast.FormattedValue)
