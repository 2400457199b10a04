"""A line of code as classes of tokens, independent of the names that its author chose.

Names are numbered by their first occurrence in the line, so that `a < a` differs from `a < b`. Names of the language,
of its builtins and of common methods stay as they are.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"(?P<string>[rbufRBUF]{0,2}(?:'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"))"
    r"|(?P<comment>#[^\n]*)|(?P<number>\d[\w.]*)|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*=?|//=?|<<=?|>>=?|[-+*/%&|^@=!<>:]=|->|\.\.\.|[^\w\s])",
    re.DOTALL,
)
_KEPT = frozenset(keyword.kwlist) | frozenset(name for name in dir(builtins) if name.islower())
_METHODS_TEXT = """
append add extend insert pop popleft appendleft remove discard clear sort reverse index count find get items keys
values update setdefault split join strip rstrip lstrip replace startswith endswith isdigit isalpha upper lower
copy read readline write format union intersection
"""
_METHODS = frozenset(_METHODS_TEXT.split())
_NUMBERS = frozenset({"0", "1", "2", "10", "0.5", "100"})
_MOST_NAMES = 6
Line = tuple[str, ...]


def lines_of(text: str) -> Iterator[tuple[int, Line]]:
    """Yield the lines with code, each with its number in the text, from 1; a multi-line string is one token."""
    line: list[str] = []
    names: dict[str, str] = {}
    number, at, before = 1, 0, ""
    for match in _TOKEN.finditer(text):
        passed = text.count("\n", at, match.start())
        if passed:
            if line:
                yield number, tuple(line)
            line, names, before = [], {}, ""
            number += passed
        at = match.start()
        kind, token = match.lastgroup, match[0]
        if kind == "comment":
            continue
        line.append(_class(kind, token, before, names))
        before = token
    if line:
        yield number, tuple(line)


def _class(kind: str | None, token: str, before: str, names: dict[str, str]) -> str:
    if kind == "string":
        body = token.lstrip("rbufRBUF")
        return "''" if len(body) == 2 else "'c'" if len(body) == 3 else "'s'"
    if kind == "number":
        return token if token in _NUMBERS else "9"
    if kind == "name":
        if before == ".":
            return token if token in _METHODS else "attr"
        if token in _KEPT:
            return token
        return names.setdefault(token, f"n{min(len(names), _MOST_NAMES)}")
    return token


def grams(line: Line, length: int) -> Iterator[tuple[str, ...]]:
    """Yield each token, and the end of a line, with the tokens before it, at most `length` in all."""
    padded = ("^", *line, "$")
    for end in range(2, len(padded) + 1):
        yield padded[max(0, end - length) : end]
