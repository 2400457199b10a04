"""Templates that put one variable in the place of another. Each takes a program and yields its changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set
from itertools import combinations

from coderefine.search.facts.blocks import changed, tested
from coderefine.search.facts.kinds import Kind, demanded, kinds
from coderefine.search.facts.program import Change, Edit, Program
from coderefine.search.facts.scope import bound, uses

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
_WANTED = 4.0
"""How much likelier a variable is that is used nowhere, or that the loop should change."""
_EXCHANGED = 8
"""Among how many names of a statement to exchange pairs."""


def variable(program: Program) -> Iterator[Change]:
    """Another variable in scope: of the same kind, the more alike in name or use the likelier."""
    code = set(program.code)
    known = kinds(program)
    unread = _unread(program)
    ranked: dict[tuple[str, tuple[str, ...], Kind | None], list[tuple[str, float]]] = {}
    for use in uses(program.tree):
        node = use.node
        parent = program.parents.get(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if called or node.id not in use.variables or node not in code or isinstance(node.ctx, ast.Store):
            continue
        place = (node.id, use.variables, demanded(program, node) or known.get(node.id))
        if place not in ranked:
            ranked[place] = _candidates(*place, known, unread)
        start, end = program.span(node)
        for name, weight in ranked[place]:
            note = f"`{node.id}` to `{name}` in line {node.lineno}"
            yield Change((Edit(start, end, name),), node.lineno, note, weight)


def target(program: Program) -> Iterator[Change]:
    """Another variable to assign to; above all the one that a loop tests and never changes."""
    known = kinds(program)
    for function in program.code:
        if not isinstance(function, ast.FunctionDef):
            continue
        names = tuple(name for name in bound(function)[0] if name != "self")
        ranked: dict[tuple[str, frozenset[str]], list[tuple[str, float]]] = {}
        for node in ast.walk(function):
            match node:
                case ast.AugAssign(target=ast.Name() as place):
                    weight = 1.0
                case ast.Assign(targets=[ast.Name() as place]):
                    weight = 0.4
                case _:
                    continue
            key = place.id, _forgotten(program, node)
            if key not in ranked:
                ranked[key] = _candidates(place.id, names, known.get(place.id), known, key[1])
            start, end = program.span(place)
            for name, fits in ranked[key]:
                note = f"assign to `{name}` and not to `{place.id}` in line {node.lineno}"
                yield Change((Edit(start, end, name),), node.lineno, note, weight * fits)


def _unread(program: Program) -> set[str]:
    """Names that are bound and never used."""
    names = {node.id for node in program.code if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.arg for node in program.code if isinstance(node, ast.arg)}
    return names - {node.id for node in program.code if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _forgotten(program: Program, node: ast.AST) -> frozenset[str]:
    """The names that the loop around `node` tests, unless it changes one of them."""
    while not isinstance(node, ast.While | ast.FunctionDef | ast.Module):
        node = program.parents[node]
    if not isinstance(node, ast.While):
        return frozenset()
    return frozenset() if tested(node) & changed(node) else frozenset(tested(node))


def field(program: Program) -> Iterator[Change]:
    """Another of the attributes that the program assigns."""
    stored = dict.fromkeys(
        node.attr for node in program.code if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    )
    for node in program.code:
        if isinstance(node, ast.Attribute) and node.attr in stored:
            end = program.span(node)[1]
            for name in [name for name in stored if name != node.attr][:_TRIED]:
                edit = Edit(end - len(node.attr), end, name)
                yield program.change(node, edit, 1.0 if alike(node.attr, name) else 0.3)


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
        names = [name for name in places if name != "self"][:_EXCHANGED]
        for first, second in combinations(names, 2):
            if known.get(first) != known.get(second) or len(places[first]) + len(places[second]) < 3:
                continue
            edits = [program.replace(place, second) for place in places[first]]
            edits += [program.replace(place, first) for place in places[second]]
            note = f"`{first}` and `{second}` exchanged in lines {node.lineno} to {node.end_lineno}"
            yield Change(tuple(edits), node.lineno, note, 1.0 if alike(first, second) else 0.2)


def alike(first: str, second: str) -> bool:
    """Whether two names look like a pair, such as `p1` and `p2`, `left` and `right`, `i` and `j`."""
    if len(first) == len(second) == 1:
        return abs(ord(first) - ord(second)) == 1 or opposite(first, second)
    if len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1:
        return True
    one, other = _WORD.findall(first), _WORD.findall(second)
    if len(one) != len(other):
        return False
    different = [(a.lower(), b.lower()) for a, b in zip(one, other, strict=True) if a != b]
    return len(different) == 1 and opposite(*different[0])


def opposite(first: str, second: str) -> bool:
    """Whether two words stand for opposites, such as `left` and `right`."""
    return first != second and any(first in group and second in group for group in _OPPOSITES)


def _candidates(
    name: str, variables: tuple[str, ...], kind: Kind | None, known: dict[str, Kind], wanted: Set[str]
) -> list[tuple[str, float]]:
    weighted = []
    for number, other in enumerate(variables):
        if other in (name, "self", "_"):
            continue
        fits = 1.0 if kind and known.get(other) == kind else 0.4 if None in (kind, known.get(other)) else 0.05
        pair = 1.0 if alike(name, other) else 0.35
        weighted.append((other, fits * pair * (_WANTED if other in wanted else 1.0) * 0.98**number))
    return sorted(weighted, key=lambda pair: -pair[1])[:_TRIED]
