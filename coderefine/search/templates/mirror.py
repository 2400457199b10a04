"""Symmetry: of two neighbouring statements with the same structure, one shows what the other should be.

Examples are two loops over `nums1` and `nums2`, or the branches of an `if` for left and right. The names in which the
headers differ give the translation; where the translation of one body is not the other body, it is a candidate.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.facts.blocks import Block
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.likeness import opposite
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, line_span, stands_alone
from coderefine.search.given.evidence import Evidence

_WORD = re.compile(r"[A-Za-z_]\w*")
_TOKEN = re.compile(r"[A-Za-z_]\w*|\S")


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for first, second, names in _twins(program):
        backwards = {new: old for old, new in names.items()}
        yield from _as(program, first, second, names)
        yield from _as(program, second, first, backwards)


def _twins(program: Program) -> Iterator[tuple[Block, Block, dict[str, str]]]:
    for node in program.code:
        match node:
            case ast.If(body=body, orelse=[ast.If(test=test, body=other)]) if names := _translation(
                program.segment(node.test), program.segment(test)
            ):
                yield body, other, names
            case ast.If(body=body, orelse=[_, *_] as orelse):
                yield body, orelse, _by_opposites(program, [*body, *orelse])
            case _:
                pass
    for block in program.blocks:
        for one, another in pairwise(block):
            match one, another:
                case (
                    (ast.While(test=first, body=body), ast.While(test=second, body=after))
                    | (ast.If(test=first, body=body), ast.If(test=second, body=after))
                    | (ast.For(iter=first, body=body), ast.For(iter=second, body=after))
                ):
                    if names := _translation(program.segment(first), program.segment(second)):
                        yield body, after, names
                case _:
                    pass


def _translation(first: str, second: str) -> dict[str, str] | None:
    """Return the names to exchange that turn one text into the other; None if the texts differ otherwise."""
    one, other = _TOKEN.findall(first), _TOKEN.findall(second)
    if len(one) != len(other):
        return None
    names: dict[str, str] = {}
    for old, new in zip(one, other, strict=True):
        if old != new and (not _WORD.match(old) or not _WORD.match(new) or names.setdefault(old, new) != new):
            return None
    return names or None


def _by_opposites(program: Program, nodes: Block) -> dict[str, str]:
    words = {word for node in nodes for word in _WORD.findall(program.segment(node))}
    pairs = {word: other for word in sorted(words) for other in sorted(words) if opposite(word, other)}
    return {word: other for word, other in pairs.items() if pairs.get(other) == word}


def _as(program: Program, model: Block, block: Block, names: dict[str, str]) -> Iterator[Change]:
    """Yield changes that make a statement of `block` the translation of the one in `model`."""
    both = names | {new: old for old, new in names.items() if new not in names}
    wanted = [_WORD.sub(lambda match: both.get(match[0], match[0]), program.segment(node)) for node in model]
    present = [program.segment(node) for node in block]
    if len(model) > 8 or sum(map(len, wanted)) > 1000:
        return
    missing = [number for number, text in enumerate(wanted) if _plain(text) not in map(_plain, present)]
    for number in missing:
        text = wanted[number]
        if "\n" in text:
            continue
        if len(model) == len(block) and stands_alone(program, block[number]):
            yield program.rewrite(block[number], text, 1.0 if len(missing) == 1 else 0.3)
        if len(model) > len(block) and (number == 0 or number <= len(block)):
            yield _added(program, block, number, text, 1.5 if len(missing) == 1 else 0.4)


def _added(program: Program, block: Block, number: int, text: str, weight: float) -> Change:
    if number < len(block):
        at = line_span(program, block[number])[0]
        indent = indentation(program, block[number])
        line = block[number].lineno
    else:
        at = line_span(program, block[-1])[1]
        indent = indentation(program, block[-1])
        line = (block[-1].end_lineno or block[-1].lineno) + 1
    before = "" if at == 0 or program.text[at - 1] == "\n" else "\n"
    edit = Edit(at, at, f"{before}{indent}{text}\n")
    return Change((edit,), line - (number >= len(block)), f"`{text}` in line {line}", weight)


def _plain(text: str) -> str:
    return "".join(text.split())
