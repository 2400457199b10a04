"""What may be meant by a call of a function that does not exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.likeness import words
from coderefine.search.facts.program import Program

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


def meant(program: Program, call: ast.Call, name: str) -> Iterator[Change]:
    """Yield replacements for the call of an unknown function: what its name says, a usual function, nothing."""
    for argument in call.args[:1]:
        text = program.segment(argument)
        for template in dict.fromkeys(form for word in words(name) for form in _MEANT.get(word, ())):
            yield program.rewrite(call, template.format(text), 2.0)
    yield from (program.rewrite(call, program.segment(argument), 1.15) for argument in call.args)
    yield from (program.rewrite(call.func, function, 0.9) for function in _USUAL)
