"""Templates that put one variable in the place of another. Each takes a program and yields its changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import combinations

from coderefine.search.program import Change, Edit, Program
from coderefine.search.roles import Kind, demanded, kinds
from coderefine.search.scope import bound, uses

_OPPOSITES: tuple[tuple[str, ...], ...] = (
    ("left", "right"), ("l", "r"), ("row", "col"), ("rows", "cols"), ("min", "max"), ("mn", "mx"), ("lo", "hi"),
    ("low", "high"), ("start", "end"), ("first", "second"), ("first", "last"), ("prev", "cur", "curr", "next"),
    ("fast", "slow"), ("begin", "end"), ("top", "bottom"), ("up", "down"), ("odd", "even"), ("src", "dst"),
    ("pre", "post"), ("head", "tail"), ("width", "height"), ("key", "value"), ("k", "v"), ("small", "large"),
    ("inc", "dec"), ("pos", "neg"), ("front", "back"), ("inorder", "preorder", "postorder"), ("u", "v"),
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z][a-z]*|\d+")
_TRIED = 8
"""How many variables to try in the place of one, the likeliest first."""
_EXCHANGED = 8
"""Among how many names of a statement to exchange pairs."""


def variable(program: Program) -> Iterator[Change]:
    """Another variable in scope: of the same kind, the more alike in name or use the likelier."""
    code = set(program.code)
    known = kinds(program)
    ranked: dict[tuple[str, tuple[str, ...], Kind | None], list[tuple[str, float]]] = {}
    for use in uses(program.tree):
        node = use.node
        parent = program.parents.get(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if called or node.id not in use.variables or node not in code:
            continue
        place = (node.id, use.variables, demanded(program, node) or known.get(node.id))
        if place not in ranked:
            ranked[place] = _candidates(*place, known)
        for name, weight in ranked[place]:
            yield program.rewrite(node, name, weight)


def target(program: Program) -> Iterator[Change]:
    """Another variable to assign to."""
    for function in program.code:
        if not isinstance(function, ast.FunctionDef):
            continue
        names = tuple(name for name in bound(function)[0] if name != "self")
        known = kinds(program)
        for node in ast.walk(function):
            match node:
                case ast.AugAssign(target=ast.Name() as place):
                    weight = 1.0
                case ast.Assign(targets=[ast.Name() as place]):
                    weight = 0.4
                case _:
                    continue
            for name, alike in _candidates(place.id, names, known.get(place.id), known):
                yield program.change(node, Edit(*program.span(place), name), weight * alike)


def field(program: Program) -> Iterator[Change]:
    """Another attribute of `self`."""
    stored = dict.fromkeys(
        node.attr
        for node in program.code
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _of_self(node)
    )
    for node in program.code:
        if isinstance(node, ast.Attribute) and _of_self(node) and node.attr in stored:
            for name in [name for name in stored if name != node.attr][:_TRIED]:
                yield program.rewrite(node, f"self.{name}", 1.0 if alike(node.attr, name) else 0.3)


def exchange(program: Program) -> Iterator[Change]:
    """Two variables in each other's place all over a statement."""
    known = kinds(program)
    for node in program.code:
        if not isinstance(node, ast.For | ast.While | ast.If | ast.Assign | ast.Return | ast.Expr):
            continue
        places: dict[str, list[ast.Name]] = {}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                places.setdefault(inner.id, []).append(inner)
        names = [name for name in places if name in known][:_EXCHANGED]
        for first, second in combinations(names, 2):
            if known[first] != known[second] or len(places[first]) + len(places[second]) < 3:
                continue
            edits = [program.replace(place, second) for place in places[first]]
            edits += [program.replace(place, first) for place in places[second]]
            note = f"`{first}` and `{second}` exchanged in lines {node.lineno} to {node.end_lineno}"
            yield Change(tuple(edits), node.lineno, note, 1.0 if alike(first, second) else 0.2)


def alike(first: str, second: str) -> bool:
    """Whether two names look like a pair, such as `p1` and `p2`, `left` and `right`, `i` and `j`."""
    if len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1:
        return True
    one, other = _WORD.findall(first), _WORD.findall(second)
    if len(one) != len(other):
        return False
    different = [(a.lower(), b.lower()) for a, b in zip(one, other, strict=True) if a != b]
    return len(different) == 1 and any(set(different[0]) <= set(group) for group in _OPPOSITES)


def _candidates(
    name: str, variables: tuple[str, ...], kind: Kind | None, known: dict[str, Kind]
) -> list[tuple[str, float]]:
    weighted = []
    for number, other in enumerate(variables):
        if other in (name, "self", "_"):
            continue
        fits = 1.0 if kind and known.get(other) == kind else 0.4 if None in (kind, known.get(other)) else 0.05
        weighted.append((other, fits * (1.0 if alike(name, other) else 0.35) * 0.98**number))
    return sorted(weighted, key=lambda pair: -pair[1])[:_TRIED]


def _of_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"
