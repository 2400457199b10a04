"""Varies texts that are not programs: items of JSON, or words, are dropped, moved, copied or exchanged."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from coderefine.errors import UnreadableError
from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.outside import read_json

_MOST_ITEMS = 10_000
_AT_ONCE = (1, 1, 2, 3)
"""Numbers of rearrangements in a proposal: a single one mostly breaks what works."""
_PARTS = re.compile(r"\S+\s*|\s+")


def items(parent: Entry, rng: random.Random) -> Proposal | None:
    """Drop, copy, move or exchange items of a list in a JSON document."""
    try:
        data = read_json(parent.source)
    except UnreadableError:
        return None
    lists = [it for it in _lists(data) if it and len(it) < _MOST_ITEMS]
    if not lists:
        return None
    chosen = rng.choice(lists)
    notes = [_rearrange(chosen, rng) for _ in range(rng.choice(_AT_ONCE)) if chosen]
    return Proposal(_written(data, parent), f"items: {', '.join(notes)}", (parent.number,))


def splice(parent: Entry, mate: Entry, rng: random.Random) -> Proposal | None:
    """Join the beginning of one JSON list and the end of another's list at the same place."""
    try:
        mine, theirs = read_json(parent.source), read_json(mate.source)
    except UnreadableError:
        return None
    pairs = [(one, other) for one, other in zip(_lists(mine), _lists(theirs), strict=False) if one and other]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    one[rng.randrange(len(one) + 1) :] = other[rng.randrange(len(other) + 1) :]
    return Proposal(_written(mine, parent), f"crossover: items of {mate.number}", (parent.number, mate.number))


def words(parent: Entry, rng: random.Random) -> Proposal | None:
    """Drop, copy, move or exchange words of a text, or characters of a text that is one word."""
    parts: list[Any] = _PARTS.findall(parent.source)
    if len(parts) < 2:
        parts = list(parent.source)
    if not parts:
        return None
    note = _rearrange(parts, rng)
    return Proposal("".join(parts), f"words: {note}", (parent.number,))


def mix(parent: Entry, mate: Entry, rng: random.Random) -> Proposal | None:
    """Join the beginning of one text and the end of another."""
    one, other = ([*_PARTS.findall(it.source)] for it in (parent, mate))
    if len(one) < 2 or len(other) < 2:
        one, other = list(parent.source), list(mate.source)
    joined = one[: rng.randrange(len(one) + 1)] + other[rng.randrange(len(other) + 1) :]
    return Proposal("".join(joined), f"crossover: the end of {mate.number}", (parent.number, mate.number))


def _written(data: Any, parent: Entry) -> str:
    """Return data as JSON with the same end as the parent's text."""
    return json.dumps(data) + ("\n" if parent.source.endswith("\n") else "")


def _lists(data: Any) -> Iterator[list[Any]]:
    if isinstance(data, list):
        yield data
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _lists(item)


def _recombined(found: list[Any], rng: random.Random) -> Any:
    """Return an item with each of its parts taken from one of the others; one of these where they have no parts."""
    one = rng.choice(found)
    alike: list[Any]
    if isinstance(one, list):
        alike = [it for it in found if isinstance(it, list) and len(it) == len(one)]
        return [rng.choice(rng.choice(alike)) for _ in one]
    if isinstance(one, dict):
        alike = [it for it in found if isinstance(it, dict) and it.keys() == one.keys()]
        return {key: rng.choice(alike)[key] for key in one}
    return one


def _rearrange(found: list[Any], rng: random.Random) -> str:
    """Change a list in place; return what was done."""
    at, other = rng.randrange(len(found)), rng.randrange(len(found))
    match rng.choice(("leave out", "leave out", "copy", "recombine", "replace", "move", "exchange", "reverse")):
        case "leave out":
            del found[at]
            return f"item {at} left out"
        case "copy":
            found.insert(other, found[at])
            return f"item {at} copied to {other}"
        case "recombine":
            found.insert(other, _recombined(found, rng))
            return f"an item made of others put at {other}"
        case "replace":
            found[at] = _recombined(found, rng)
            return f"item {at} replaced by one made of others"
        case "move":
            found.insert(other, found.pop(at))
            return f"item {at} moved to {other}"
        case "exchange":
            found[at], found[other] = found[other], found[at]
            return f"items {at} and {other} exchanged"
    first, last = sorted((at, other))
    part: Sequence[Any] = found[first : last + 1]
    found[first : last + 1] = part[::-1]
    return f"items {first} to {last} reversed"
