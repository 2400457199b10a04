"""A statement in place of a `pass`: those that the rest of its function suggests."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from coderefine.search.facts.blocks import blocks_of
from coderefine.search.facts.edits import Change
from coderefine.search.facts.kinds import Kind
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)
_CONTAINERS: dict[str, tuple[str, ...]] = {
    "list": ("{0}.append({1})", "{0}.pop()"),
    "set": ("{0}.add({1})", "{0}.remove({1})"),
    "deque": ("{0}.append({1})", "{0}.popleft()", "{0}.pop()"),
    "dict": ("{0}[{1}] = {2}",),
}
_LINKS = ("next", "left", "right")
_SIDES = {"left": "right", "right": "left", "+=": "-=", "-=": "+=", "first": "second", "second": "first"}
_SIDE = re.compile(r"\b(?:left|right|first|second)\b|[-+]=")
_BESIDE = 3.0
_TRIED = 5
"""How many of the latest names to try."""
_MOST = 80
"""How many statements to try in place of one `pass`."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    known = program.kinds
    for node in program.code:
        if isinstance(node, ast.Pass):
            # A `pass` among other statements was hardly meant to be filled.
            factor = 1.0 if any(block == [node] for block in blocks_of(program.parents[node])) else _BESIDE
            texts: dict[str, float] = {}
            for text, weight in _statements(program, node, program.definition_around(node), known):
                texts.setdefault(text, weight)
            likeliest = sorted(texts.items(), key=lambda pair: -pair[1])[:_MOST]
            yield from (program.rewrite(node, text, factor * weight) for text, weight in likeliest)


def _statements(
    program: Program, gap: ast.Pass, function: ast.AST, known: dict[str, Kind]
) -> Iterator[tuple[str, float]]:
    inside = [node for node in ast.walk(function) if isinstance(node, ast.expr | ast.stmt)]
    before = sorted(_bound(inside, gap.lineno), key=lambda name: -name[1])
    latest = [name for name, _ in before if name not in ("self", "_")]
    stored = Counter(node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    for name in dict.fromkeys(latest):
        once = 1.0 if stored[name] <= 1 else 0.4
        match known.get(name):
            case "number":
                yield f"{name} += 1", once
                yield f"{name} -= 1", once
            case "node":
                yield from ((f"{name} = {name}.{link}", once) for link in _linked(inside))
            case _:
                pass
    for name, kind in dict.fromkeys(_containers(program.code)):
        for form in _CONTAINERS[kind]:
            for value in list(dict.fromkeys(latest))[:_TRIED] if "{1}" in form else [""]:
                others = [it for it in dict.fromkeys(latest) if it not in (name, value)][:_TRIED]
                if value != name:
                    yield from ((form.format(name, value, other), 0.6) for other in (others if "{2}" in form else [""]))
    for node in inside:
        if isinstance(node, _SIMPLE) and "\n" not in (text := program.segment(node)):
            mirrored = _SIDE.sub(lambda match: _SIDES[match[0]], text)
            yield mirrored, 0.6 if mirrored != text else 0.3
    for call in program.code:
        if isinstance(call, ast.Expr) and isinstance(call.value, ast.Call):
            yield program.segment(call), 0.2
    for name in dict.fromkeys(latest):
        for other in list(dict.fromkeys(latest))[:_TRIED]:
            if name != other and stored[name] and known.get(name) == known.get(other):
                yield f"{name} = {other}", 0.5 if stored[name] == 1 else 0.2


def _bound(inside: list[ast.expr | ast.stmt], line: int) -> Iterator[tuple[str, int]]:
    """Yield the names that are bound before a line, with their lines."""
    for node in inside:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if node.lineno < line:
                yield name, node.lineno
            case ast.FunctionDef(args=arguments) if node.lineno < line:
                yield from ((argument.arg, node.lineno) for argument in arguments.args)
            case _:
                pass


def _linked(inside: list[ast.expr | ast.stmt]) -> list[str]:
    used = {node.attr for node in inside if isinstance(node, ast.Attribute)}
    return [link for link in _LINKS if link in used]


def _containers(inside: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield variables that hold a container, with its type, judged by their initial value or their use."""
    for node in inside:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "add" as method)):
                yield name, "list" if method == "append" else "set"
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                match value:
                    case ast.List():
                        yield name, "list"
                    case ast.Dict():
                        yield name, "dict"
                    case ast.Call(func=ast.Name(id="set" | "deque" | "list" | "dict" as kind)):
                        yield name, kind
                    case _:
                        pass
            case _:
                pass
