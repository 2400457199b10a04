"""Another function, method or field of the same family; `pop()` to `pop(0)`; one link more or fewer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

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
_LINKS = frozenset({"left", "right", "next"})


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id=name) as function) if name in _CALLEES:
                for number, other in enumerate(_CALLEES[name]):
                    yield program.rewrite(function, other, 1.0 if number == 0 else 0.4)
            case ast.Call(func=ast.Attribute(attr="pop") as function, args=[] | [ast.Constant()] as items):
                edit = Edit(program.span(function)[1] - 3, program.span(node)[1], "pop()" if items else "pop(0)")
                yield program.change(node, edit, 2.0 if items else 1.5)
            case ast.Call(func=ast.Attribute(attr="popitem") as function, args=[], keywords=given):
                edit = Edit(program.span(function)[1], program.span(node)[1], "()" if given else "(last=False)")
                yield program.change(node, edit, 1.5)
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
