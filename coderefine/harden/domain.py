"""The values that one place of an argument may have: what the statement says, else the hull of the visible inputs.

A domain is a tree, as the values are. It tells whether it contains a value, makes fresh values, and makes neighbours of
given values. A value that it makes is mostly, but not always, contained in it, so callers check that.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from coderefine.harden.bounds import Constraints
from coderefine.problem.typespec import ANY, CALLED_NODE, TypeSpec

_COLUMNS = 4
"""Rows of up to so many values are records, whose columns have different meanings."""
_MORE = 6
"""The greatest length of fresh lists; twice that of the longest list seen, where that is more."""
_LONG = 200
"""The greatest length of fresh lists in any case, unless the domain requires more."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of one place; `low` and `high` bound numbers, or the length of lists and texts."""

    kind: str
    """int, float, bool, str, list, tree, or atom (a value that was seen)."""
    low: float
    high: float
    seen: tuple[Any, ...]
    chars: str = ""
    inner: tuple[Domain, ...] = ()
    """The domains of a list's items: one for all of them, or one for each column."""
    types: tuple[type, ...] = (list,)
    """The types of the lists that were seen: tuples count as lists here."""

    @classmethod
    def of(
        cls,
        name: str,
        seen: Sequence[Any],
        constraints: Constraints,
        spec: TypeSpec = ANY,
        path: tuple[int | None, ...] = (),
    ) -> Self:
        """Return the domain at a place of a parameter, from the values seen there."""
        kind = _kind(seen, spec)
        limits = constraints.of(name, path, length=kind in ("str", "list", "tree"))
        sizes = [size for size in map(_size(kind), seen) if size is not None] or [0]
        low = min(sizes) if limits.low is None else limits.low
        high = max(sizes) if limits.high is None else limits.high
        chars = ""
        inner: tuple[Domain, ...] = ()
        if kind == "str":
            chars = constraints.alphabets.get(name, "") or "".join(sorted({char for text in seen for char in text}))
        if kind in ("list", "tree"):
            rows = [row for row in seen if row]
            width = len(rows[0]) if rows else 0
            item = next((arg for arg in spec.args if spec.name in ("list", "tuple*", "set")), ANY)
            if path and kind == "list" and 0 < width <= _COLUMNS and all(len(row) == width for row in rows):
                inner = tuple(
                    cls.of(name, [row[at] for row in rows], constraints, item, (*path, at)) for at in range(width)
                )
            else:
                items = [it for row in rows for it in row if not (kind == "tree" and it is None)]
                inner = (cls.of(name, items, constraints, item, (*path, None)),)
            if any(domain.is_unknown for domain in inner):  # items that were never seen cannot be made
                kind, inner = "atom", ()
        types = tuple(dict.fromkeys(type(value) for value in seen)) if kind == "list" and seen else (list,)
        return cls(kind, low, high, tuple(seen), chars, inner, types)

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known about its values."""
        return self.kind == "atom" and not self.seen

    def contains(self, value: Any) -> bool:
        """Whether a value belongs to the domain."""
        match self.kind:
            case "bool":
                return type(value) is bool
            case "int":
                return type(value) is int and self.low <= value <= self.high
            case "float":
                known = type(value) is float or (type(value) is int and int in map(type, self.seen))
                return known and self.low <= value <= self.high
            case "str":
                return type(value) is str and self.low <= len(value) <= self.high and set(value) <= set(self.chars)
            case "tree":
                nodes = [item for item in value if item is not None]
                return (
                    self.low <= len(nodes) <= self.high and all(map(self.inner[0].contains, nodes)) and _is_tree(value)
                )
            case "list":
                if type(value) not in self.types or not self.low <= len(value) <= self.high:
                    return False
                return all(self.at(index).contains(item) for index, item in enumerate(value))
        return any(type(value) is type(other) and value == other for other in self.seen)

    def at(self, index: int) -> Domain:
        """Return the domain of an item of a list."""
        return self.inner[index] if index < len(self.inner) > 1 else self.inner[0]

    def fresh(self, rng: random.Random) -> Any:
        """Return a new value, mostly a small one."""
        match self.kind:
            case "bool":
                return rng.random() < 0.5
            case "int":
                return rng.randint(*self._window(rng))
            case "float":
                return round(rng.uniform(*self._window(rng)), 1)
            case "str":
                few = rng.sample(self.chars, min(len(self.chars), rng.choice((1, 2, 3, 30))))
                return "".join(rng.choice(few) for _ in range(self._length(rng))) if few else ""
            case "list":
                length = len(self.inner) if len(self.inner) > 1 else self._length(rng)
                # Few distinct values make coincidences, which is where programs differ.
                low = rng.random() < 0.5 and self.inner[0].kind == "int" and len(self.inner) == 1
                window = self.inner[0]._window(rng) if low else (0, 0)
                items = [rng.randint(*window) if low else self.at(index).fresh(rng) for index in range(length)]
                return self.types[0](items)
            case "tree":
                return _tree(rng, self._length(rng), lambda: self.inner[0].fresh(rng))
        return rng.choice(self.seen)

    def neighbour(self, value: Any, rng: random.Random) -> Any:
        """Return a value that differs from another by a small change."""
        match self.kind:
            case "int" | "float":
                step = rng.choice((1, -1, 1, -1, 2, -2))
                ends = [int(end) for end in (self.low, self.high) if abs(end) <= 10_000]
                found = rng.choice((value + step, value + step, -value, *ends, self.fresh(rng)))
                return float(found) if self.kind == "float" else found
            case "bool":
                return not value
            case "str":

                def letter() -> str:
                    return rng.choice(self.chars) if self.chars else ""

                return "".join(_edited(list(value), rng, letter, lambda at, _: letter()))
            case "list":
                changed = _edited(
                    list(value),
                    rng,
                    lambda: self.inner[0].fresh(rng),
                    lambda at, item: self.at(at).neighbour(item, rng),
                )
                return type(value)(changed)
            case "tree":
                return self._grown(list(value), rng)
        return rng.choice(self.seen)

    def _grown(self, value: list[Any], rng: random.Random) -> list[Any]:
        nodes = [index for index, item in enumerate(value) if item is not None]
        action = rng.choice(("change", "change", "cut", "grow", "fresh"))
        if action == "fresh" or not nodes:
            return list(self.fresh(rng))
        if action == "change":
            at = rng.choice(nodes)
            value[at] = self.inner[0].neighbour(value[at], rng)
        elif action == "cut":
            value = value[: nodes[-1]]
        else:
            value.append(self.inner[0].fresh(rng))
        while value and value[-1] is None:
            value.pop()
        return value

    def _length(self, rng: random.Random) -> int:
        longest = max((len(item) for item in self.seen), default=0)
        low = int(max(0, self.low))
        high = int(min(self.high, max(_MORE, min(2 * longest, _LONG))))
        return rng.randint(low, max(low, min(high, low + _MORE if rng.random() < 0.7 else high)))

    def _window(self, rng: random.Random) -> tuple[int, int]:
        """Return a range of numbers to draw from: the numbers seen, or a narrow part of those allowed."""
        numbers = [item for item in self.seen if type(item) in (int, float)] or [0]
        low, high = max(self.low, math.floor(min(numbers))), min(self.high, math.ceil(max(numbers)))
        if rng.random() < 0.6:
            start = rng.choice((low, max(self.low, low - 3), max(self.low, 0), max(self.low, 1)))
            low, high = start, min(self.high, start + rng.choice((1, 2, 3, 5, 10)))
        low = int(max(min(low, high), -(10**9)))
        return low, int(max(low, min(high, 10**9)))


def _edited(
    items: list[Any], rng: random.Random, new: Callable[[], Any], change: Callable[[int, Any], Any]
) -> list[Any]:
    """Return items after one of the edits that also make test cases for sorting, searching and counting."""
    if not items:
        return [new()]
    at, other = rng.randrange(len(items)), rng.randrange(len(items))
    match rng.randrange(13):
        case 0:
            del items[at]
        case 1:
            items.insert(other, items[at])
        case 2:
            items[at], items[other] = items[other], items[at]
        case 3:
            items[at] = items[other]
        case 4:
            items.reverse()
        case 5:
            items = in_order(items)
        case 6:
            items = items[: at + 1]
        case 7:
            items = items[at:]
        case 8:
            items = [items[at]] * len(items)
        case 9:
            items = items + items
        case 10:
            items.insert(at, new())
        case 11:
            rng.shuffle(items)
        case _:
            items[at] = change(at, items[at])
    return items


def in_order(items: list[Any]) -> list[Any]:
    """Return items in their own order, or in the order of their texts where they cannot be compared."""
    try:
        return sorted(items)
    except TypeError:
        return sorted(items, key=repr)


_KINDS: tuple[tuple[set[type], str], ...] = (
    ({bool}, "bool"), ({int}, "int"), ({int, float}, "float"), ({str}, "str"), ({list, tuple}, "list"),
)  # fmt: skip


def _kind(seen: Sequence[Any], spec: TypeSpec) -> str:
    if spec.nodes == "TreeNode" and all(isinstance(value, list) for value in seen):
        return "tree"
    if spec.nodes in CALLED_NODE:
        return "atom"
    kinds = {type(value) for value in seen}
    if tuple in kinds and not (
        spec.name == "tuple*" or (spec == ANY and len({len(value) for value in seen if isinstance(value, tuple)}) > 1)
    ):
        return "atom"  # its places may have different meanings
    if not kinds:
        return {"ListNode": "list"}.get(
            spec.name, spec.name if spec.name in ("int", "float", "str", "bool") else "atom"
        )
    for known, kind in _KINDS:
        if kinds <= known:
            if "float" in (kind, spec.name if kind == "int" else ""):
                return "float" if all(map(is_finite, seen)) else "atom"
            return kind
    return "atom"


def is_finite(number: float) -> bool:
    """Return whether a number is finite as a float."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _size(kind: str) -> Callable[[Any], float | None]:
    if kind in ("int", "float"):
        return lambda value: float(value) if kind == "float" else value
    if kind == "tree":
        return lambda value: sum(item is not None for item in value)
    return lambda value: len(value) if isinstance(value, str | list | tuple) else None


def _is_tree(value: list[Any]) -> bool:
    """Whether a list is a tree in level order: every entry has a parent, and the last one is a node."""
    places = 1
    for item in value:
        if places == 0:
            return False
        places += 1 if item is not None else -1
    return not value or (value[0] is not None and value[-1] is not None)


def _tree(rng: random.Random, nodes: int, value: Callable[[], Any]) -> list[Any]:
    found: list[Any] = []
    places = 1
    while nodes and places:
        node = places == 1 or rng.random() < 0.7
        found.append(value() if node else None)
        places += 1 if node else -1
        nodes -= node
    return found
