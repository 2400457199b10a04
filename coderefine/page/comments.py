"""Reads the page of a problem from a program's comments and docstrings, where people keep it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coderefine.page.text import Line, lines_of

_QUOTES = re.compile(r"[rRuU]?(\"\"\"|''')")
_COMMENT = re.compile(r"#+ ?|//+ ?|\* ?|/\*+ ?|\*/")
_MOSTLY = 0.6


def comments(source: str) -> list[Line]:
    """Return the lines of a program's comments and triple-quoted texts, at their places; other lines are blank.

    The program need not parse.
    """
    return list(_said(lines_of(source)))


def _said(lines: list[Line]) -> Iterator[Line]:
    quote = ""
    for line in lines:
        text = line.text.strip()
        if quote:
            said, found, _ = text.partition(quote)
            quote = "" if found else quote
        elif text.startswith("#"):
            said = text.lstrip("#").removeprefix(" ")
        elif match := _QUOTES.match(text):
            said, found, _ = text[match.end() :].partition(match[1])
            quote = "" if found else match[1]
        else:
            said = ""
        yield Line(line.number, "" if said.startswith("@lc") else said)


def uncommented(lines: list[Line]) -> list[Line]:
    """Return the lines of a page without comment marks, where most of them have one."""
    full = [line for line in lines if not line.is_blank]
    marked = [line for line in full if _COMMENT.match(line.text.lstrip())]
    if len(marked) < _MOSTLY * len(full) or len(full) < 3:
        return lines
    return [Line(line.number, _bare(line.text)) for line in lines]


def _bare(text: str) -> str:
    stripped = text.lstrip()
    match = _COMMENT.match(stripped)
    return stripped[match.end() :] if match else text
