"""Regular expressions: `*` for `+`, a dot that is any character, an end that is not said, a greedy quantifier."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_TAKING = frozenset({"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"})
_LITERAL = re.compile(r"([rR]?)([\"'])([^\n]*)\2", re.DOTALL)
_QUANTIFIER = re.compile(r"(?<!\\)[*+](?![?+])")
_DOT = re.compile(r"(?<![\\\[])\.(?![*+?])")


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re" | "regex"), attr=name),
                args=[ast.Constant(value=str()) as it, *_],
            ) if name in _TAKING:
                if literal := _LITERAL.fullmatch(program.segment(it)):
                    head, quote, pattern = literal.groups()
                    for other, weight in _others(pattern):
                        yield program.rewrite(it, f"{head}{quote}{other}{quote}", weight)
            case _:
                pass


def _others(pattern: str) -> Iterator[tuple[str, float]]:
    for found in _QUANTIFIER.finditer(pattern):
        before, after = pattern[: found.start()], pattern[found.end() :]
        yield f"{before}{'+' if found[0] == '*' else '*'}{after}", 1.0
        yield f"{before}{found[0]}?{after}", 0.5
        yield before + after, 0.3
    for found in _DOT.finditer(pattern):
        yield f"{pattern[: found.start()]}\\.{pattern[found.end() :]}", 0.6
    if pattern and not pattern.endswith(("$", "\\Z")):
        yield f"{pattern}$", 0.6
    if not pattern.startswith("^"):
        yield f"^{pattern}", 0.3
    for one, other in (("\\d", "\\w"), ("\\w", "\\d"), ("\\s", "\\S"), ("a-z", "a-zA-Z"), ("A-Z", "a-zA-Z")):
        if one in pattern and not (one in ("a-z", "A-Z") and "a-zA-Z" in pattern):
            yield pattern.replace(one, other, 1), 0.4
