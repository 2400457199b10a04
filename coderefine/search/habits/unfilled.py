"""A container that begins empty and stays empty: something should be put into it in a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.containers import filled
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import inserted, stands_alone
from coderefine.search.given.evidence import Evidence

_FORMS = {"list": "{}.append({})", "set": "{}.add({})", "dict": "{}[{}] = {}"}
_LATEST = 4
"""The most names that are tried, the latest."""
_UNREAD = 4.0
"""How much likelier a value is that is not read elsewhere."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    empty = dict(_empty(program))
    used = filled(program)
    for name, (kind, start) in empty.items():
        if name in used or program.stored[name] > 1 or not program.loaded[name]:
            continue
        for loop in program.code:
            if isinstance(loop, ast.For | ast.While) and loop.lineno > start.lineno:
                yield from _put_in(program, loop, name, kind)


def _empty(program: Program) -> Iterator[tuple[str, tuple[str, ast.stmt]]]:
    """Yield names that begin as an empty container, with its kind and the statement."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                yield name, ("list", node)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=[])):
                yield name, ("dict", node)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=kind), args=[])):
                if kind in _FORMS:
                    yield name, (kind, node)
            case _:
                pass


def _put_in(program: Program, loop: ast.For | ast.While, container: str, kind: str) -> Iterator[Change]:
    names = [
        node.id
        for node in ast.walk(loop)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id != container
    ]
    latest = list(dict.fromkeys(reversed(names)))[:_LATEST]
    for block in program.blocks:
        end = block[-1]
        if program.around(end, ast.For, ast.While) is not loop or not stands_alone(program, end):
            continue
        if isinstance(end, ast.Return | ast.Break | ast.Continue):
            continue
        for number, name in enumerate(latest):
            weight = 0.8**number * (1.0 if program.loaded[name] else _UNREAD)
            others = [other for other in latest if other != name] if kind == "dict" else [""]
            for other in others:
                yield inserted(program, end, _FORMS[kind].format(container, name, other), weight)
