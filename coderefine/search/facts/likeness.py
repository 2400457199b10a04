"""How names resemble each other: one misspelt, or a pair such as `left` and `right`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

_OPPOSITES: tuple[tuple[str, ...], ...] = (
    ("left", "right"), ("l", "r"), ("row", "col"), ("rows", "cols"), ("min", "max"), ("mn", "mx"), ("lo", "hi"),
    ("low", "high"), ("start", "end"), ("first", "second"), ("first", "last"), ("prev", "cur", "curr", "next"),
    ("fast", "slow"), ("begin", "end"), ("top", "bottom"), ("up", "down"), ("odd", "even"), ("src", "dst"),
    ("pre", "post"), ("head", "tail"), ("width", "height"), ("key", "value"), ("k", "v"), ("small", "large"),
    ("inc", "dec"), ("pos", "neg"), ("front", "back"), ("inorder", "preorder", "postorder"), ("u", "v"),
)  # fmt: skip
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_PART = re.compile(r"[A-Za-z][a-z]*|\d+")


@lru_cache(maxsize=20_000)
def similarity(first: str, second: str) -> float:
    """Return how alike two names are, from 0 to 1; a name within the other counts as alike."""
    ratio = SequenceMatcher(None, first.lower(), second.lower(), autojunk=False).ratio()
    short, long = sorted((first.lower(), second.lower()), key=len)
    return max(ratio, 0.7) if len(short) >= 2 and short in long else ratio


def closest(name: str, candidates: Iterable[str]) -> list[tuple[str, float]]:
    """Return the candidates with a weight, most similar first."""
    weighted = [(other, similarity(name, other)) for other in dict.fromkeys(candidates) if other != name]
    return sorted(weighted, key=lambda pair: -pair[1])


def near(name: str, candidates: Sequence[str], count: int) -> list[tuple[str, float]]:
    """Return the closest of many candidates, of those that resemble `name` at all."""
    return closest(name, get_close_matches(name, candidates, count, 0.5))


def words(name: str) -> list[str]:
    """Return the words that make up a name, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def paired(first: str, second: str) -> bool:
    """Return whether two names look like a pair, such as `p1` and `p2`, `left` and `right`, `i` and `j`."""
    if len(first) == len(second) == 1:
        return abs(ord(first) - ord(second)) == 1 or opposite(first, second)
    if len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1:
        return True
    one, other = _PART.findall(first), _PART.findall(second)
    if len(one) != len(other):
        return False
    different = [(a.lower(), b.lower()) for a, b in zip(one, other, strict=True) if a != b]
    return len(different) == 1 and opposite(*different[0])


def opposite(first: str, second: str) -> bool:
    """Return whether two words stand for opposites, such as `left` and `right`."""
    return first != second and any(first in group and second in group for group in _OPPOSITES)
