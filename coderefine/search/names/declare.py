"""An initial value for a name that is never assigned, taken from the most similar name or from its use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import DEFINITIONS
from coderefine.search.facts.edits import Change
from coderefine.search.facts.first_values import first_values
from coderefine.search.facts.likeness import closest, similarity
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import Use
from coderefine.search.facts.statements import inserted, prepended, stands_alone
from coderefine.search.given.evidence import Evidence

_SIMILAR = 0.5


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for name, uses in program.unbound_code.items():
        yield from _declared(program, name, uses)


def _declared(program: Program, name: str, found: tuple[Use, ...]) -> Iterator[Change]:
    use = found[0]
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=other) as target], value=value) if similarity(name, other) > _SIMILAR:
                if other in use.variables and stands_alone(program, node):
                    text = f"{name}{program.text[program.span(target)[1] : program.span(value)[1]]}"
                    yield inserted(program, node, text, 1.2)
            case _:
                pass
    values = dict.fromkeys(value for one in found for value in first_values(program, one.node))
    stored = any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in program.code)
    # A name that is very similar to another is more likely a misspelling of it.
    likeness = max((alike for _, alike in closest(name, use.variables)), default=0.0)
    weight = 1.9 if likeness < 0.6 else 1.3
    # A name that is read only once, or only counted up, was hardly meant to be a variable of its own.
    fleeting = len(found) == 1 and not isinstance(program.parents.get(use.node), ast.Attribute | ast.Subscript)
    if fleeting and not stored:
        weight = 0.9
    for value in (*values, *(("0",) if stored and not values else ())):
        for place in _before(program, use.node):
            yield prepended(program, place, f"{name} = {value}", weight)


def _before(program: Program, node: ast.AST) -> Iterator[ast.stmt]:
    """Yield statements before which an initial value may go: the one in the function's own block, and the first one."""
    inner = node
    while not isinstance(outer := program.parents.get(inner, program.tree), (*DEFINITIONS, ast.Module, ast.Lambda)):
        inner = outer
    if isinstance(outer, ast.FunctionDef) and isinstance(inner, ast.stmt):
        yield from (place for place in dict.fromkeys((inner, outer.body[0])) if stands_alone(program, place))
