"""Lists within a text, found by their brackets; what stands in quotes is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

OPENING, CLOSING = "([{", ")]}"
_STRINGS = {quote: re.compile(rf"{quote}(?:[^{quote}\\]|\\.)*{quote}") for quote in "'\""}


def arrays(text: str) -> list[str]:
    """Return the lists that stand in a text one behind the other, whatever blanks or commas part them."""
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
    """The signs of a text that are not in quotes, with their places; a quote that nothing ends is a sign."""
    at, open_ended = 0, set[str]()
    while at < len(text):
        sign = text[at]
        if sign in _STRINGS and sign not in open_ended:
            if match := _STRINGS[sign].match(text, at):
                at = match.end()
                continue
            open_ended.add(sign)  # it is not looked for again, to the end of the text each time
        yield at, sign
        at += 1
