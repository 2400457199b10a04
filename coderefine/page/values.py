"""Reads values as pages write them: `nums = [2, 7], target = 9`, one on each line, JSON lists, words without quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from coderefine.formats.brackets import CLOSING, OPENING, signs
from coderefine.formats.literals import NotLiteral, literal, worded
from coderefine.problem import typespec
from coderefine.problem.typespec import TypeSpec

_NAME = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)\s*")
_LINKED = re.compile(r"\s*-?\w+(?:\s*->\s*-?\w+)+\s*")
_WORDS = {"true": True, "false": False, "null": None, "nullptr": None, "undefined": None}


def named(text: str) -> dict[str, str]:
    """Return the texts of values by their names, in order; {} where the text does not begin with `name =`."""
    found: dict[str, str] = {}
    name, start = "", 0
    for at in _outside(text):
        if (at and (text[at - 1].isalnum() or text[at - 1] in "_.")) or not (match := _NAME.match(text, at)):
            continue
        if at < start:
            continue
        if name:
            found[name] = _bare(text[start:at])
        elif _bare(text[:at]):
            return {}
        name, start = match[1], match.end()
    return {**found, name: _bare(text[start:])} if name else {}


def listed(text: str, count: int) -> list[str]:
    """Return the texts of `count` values without names, separated by lines or commas."""
    if count == 1:
        return [_bare(text)]
    lines = [_bare(line) for line in text.split("\n") if line.strip()]
    return lines if len(lines) == count else top_level(text)


def top_level(text: str) -> list[str]:
    """Return the parts that commas and line ends separate, outside of brackets and quotes."""
    cuts = [-1, *(at for at in _outside(text) if text[at] in ",\n"), len(text)]
    parts = (_bare(text[one + 1 : two]) for one, two in pairwise(cuts))
    return [part for part in parts if part]


def value(text: str, spec: TypeSpec) -> Any:
    """Return the value of type `spec` in a text; raises NotLiteral."""
    try:
        return typespec.from_json(spec, _data(text, spec), "")
    except typespec.TypeSpecError as error:
        raise NotLiteral(str(error).removeprefix(": ")) from None


def _data(text: str, spec: TypeSpec) -> Any:
    if spec.nodes == "ListNode" and _LINKED.fullmatch(text):
        parts = [part for part in text.split("->") if part.strip().upper() not in ("NULL", "NONE")]
        return [literal(worded(part, _WORDS)) for part in parts]
    try:
        return literal(worded(text, _WORDS))
    except NotLiteral:
        if str(spec) == "str" and "\n" not in text.strip():  # as older pages write it
            return text.strip()
        raise


def _bare(text: str) -> str:
    return text.strip().strip("`").strip(",;").strip()


def _outside(text: str) -> Iterator[int]:
    """Yield the positions outside of brackets and quotes."""
    depth = 0
    for at, sign in signs(text):
        if sign in OPENING:
            depth += 1
        elif sign in CLOSING:
            depth -= 1
        elif depth == 0:
            yield at
