"""Other ways to read a line: as a number, as numbers, without its blanks, in parts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_LINE = {
    "int({0})": 1.0, "{0}.split()": 0.8, "list(map(int, {0}.split()))": 0.8, "{0}.strip()": 0.4,
    '{0}.replace(" ", "")': 0.5, "float({0})": 0.2, "list({0})": 0.2,
}  # fmt: skip
_PARTS = {"list(map(int, {0}))": 1.0, '"".join({0})': 0.3, "sorted({0})": 0.3, "list({0})": 0.3}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id="input" | "readline"), args=[]):
                yield from _read(program, node)
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="stdin"), attr="readline"), args=[]):
                yield from _read(program, node)
            case _:
                pass


def _read(program: Program, call: ast.Call) -> Iterator[Change]:
    text = program.segment(call)
    match program.parents[call]:
        case ast.Assign() | ast.For():
            yield from (program.rewrite(call, form.format(text), weight) for form, weight in _LINE.items())
        case ast.Call(func=ast.Name(id="int" | "float")) as outer:
            yield program.rewrite(outer, text, 0.4)
            yield program.rewrite(outer, f"list(map(int, {text}.split()))", 0.4)
            other = "float" if isinstance(outer.func, ast.Name) and outer.func.id == "int" else "int"
            yield program.rewrite(outer, f"{other}({text})", 0.4)
        case ast.Call(func=ast.Name(id="list")) as outer:
            yield program.rewrite(call, f"{text}.split()", 1.0)
            yield program.rewrite(call, f"map(int, {text}.split())", 1.0)
        case ast.Attribute(attr="split") as outer:
            split = program.call_of(outer)
            if split is None:
                return
            whole = program.segment(split)
            if isinstance(program.parents[split], ast.Assign):
                yield from (program.rewrite(split, form.format(whole), weight) for form, weight in _PARTS.items())
                return
            match program.parents[split]:
                case ast.Call(func=ast.Name(id="map")) as mapping if isinstance(program.parents[mapping], ast.Assign):
                    mapped = program.segment(mapping)
                    yield program.rewrite(mapping, f"list({mapped})", 1.0)
                    yield program.rewrite(mapping, f"sorted({mapped})", 0.3)
                case _:
                    pass
        case _:
            pass
