"""Templates that edit calls. Each takes a program and yields every change of its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

from coderefine.search.facts.kinds import kind_of, kinds
from coderefine.search.facts.program import Change, Edit, Program
from coderefine.search.facts.scope import BUILTINS, PREDEFINED

_CALLEES: dict[str, tuple[str, ...]] = {
    "max": ("min", "sum"), "min": ("max", "sum"), "any": ("all",), "all": ("any",), "sum": ("max", "len"),
    "len": ("sum", "max"), "bisect_left": ("bisect_right",), "bisect_right": ("bisect_left",),
    "bisect": ("bisect_left",), "floor": ("ceil",), "ceil": ("floor",), "ord": ("int",), "int": ("ord", "str"),
    "str": ("int", "chr"), "chr": ("ord",), "set": ("list",), "list": ("set", "sorted"),
    "sorted": ("list", "reversed"), "reversed": ("sorted",), "combinations": ("permutations", "product"),
    "permutations": ("combinations",), "zip": ("product",), "heappush": ("heappop",), "heappop": ("heappush",),
    "deque": ("list",), "dict": ("set",), "range": ("reversed",), "isalpha": ("isalnum",),
}  # fmt: skip
_METHODS: dict[str, tuple[str, ...]] = {
    "append": ("extend", "appendleft", "add"), "extend": ("append",), "appendleft": ("append",),
    "pop": ("popleft",), "popleft": ("pop",), "left": ("right",), "right": ("left",),
    "add": ("remove", "append"), "remove": ("add", "discard"), "lower": ("upper",), "upper": ("lower",),
    "find": ("rfind", "index"), "rfind": ("find",), "index": ("count", "find"), "count": ("index",),
    "keys": ("values", "items"), "values": ("keys", "items"), "items": ("values", "keys"),
    "lstrip": ("rstrip",), "rstrip": ("lstrip",), "union": ("intersection",), "intersection": ("union",),
    "startswith": ("endswith",), "endswith": ("startswith",), "val": ("next", "left"), "isdigit": ("isalpha",),
    "isalpha": ("isalnum", "isdigit"), "isalnum": ("isalpha",), "sort": ("reverse",), "reverse": ("sort",),
    "islower": ("isupper",), "isupper": ("islower",), "combinations": ("permutations",),
    "permutations": ("combinations",), "bisect_left": ("bisect_right",), "bisect_right": ("bisect_left",),
    "ceil": ("floor",), "floor": ("ceil",), "heappush": ("heappop",), "insert": ("append",),
}  # fmt: skip
_WHOLE = (ast.Constant, ast.Starred, ast.GeneratorExp)
_DROPPED = 6
"""Of how many arguments or elements at most to drop one."""
_LINKS = frozenset({"left", "right", "next"})


def method(program: Program) -> Iterator[Change]:
    """Another function, method or field of the same family; `pop()` to `pop(0)`; one link further or less."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id=name) as function) if name in _CALLEES:
                for number, other in enumerate(_CALLEES[name]):
                    yield program.rewrite(function, other, 1.0 if number == 0 else 0.4)
            case ast.Call(func=ast.Attribute(attr="pop") as function, args=[] | [ast.Constant()] as items):
                edit = Edit(program.span(function)[1] - 3, program.span(node)[1], "pop()" if items else "pop(0)")
                yield program.change(node, edit, 2.0 if items else 1.5)
            case ast.Attribute(attr=name):
                end = program.span(node)[1]
                for number, other in enumerate(_METHODS.get(name, ())):
                    edit = Edit(end - len(name), end, other)
                    yield program.change(node, edit, 1.0 if number == 0 else 0.5)
                if name in _LINKS and isinstance(node.ctx, ast.Load):
                    further = "next" if name == "next" else name
                    yield program.change(node, Edit(end, end, f".{further}"), 0.5 if name == "next" else 0.1)
            case _:
                pass


def arguments(program: Program) -> Iterator[Change]:
    """Two arguments, elements or operands in the other order; an argument dropped."""
    for node in program.code:
        match node:
            case ast.Call(args=items) if len(items) <= 4:
                commutative = isinstance(node.func, ast.Name) and node.func.id in ("max", "min", "gcd")
                weight = 0.05 if commutative else 0.5
            case ast.Tuple(elts=items) if len(items) <= 3:
                weight = 0.4
            case ast.List(elts=items, ctx=ast.Load()) if len(items) <= 3:
                weight = 0.3
            case ast.BinOp(left=left, op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Mod(), right=right):
                items, weight = [left, right], 0.5
            case ast.BinOp(left=left, op=ast.Add(), right=right):  # of strings and lists
                items, weight = [left, right], 0.1
            case _:
                continue
        yield from _swapped(program, node, items, weight)


def _swapped(program: Program, node: ast.expr, items: list[ast.expr], weight: float) -> Iterator[Change]:
    numbered = list(enumerate((item, program.segment(item)) for item in items))
    for (at, (first, old)), (other, (second, new)) in combinations(numbered, 2):
        if old != new:
            edits = program.replace(first, new), program.replace(second, old)
            note = f"`{old}` and `{new}` swapped in line {node.lineno}"
            yield Change(edits, node.lineno, note, weight if other == at + 1 else 0.5 * weight)


