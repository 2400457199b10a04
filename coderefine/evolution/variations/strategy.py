"""CMA-ES (Hansen and Ostermeier 2001) on the numbers of a document, by the library `cmaes`, where it is installed."""

from __future__ import annotations

import warnings
from typing import Any, Self

from coderefine.evolution.variations.entry import Proposal
from coderefine.evolution.variations.numbers import Number, numbers_of, with_values

_SIGMA = 0.3
"""The first step, relative to each number."""
_MOST_NUMBERS = 200


class Strategy:
    """Asks for points around the best ones; it learns from their order alone, so any order of merit will do."""

    def __init__(self, source: str, numbers: list[Number], optimizer: Any) -> None:
        self._source, self._numbers, self._optimizer = source, numbers, optimizer
        self._asked: dict[str, Any] = {}
        self._told: list[tuple[tuple[float, ...], Any]] = []

    @classmethod
    def of(cls, source: str, seed: int) -> Self | None:
        """Begin at the numbers of a document; None without the library, or for too few or too many numbers."""
        numbers = numbers_of(source, is_code=False)
        if not 2 <= len(numbers) <= _MOST_NUMBERS:
            return None
        try:
            import cmaes
            import numpy
        except ImportError:
            return None
        return cls(source, numbers, cmaes.CMA(mean=numpy.zeros(len(numbers)), sigma=1.0, seed=seed))

    def propose(self) -> Proposal | None:
        """Return the next point."""
        point = self._optimizer.ask()
        scales = [_SIGMA * (abs(it.value) or 1.0) for it in self._numbers]
        values = {
            place: number.value + scale * float(part)
            for place, (number, scale, part) in enumerate(zip(self._numbers, scales, point, strict=True))
        }
        source = with_values(self._source, self._numbers, values)
        if source in self._asked:
            return None
        self._asked[source] = point
        return Proposal(source, f"cma: a point of generation {self._optimizer.generation}", (0,))

    def learn(self, source: str, standing: tuple[float, ...]) -> None:
        """Learn how good a point is; a complete population moves the strategy on."""
        if source not in self._asked:
            return
        self._told.append((standing, self._asked.pop(source)))
        if len(self._told) >= self._optimizer.population_size:
            count = self._optimizer.population_size
            ranked = sorted(self._told[:count], key=lambda it: it[0], reverse=True)
            self._told = self._told[count:]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._optimizer.tell([(point, float(rank)) for rank, (_, point) in enumerate(ranked)])
