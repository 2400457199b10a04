"""Delta debugging: finds the fewest changes that still achieve what all achieve (Zeller and Hildebrandt, TSE 2002).

The result is 1-minimal: without any single one of its changes it no longer passes, if the time was long enough to try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_FEW = 16
"""Up to so many changes are first tried one by one: often a single one is the repair."""


def fewer(items: Sequence[T], first: Callable[[Iterable[Sequence[T]]], Sequence[T] | None]) -> Iterator[Sequence[T]]:
    """Yield ever smaller selections of `items` that pass; the last one that is yielded is needed as a whole.

    `first` returns the first of several selections that passes, None where none does; it may consume them lazily.
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
    """Yield the items without one of `parts` parts, for each part, the last one first."""
    ends = [len(items) * part // parts for part in range(parts + 1)]
    for part in reversed(range(parts)):
        yield [*items[: ends[part]], *items[ends[part + 1] :]]