def drop(program: Program) -> Iterator[Change]:
    """An argument or an element less."""
    for node in program.code:
        match node:
            case ast.Call(args=args, keywords=keywords) if len(args) + len(keywords) > 1:
                items: list[ast.expr | ast.keyword] = [*args, *keywords]
                weight = 0.5 if isinstance(node.func, ast.Name) and node.func.id == "range" else 1.0
            case ast.List(elts=[_, _, *_] as elts, ctx=ast.Load()) | ast.Tuple(elts=[_, _, *_] as elts, ctx=ast.Load()):
                items, weight = list(elts), 0.3
            case _:
                continue
        if len(items) > _DROPPED:
            continue
        spans = [_span(program, item) for item in items]
        for number, (start, end) in enumerate(spans):
            last = number == len(spans) - 1
            edit = Edit(spans[number - 1][1], end, "") if last else Edit(start, spans[number + 1][0], "")
            note = f"drop `{program.text[start:end]}` in line {node.lineno}"
            yield Change((edit,), node.lineno, note, weight if last else 0.5 * weight)


def _span(program: Program, item: ast.expr | ast.keyword) -> tuple[int, int]:
    start = program.offset(item.lineno, item.col_offset)
    return start, program.span(item.value if isinstance(item, ast.keyword) else item)[1]


def order(program: Program) -> Iterator[Change]:
    """`reverse=True` added to a sort; its key negated."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id="sorted") | ast.Attribute(attr="sort"), keywords=keywords):
                if any(keyword.arg == "reverse" for keyword in keywords):
                    continue
                end = program.span(node)[1] - 1
                text = ", reverse=True" if node.args or keywords else "reverse=True"
                yield program.change(node, Edit(end, end, text))
            case _:
                pass


def wrap(program: Program) -> Iterator[Change]:
    """A call around a value added: `sorted`, `abs`, `len`..."""
    known = kinds(program)
    for place, functions in _values(program):
        text = program.segment(place)
        kind = kind_of(place, known)
        for function, takes, weight in functions:
            if takes in (None, kind) or kind is None:
                yield program.rewrite(place, f"{function}({text})", weight if kind else 0.5 * weight)


_Wrapper = tuple[str, str | None, float]
_ON_RETURN: tuple[_Wrapper, ...] = (
    ("len", "sequence", 1.0), ("list", "sequence", 0.6), ("sorted", "sequence", 0.6), ("str", "number", 0.4),
    ("int", "number", 0.6), ("abs", "number", 0.4), ("sum", "sequence", 0.4), ("max", "sequence", 0.4),
    ("min", "sequence", 0.2), ("set", "sequence", 0.2),
)  # fmt: skip
_ON_ITERATION: tuple[_Wrapper, ...] = (
    ("sorted", "sequence", 1.0), ("reversed", "sequence", 1.0), ("set", "sequence", 0.4),
    ("range", "number", 3.0), ("enumerate", "sequence", 0.3), ("list", "sequence", 0.3),
)  # fmt: skip
_ON_ASSIGNMENT: tuple[_Wrapper, ...] = (
    ("sorted", "sequence", 0.6), ("list", "sequence", 0.4), ("set", "sequence", 0.4), ("abs", "number", 0.3),
    ("len", "sequence", 0.4), ("int", None, 0.3), ("str", "number", 0.2),
)  # fmt: skip
_ON_ARGUMENT: tuple[_Wrapper, ...] = (
    ("len", "sequence", 0.6), ("sorted", "sequence", 0.3), ("abs", "number", 0.3), ("set", "sequence", 0.5),
    ("str", "number", 0.3), ("int", None, 0.2), ("list", "sequence", 0.1),
)  # fmt: skip
_ON_SIDE: tuple[_Wrapper, ...] = (("len", "sequence", 1.0), ("abs", "number", 0.3), ("int", None, 0.1))


def _values(program: Program) -> Iterator[tuple[ast.expr, tuple[_Wrapper, ...]]]:
    for node in program.code:
        match node:
            case ast.Return(value=ast.Name() | ast.Call() | ast.Subscript() | ast.BinOp() | ast.Attribute() as value):
                yield value, _ON_RETURN
            case ast.For(iter=value):
                yield value, _ON_ITERATION
            case ast.Assign(value=ast.Name() | ast.Call() | ast.Subscript() | ast.BinOp() as value):
                yield value, _ON_ASSIGNMENT
            case ast.Call(func=ast.Name(id="range"), args=items):
                yield from ((item, (("len", "sequence", 3.0),)) for item in items if isinstance(item, ast.Name))
            case ast.Call(func=ast.Name() | ast.Attribute(attr="append") as function, args=[ast.expr() as value]):
                if getattr(function, "id", "") != "len" and not isinstance(value, _WHOLE):
                    yield value, _ON_ARGUMENT
            case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() | ast.Eq()]):
                yield from ((s, _ON_SIDE) for s in (left, node.comparators[0]) if not isinstance(s, ast.Constant))
            case _:
                pass


def unwrap(program: Program) -> Iterator[Change]:
    """`f(x)` to `x`, `x[i]` to `x` and to `i`, `x.y` to `x`."""
    known = BUILTINS | PREDEFINED
    for node in program.code:
        match node:
            case ast.Call(func=function, args=items) if items:
                if isinstance(program.parents.get(node), ast.Expr):
                    continue
                plain = isinstance(function, ast.Name) and function.id in known
                weight = 1.0 if len(items) == 1 else 0.4
                for item in items[:2]:
                    yield program.rewrite(node, program.segment(item), weight if plain else 0.4 * weight)
            case ast.Call(func=ast.Attribute(value=value)):
                yield program.rewrite(node, program.segment(value), 0.4)
            case ast.Subscript(value=value, slice=index, ctx=ast.Load()):
                yield program.rewrite(node, program.segment(value), 1.0)
                if isinstance(index, ast.Name):
                    yield program.rewrite(node, index.id, 0.6)
            case ast.Attribute(value=value, ctx=ast.Load()):
                if not isinstance(program.parents.get(node), ast.Call) and node.attr not in ("inf",):
                    yield program.rewrite(node, program.segment(value), 0.4)
            case _:
                pass
