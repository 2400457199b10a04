"""The methods and attributes of `self`."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import bound


@dataclass(frozen=True, slots=True)
class Owner:
    """The methods and attributes of `self`."""

    methods: tuple[str, ...]
    attributes: tuple[str, ...]


def owner(program: Program) -> Owner:
    """Return what the classes of a program define and what they assign to `self`."""
    methods: dict[str, None] = {}
    fields: dict[str, None] = {}
    for node in program.code:
        match node:
            case ast.ClassDef():
                variables, definitions = bound(node)
                methods.update(dict.fromkeys(definitions))
                fields.update(dict.fromkeys(variables))
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                fields[name] = None
            case _:
                pass
    return Owner(tuple(methods), tuple(fields))
