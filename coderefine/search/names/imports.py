"""Imports that do not exist: a misspelt module, or a name that its module does not have."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from types import ModuleType

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import near
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import MODULES
from coderefine.search.facts.statements import removal
from coderefine.search.given.evidence import Evidence

_MODULES = {module.__name__: module for module in MODULES}
_FROM = re.compile(r"from\s+([\w.]+)")
_MISSPELT = 0.75
"""The least similarity of an unknown module and a known one."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    yield from (program.rewrite(alias, other, weight) for other, weight in _modules(alias.name))
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                start, end = program.span(node)
                found = _FROM.match(program.text, start, end)
                assert found is not None  # it is an import
                for other, weight in (*_modules(module), *_having(module, aliases)):
                    yield program.change(node, Edit(*found.span(1), other), weight)
                for alias in aliases:
                    if module in _MODULES and alias.name != "*" and not hasattr(_MODULES[module], alias.name):
                        yield from _name(program, node, alias, _public(_MODULES[module]))
            case _:
                pass


def _modules(name: str) -> Iterator[tuple[str, float]]:
    """Yield the modules that may be meant by an unknown one, with weights."""
    if name.partition(".")[0] not in sys.stdlib_module_names:
        yield from ((other, 2.0 + alike) for other, alike in near(name, sorted(_MODULES), 2) if alike > _MISSPELT)


def _having(module: str, aliases: list[ast.alias]) -> Iterator[tuple[str, float]]:
    """Yield the modules that have all names imported from an unknown one, with weights."""
    if module.partition(".")[0] not in sys.stdlib_module_names:
        for other, known in _MODULES.items():
            if all(hasattr(known, alias.name) for alias in aliases):
                yield other, 2.6


def _name(program: Program, node: ast.ImportFrom, alias: ast.alias, known: list[str]) -> Iterator[Change]:
    read = dict.fromkeys(
        other.id for other in program.parents if isinstance(other, ast.Name) and isinstance(other.ctx, ast.Load)
    )
    imported = {other.name for other in node.names}
    missing = sorted(name for name in read if name in known and name not in imported)
    if missing:
        yield program.rewrite(alias, ", ".join(missing), 3.2)
    yield from (program.rewrite(alias, other, 2.0 + alike) for other, alike in near(alias.name, known, 2))
    if len(node.names) == 1:
        yield removal(program, node, 2.75)


def _public(module: ModuleType) -> list[str]:
    return sorted(getattr(module, "__all__", None) or (name for name in vars(module) if not name.startswith("_")))
