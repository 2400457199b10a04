"""Delta debugging: the fewest changes that still do what all of them do (Zeller and Hildebrandt, TSE 2002).

The result is 1-minimal: without any single one of its changes it no longer passes, as far as there was time to try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_FEW = 16
"""So many changes are tried one by one first: often a single one is the repair."""


def fewer(items: Sequence[T], first: Callable[[Iterable[Sequence[T]]], Sequence[T] | None]) -> Iterator[Sequence[T]]:
    """Yield ever fewer of `items`, which pass together; the last ones that are yielded are needed.

    `first` returns the first of some selections that passes, None where none does; it may take them lazily.
    """
    if 1 < len(items) <= _FEW and (alone := first([item] for item in items)) is not None:
        yield alone
        return
    parts = 2
    while len(items) > 1:
        parts = min(parts, len(items))
        less = first(_without_a_part(items, parts))
        if less is not None:
            yield (items := less)
            parts = max(parts - 1, 2)
        elif parts == len(items):
            return
        else:
            parts *= 2


def _without_a_part(items: Sequence[T], parts: int) -> Iterator[Sequence[T]]:
    """Yield the items without one of so many parts, each in turn, the last part first."""
    ends = [len(items) * part // parts for part in range(parts + 1)]
    for part in reversed(range(parts)):
        yield [*items[: ends[part]], *items[ends[part + 1] :]]
