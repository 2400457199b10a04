"""The kind of value that a name seems to hold, by its uses: enough to tell an index from a list."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

Kind = Literal["number", "sequence", "node"]

NUMERIC = frozenset({"len", "sum", "int", "abs", "ord", "round", "pow", "bisect", "bisect_left", "bisect_right", "gcd"})
COLLECTING = frozenset(
    {"list", "sorted", "set", "dict", "deque", "defaultdict", "Counter", "str", "tuple", "reversed", "zip", "map"}
)
_TAKING = frozenset(
    {"len", "sum", "sorted", "enumerate", "reversed", "set", "list", "Counter", "heapify", "any", "all"}
)
_FIELDS = frozenset({"left", "right", "next", "val", "children", "random"})
_NUMBER_HINT = re.compile(r"\s*(int|float)\b")
_NODE_HINT = re.compile(r".*Node\b")
_SEQUENCE_HINT = re.compile(r"\s*(typing\.)?(str|List|list|Dict|dict|Set|set|Tuple|tuple|Optional\[List)\b")


_Parents = Mapping[ast.AST, ast.AST]


def of_names(parents: _Parents, segment: Callable[[ast.expr], str]) -> dict[str, Kind]:
    """Return the kind of value that each name holds, where most of its uses agree.

    `parents` contains every node of a program; `segment` returns the text of a node.
    """
    votes: dict[str, Counter[Kind]] = {}
    for name, kind in _evidence(parents, segment):
        votes.setdefault(name, Counter())[kind] += 1
    return {name: counts.most_common(1)[0][0] for name, counts in votes.items()}


def kind_of(node: ast.expr, known: dict[str, Kind]) -> Kind | None:
    """Return the kind of value of an expression, where the kinds of its names are `known`.

    None if it cannot be told.
    """
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Constant(value=bool() | None):
            return None
        case ast.Constant(value=int() | float()):
            return "number"
        case ast.Constant(value=str()) | ast.List() | ast.Tuple() | ast.Set() | ast.Dict() | ast.JoinedStr():
            return "sequence"
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp() | ast.Subscript(slice=ast.Slice()):
            return "sequence"
        case ast.BinOp(left=left, right=right):
            sides = kind_of(left, known), kind_of(right, known)
            return "sequence" if "sequence" in sides else "number"
        case ast.UnaryOp(op=ast.USub()):
            return "number"
        case ast.Call(func=ast.Name(id=name)):
            return "number" if name in NUMERIC else "sequence" if name in COLLECTING else None
        case ast.Attribute(attr="left" | "right" | "next"):
            return "node"
        case _:
            return None


def demanded(parents: _Parents, node: ast.expr) -> Kind | None:
    """Return the kind of value that the place of `node` requires; None where any would do."""
    match parents.get(node):
        case ast.Subscript(value=value):
            return "sequence" if value is node else "number"
        case ast.Slice() | ast.UnaryOp(op=ast.USub()):
            return "number"
        case ast.For(iter=value) | ast.comprehension(iter=value) if value is node:
            return "sequence"
        case ast.Call(func=ast.Name(id=name)) if name in _TAKING:
            return "sequence"
        case ast.Call(func=ast.Name(id="range")):
            return "number"
        case ast.AugAssign(target=target, value=ast.Constant(value=int())) if target is node:
            return "number"
        case ast.Attribute(attr=name):
            return "node" if name in _FIELDS else "sequence"
        case ast.BinOp(op=ast.Sub() | ast.FloorDiv() | ast.Div() | ast.Mod() | ast.Pow()):
            return "number"
        case _:
            return None


def _evidence(parents: _Parents, segment: Callable[[ast.expr], str]) -> Iterator[tuple[str, Kind]]:
    empty: dict[str, Kind] = {}
    for node in parents:
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as annotation):
                if kind := _hinted(segment(annotation)):
                    yield from ((name, kind),) * 3
            case ast.Name(id=name, ctx=ast.Load()):
                if kind := demanded(parents, node):
                    yield name, kind
            case ast.Assign(targets=[target], value=value):
                yield from _assigned(target, value, empty)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                if kind := kind_of(value, empty):
                    yield name, kind
            case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
                yield from _looped(target, source)
            case ast.Compare(left=ast.Name(id=name), comparators=[ast.Constant(value=int())]):
                yield name, "number"
            case _:
                pass


def _hinted(annotation: str) -> Kind | None:
    if _NUMBER_HINT.match(annotation):
        return "number"
    if _SEQUENCE_HINT.match(annotation):
        return "sequence"
    return "node" if _NODE_HINT.match(annotation) else None


def _assigned(target: ast.expr, value: ast.expr, known: dict[str, Kind]) -> Iterator[tuple[str, Kind]]:
    match target, value:
        case ast.Name(id=name), _:
            if kind := kind_of(value, known):
                yield name, kind
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for one, its_value in zip(targets, values, strict=True):
                yield from _assigned(one, its_value, known)
        case _:
            pass


def _looped(target: ast.expr, source: ast.expr) -> Iterator[tuple[str, Kind]]:
    match target, source:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range")):
            yield name, "number"
        case ast.Tuple(elts=[ast.Name(id=name), *_]), ast.Call(func=ast.Name(id="enumerate")):
            yield name, "number"
        case _:
            pass
