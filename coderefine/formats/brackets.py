"""Finds lists within a text by their brackets, without those in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

OPENING, CLOSING = "([{", ")]}"
_STRINGS = {quote: re.compile(rf"{quote}(?:[^{quote}\\]|\\.)*{quote}") for quote in "'\""}


def arrays(text: str) -> list[str]:
    """Return the lists in a text that follow one another, separated by blanks or commas."""
    found: list[str] = []
    depth, start = 0, 0
    for at, sign in signs(text):
        if sign in OPENING:
            start = at if depth == 0 else start
            depth += 1
        elif sign in CLOSING:
            depth -= 1
            if depth == 0:
                found.append(text[start : at + 1])
    return found


def signs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the characters of a text outside of quotes, with their positions; a quote that is never closed is
    included.
    """
    at, open_ended = 0, set[str]()
    while at < len(text):
        sign = text[at]
        if sign in _STRINGS and sign not in open_ended:
            if match := _STRINGS[sign].match(text, at):
                at = match.end()
                continue
            open_ended.add(sign)  # it is not searched for again, to the end of the text each time
        yield at, sign
        at += 1
