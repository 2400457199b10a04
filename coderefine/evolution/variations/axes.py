"""Moves one number after another, by steps that adapt (Rosenbrock 1960): for documents that take long to measure."""

from __future__ import annotations

from typing import Self

from coderefine.evolution.variations.entry import Entry, Move, Proposal
from coderefine.evolution.variations.numbers import numbers_of, shown, with_values

_FIRST = 0.5
"""The first step, relative to each number."""
_GAIN, _LOSS = 3.0, -0.5
"""The factors of a step after a gain, and after none: then it is also reversed."""
_LEAST = 1e-4
"""The size of a step, relative to the first, at which a number is left alone."""
_MOST_NUMBERS = 50


class Axes:
    """Holds a step for each number of a document, and which number is next."""

    def __init__(self, steps: list[float]) -> None:
        self._first, self._steps, self._next = [abs(it) for it in steps], list(steps), 0
        self._asked: dict[str, tuple[int, tuple[float, ...]]] = {}

    @classmethod
    def of(cls, source: str) -> Self | None:
        """Begin at the numbers of a document; None where it has none, or too many."""
        numbers = numbers_of(source, is_code=False)
        if not 1 <= len(numbers) <= _MOST_NUMBERS:
            return None
        return cls([max(1.0 if it.is_whole else 0.0, _FIRST * (abs(it.value) or 1.0)) for it in numbers])

    def propose(self, best: Entry) -> Proposal | None:
        """Return the best candidate with its next number moved.

        None where it has other numbers, or all steps are done.
        """
        numbers = numbers_of(best.source, is_code=False)
        if len(numbers) != len(self._steps):
            return None
        for _ in self._steps:
            place, self._next = self._next, (self._next + 1) % len(self._steps)
            number, step = numbers[place], self._steps[place]
            value = number.value + step
            is_small = abs(step) < _LEAST * self._first[place]
            if is_small or shown(value, is_whole=number.is_whole) == shown(number.value, is_whole=number.is_whole):
                continue
            source = with_values(best.source, numbers, {place: value})
            self._asked[source] = place, best.standing
            move = Move(place, number.value, value)
            return Proposal(source, f"axes: {number.value:g} to {value:.4g}", (best.number,), move)
        return None

    def learn(self, source: str, standing: tuple[float, ...]) -> None:
        """Lengthen the step of a number where it was a gain over the best at that time; else reverse and halve it."""
        if source in self._asked:
            place, before = self._asked.pop(source)
            self._steps[place] *= _GAIN if standing > before else _LOSS
