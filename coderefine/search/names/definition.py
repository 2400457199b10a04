"""Misspelt names of special methods that Python looks up, and of definitions that the tests look up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import closest, similarity
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_LOOKED_UP = re.compile(r"does not define `(\w+)`|'(?P<kind>\w+)' object has no attribute '(?P<method>\w+)'")
_SPECIAL = ("__init__", "__lt__", "__eq__", "__hash__", "__repr__", "__str__", "__iter__", "__len__", "__gt__")
_MISSPELT = 0.6
"""The least similarity of a name and the one that may be meant."""

_Definition = ast.FunctionDef | ast.ClassDef


def propose(program: Program, evidence: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if isinstance(node, ast.ClassDef):
            methods = [method for method in node.body if isinstance(method, ast.FunctionDef)]
            present = {method.name for method in methods}
            for method in methods:
                yield from _special(program, method, present)
    read = {node.attr for node in program.code if isinstance(node, ast.Attribute)}
    for missing in filter(None, map(_LOOKED_UP.search, evidence.messages)):
        name = missing[1] or missing["method"]
        wanted = [node for node in program.code if isinstance(node, _Definition)]
        by_name = {node.name: node for node in wanted if _owner(program, node) == missing["kind"]}
        # A function of that name elsewhere is in the wrong place (see place.py).
        if name not in read and all(node.name != name for node in wanted):
            by_name = {other: node for other, node in by_name.items() if not other.startswith("__")}
            for other, alike in closest(name, by_name)[:2]:
                if alike > _MISSPELT or len(by_name) == 1:
                    yield _renamed(program, by_name[other], name, 2.0 + alike)


def _special(program: Program, method: ast.FunctionDef, present: set[str]) -> Iterator[Change]:
    name, stem = method.name, method.name.strip("_")
    if name in (*_SPECIAL, *dir(int), *dir(dict)) and name != "__int__":
        return
    if stem == "init" or name.startswith("__") or name.endswith("__"):
        for other in _SPECIAL:
            alike = similarity(stem, other.strip("_"))
            if alike > _MISSPELT and other not in present:
                yield _renamed(program, method, other, 2.0 + alike)


def _owner(program: Program, node: ast.AST) -> str | None:
    parent = program.parents.get(node)
    return parent.name if isinstance(parent, ast.ClassDef) else None


def _renamed(program: Program, node: _Definition, name: str, weight: float) -> Change:
    keyword = "class" if isinstance(node, ast.ClassDef) else "def"
    start = program.text.index(node.name, program.span(node)[0] + len(keyword))
    note = f"`{node.name}` to `{name}` where it is defined in line {node.lineno}"
    return Change((Edit(start, start + len(node.name), name),), node.lineno, note, weight)
