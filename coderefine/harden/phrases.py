"""Bounds that statements put in words: the characters of a text, order, distinctness, parity.

A phrase is read for the parameters that its own clause names, and turned into a test of a value.
"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Test = Callable[[Any], bool]

_LOWER, _UPPER, _DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
_PRINTABLE = "".join(map(chr, range(32, 127)))
_ALPHABETS = (
    (r"lower[- ]?case|small letter", _LOWER),
    (r"upper[- ]?case|capital letter", _UPPER),
    (r"\bdigits?\b", _DIGITS),
    (r"\bspaces?\b", " "),
    (r"alphanumeric", _DIGITS + _LOWER + _UPPER),
    (r"printable|\bascii\b", _PRINTABLE),
)
_QUOTED = re.compile(r"'([^'\s]| )'|\"([^\"\s]| )\"")
_CONSISTS = re.compile(r"consists?|contains?|made (?:up )?of|characters?|letters?|digits|string", re.IGNORECASE)
_ITEM = r"-?\d{1,100}\b|'.'|\"[^\"]*\""
_EITHER = re.compile(
    rf"(?:is|are)\s+(?:either\s+)?({_ITEM})((?:\s*,\s*(?:{_ITEM}))*)\s*,?\s+or\s+({_ITEM})(?!.*\bwhere\b)"
)
_ORDERS: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
    (r"strictly (?:increasing|ascending|rising)", lambda a, b: a < b),
    (r"strictly (?:decreasing|descending|falling)", lambda a, b: a > b),
    (r"non-?\s?decreasing", lambda a, b: a <= b),
    (r"non-?\s?increasing|descending|decreasing|from large to small", lambda a, b: a >= b),
    (r"sorted|ascending|increasing|from small to large", lambda a, b: a <= b),
)


def alphabet(line: str) -> str:
    """Return the characters that a text consists of according to a line; "" where the line says nothing about that."""
    if not _CONSISTS.search(line):
        return ""
    quoted = "".join(a or b for a, b in _QUOTED.findall(line))
    if quoted and re.search(
        r"from the set|only (?:of )?(?:the )?char|consists? (?:only )?of (?:the )?(?:char\w* )?['\"]", line
    ):
        return quoted
    lowered = line.lower()
    found = {char for pattern, chars in _ALPHABETS if re.search(pattern, lowered) for char in chars}
    if re.search(r"\bletters?\b", lowered) and not re.search(r"case|small letter|capital letter", lowered):
        found |= set(_LOWER + _UPPER)
    return "".join(sorted(found | set(quoted))) if found else ""


def tests(line: str) -> Iterator[tuple[str, Test]]:
    """Yield (name, test) for each property that a line states in words for the values that it names."""
    lowered = line.lower()
    if re.search(r"\b(?:distinct|unique|no duplicates?|pairwise different)\b", lowered):
        yield "distinct", _distinct
    for pattern, fits in _ORDERS:
        if re.search(pattern, lowered):
            yield "ordered", lambda value, fits=fits: _ordered(value, fits)  # type: ignore[misc]
            break
    if match := re.search(r"\bis (even|odd)\b", lowered):
        parity = int(match[1] == "odd")
        yield "parity", lambda value: type(value) is not int or value % 2 == parity
    if "leading zero" in lowered and re.search(r"\b(?:no|not|without|never)\b", lowered):
        yield "no leading zero", _no_leading_zero
    if match := _EITHER.search(line):
        allowed = [_literal(text) for text in (match[1], *re.findall(_ITEM, match[2]), match[3])]
        yield "one of", lambda value: all(item in allowed for item in _smallest(value))


def leaves(value: Any) -> Iterable[Any]:
    """Yield the scalars in a value, from left to right."""
    if isinstance(value, list | tuple | set):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def _smallest(value: Any) -> Iterator[Any]:
    """Yield the scalars in a value; the characters of a text count as scalars."""
    for leaf in leaves(value):
        yield from leaf if isinstance(leaf, str) else (leaf,)


def _literal(text: str) -> Any:
    return int(text) if text[-1].isdigit() else text[1:-1]


def _distinct(value: Any) -> bool:
    return not isinstance(value, list | tuple | str) or len({repr(item) for item in value}) == len(value)


def _ordered(value: Any, fits: Callable[[Any, Any], bool]) -> bool:
    if not isinstance(value, list | tuple):
        return True
    if value and isinstance(value[0], list | tuple):
        rows = all(_ordered(row, fits) for row in value)
        return rows and all(_ordered(column, fits) for column in zip(*value, strict=False))
    try:
        return all(fits(a, b) for a, b in itertools.pairwise(value))
    except TypeError:
        return False


def _no_leading_zero(value: Any) -> bool:
    if isinstance(value, list) and value and isinstance(value[0], list | str):
        return all(map(_no_leading_zero, value))
    return not isinstance(value, list | str) or len(value) < 2 or value[0] not in (0, "0")
