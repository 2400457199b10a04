"""Values at the ends of a domain: least and largest, empty, one item, all equal, sorted, reversed. Programs tend to be
wrong there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from coderefine.harden.domain import Domain, in_order, is_finite

_LENGTH = 12
"""The least length of a list or a text whose items are all equal or in order, where so many are allowed."""
_LONGEST = 200
"""The greatest length of such a list or text, where it need not be longer."""


def corners(domain: Domain, like: Any) -> Iterator[Any]:
    """Yield values at the ends of a domain; some are made of the items of `like`, a value that was seen."""
    match domain.kind:
        case "bool":
            yield from (False, True)
        case "int" | "float":
            yield from _numbers(domain)
        case "str":
            letters = sorted(domain.chars)
            ends = [*letters[:1], *letters[-1:]]
            yield from ("".join(text) for text in _sequences(domain, list(like), ends))
        case "list" if len(domain.inner) == 1:
            ends = list(corners(domain.inner[0], like[0])) if like else []
            yield from (type(like)(items) for items in _sequences(domain, list(like), ends))
        case "list":
            for at, column in enumerate(domain.inner):
                if at < len(like):
                    yield from (type(like)([*like[:at], end, *like[at + 1 :]]) for end in corners(column, like[at]))
        case "tree":
            yield from _trees(domain, [item for item in like if item is not None])
        case _:
            pass


def few_of(domain: Domain, like: Any, count: int) -> list[Any]:
    """Return the number `count`, or the first `count` items of `like` in each type that was seen; else `like` alone."""
    match domain.kind:
        case "int":
            return [count]
        case "float":
            return [float(count)]
        case "str":
            return [like[:count]]
        case "list" if len(domain.inner) == 1:
            return [kind(like[:count]) for kind in domain.types]
    return [like]


def _numbers(domain: Domain) -> Iterator[Any]:
    """Yield the least and the largest number, and numbers around 0."""
    ends = [end for end in (domain.low, domain.high) if is_finite(end)]
    usual = [number for number in (0, 1, -1) if domain.low <= number <= domain.high]
    for end in dict.fromkeys([*ends, *usual]):
        if domain.kind == "float":
            yield float(end)
        elif end == int(end):
            yield int(end)


def _sequences(domain: Domain, like: list[Any], ends: list[Any]) -> Iterator[list[Any]]:
    """Yield the shortest list, one item, lists all equal to one of the `ends`, and the items of `like` in both
    orders.
    """
    least, most = math.ceil(max(0, domain.low)), domain.high
    items = like or ends[:1]
    if items:
        yield (items * (least // len(items) + 1))[:least]
    elif least == 0:
        yield []
    if least <= 1 <= most and items:
        yield items[:1]
    length = int(min(most, max(least, len(like), _LENGTH), max(least, _LONGEST)))
    for end in [*ends[:2], *like[:1]]:
        yield [end] * length
    yield in_order(like)
    yield in_order(like)[::-1]
    yield like[::-1]
    if like:
        yield [like[0]] * len(like)


def _trees(domain: Domain, values: list[Any]) -> Iterator[list[Any]]:
    """Yield trees without a node, with one, and with branches on one side only."""
    if domain.low <= 0:
        yield []
    if not values:
        return
    yield values[:1]
    left: list[Any] = values[:1]
    right: list[Any] = values[:1]
    for value in values[1:]:
        left += [value, None]
        right += [None, value]
    yield left[:-1] if len(values) > 1 else left
    yield right
