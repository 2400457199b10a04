"""Names that are bound wrong: what is read is another name than what is assigned, defined or looked up by Python."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from coderefine.search.facts.blocks import function_of
from coderefine.search.facts.likeness import closest, similarity
from coderefine.search.facts.program import Change, Edit, Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED, Use, uses

_LOOKED_UP = re.compile(r"does not define `(\w+)`|'(?P<kind>\w+)' object has no attribute '(?P<method>\w+)'")
_SPECIAL = ("__init__", "__lt__", "__eq__", "__hash__", "__repr__", "__str__", "__iter__", "__len__", "__gt__")
_MISSPELT = 0.6
"""How alike two names are at least of which one stands for the other."""

_Definition = ast.FunctionDef | ast.ClassDef


def rebound(program: Program, found: Use) -> Iterator[Change]:
    """Bind the undefined name where its function binds one that nothing reads or that is bound at another place, too.

    Or where it binds one that hides a builtin.
    """
    name = found.node.id
    read = {use.node.id for use in uses(program.tree)}
    stored = Counter(node.id for node in program.code if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    taken = BUILTINS | PREDEFINED | set(found.definitions)
    for node in ast.walk(function_of(program, found.node)):
        match node:
            case ast.Name(id=other, ctx=ast.Store()) | ast.arg(arg=other):
                alike = similarity(name, other)
                again = other in read - taken and other != "self"
                if other == name or (again and (stored[other] == 1 or alike > _MISSPELT)):
                    continue
                if isinstance(node, ast.arg) and (again or other == "self"):
                    continue
                start, _ = program.span(node)
                # Of two names much alike, both repairs do the same, and what is read is as often the one misspelt.
                odd = other in ("_", "self") or other in taken
                weight = 2.3 if odd else 0.9 + alike if alike > _MISSPELT else 1.1 if again else 1.5
                weight *= 0.5 if isinstance(node, ast.arg) or isinstance(found.node.ctx, ast.Store) else 1.0
                note = f"`{other}` to `{name}` where it is assigned in line {node.lineno}"
                yield Change((Edit(start, start + len(other), name),), node.lineno, note, weight)
            case _:
                pass


def definitions(program: Program, messages: tuple[str, ...]) -> Iterator[Change]:
    """The names of special methods that Python looks up, and of what the tests look up, where they are misspelt."""
    for node in program.code:
        if isinstance(node, ast.ClassDef):
            methods = [method for method in node.body if isinstance(method, ast.FunctionDef)]
            present = {method.name for method in methods}
            for method in methods:
                yield from _special(program, method, present)
    read = {node.attr for node in program.code if isinstance(node, ast.Attribute)}
    for missing in filter(None, map(_LOOKED_UP.search, messages)):
        name = missing[1] or missing["method"]
        wanted = [node for node in program.code if isinstance(node, _Definition)]
        by_name = {node.name: node for node in wanted if _owner(program, node) == missing["kind"]}
        # A function of that name somewhere else is in the wrong place (see placement.py).
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
