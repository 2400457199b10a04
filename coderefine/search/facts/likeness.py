"""Names that resemble others, and what a call of a function that does not exist was meant to be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches

from coderefine.search.facts.program import Change, Program

_MEANT: dict[str, tuple[str, ...]] = {
    "sum": ("sum({})",), "total": ("sum({})",), "max": ("max({})",), "maximum": ("max({})",), "min": ("min({})",),
    "minimum": ("min({})",), "abs": ("abs({})",), "length": ("len({})",), "len": ("len({})",), "size": ("len({})",),
    "count": ("len({})", "Counter({})"), "sort": ("sorted({})",), "sorted": ("sorted({})",), "set": ("set({})",),
    "reverse": ("{}[::-1]", "reversed({})"), "reversed": ("{}[::-1]", "reversed({})"), "unique": ("set({})",),
    "values": ("list({}.values())", "{}.values()"), "keys": ("list({}.keys())", "{}.keys()"), "str": ("str({})",),
    "items": ("list({}.items())", "{}.items()"), "string": ("str({})",), "int": ("int({})",), "list": ("list({})",),
    "upper": ("{}.upper()",), "lower": ("{}.lower()",), "copy": ("{}.copy()", "{}[:]"), "next": ("{}.next",),
    "strip": ("{}.strip()",), "square": ("{} ** 2",), "any": ("any({})",), "all": ("all({})",), "print": ("print({})",),
}  # fmt: skip
_USUAL = ("len", "sum", "max", "min", "sorted", "list", "set", "abs")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def similarity(first: str, second: str) -> float:
    """How alike two names are, from 0 to 1; a name within the other counts as alike."""
    ratio = SequenceMatcher(None, first.lower(), second.lower(), autojunk=False).ratio()
    short, long = sorted((first.lower(), second.lower()), key=len)
    return max(ratio, 0.7) if len(short) >= 2 and short in long else ratio


def closest(name: str, candidates: Iterable[str]) -> list[tuple[str, float]]:
    """The candidates with a weight, most similar first."""
    weighted = [(other, similarity(name, other)) for other in dict.fromkeys(candidates) if other != name]
    return sorted(weighted, key=lambda pair: -pair[1])


def near(name: str, candidates: Sequence[str], count: int) -> list[tuple[str, float]]:
    """The closest of many candidates, of those that resemble `name` at all."""
    return closest(name, get_close_matches(name, candidates, count, 0.5))


def words(name: str) -> list[str]:
    """The words of which a name is made, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def meant(program: Program, call: ast.Call, name: str) -> Iterator[Change]:
    """What the call of an unknown function `name` may stand for: what its name says, a usual function, nothing."""
    for argument in call.args[:1]:
        text = program.segment(argument)
        for template in dict.fromkeys(form for word in words(name) for form in _MEANT.get(word, ())):
            yield program.rewrite(call, template.format(text), 2.0)
    yield from (program.rewrite(call, program.segment(argument), 1.15) for argument in call.args)
    yield from (program.rewrite(call.func, function, 0.9) for function in _USUAL)


def call_of(program: Program, node: ast.expr) -> ast.Call | None:
    """The call of `node`, if it is called."""
    parent = program.parents.get(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else None


def everywhere(program: Program, nodes: Sequence[ast.expr], text: str, weight: float) -> Change:
    """`text` in the place of all `nodes`."""
    first = nodes[0]
    edits = tuple(program.replace(node, text) for node in nodes)
    note = f"`{program.segment(first)}` to `{text}` in line {first.lineno}"
    return Change(edits, first.lineno, note, weight)
