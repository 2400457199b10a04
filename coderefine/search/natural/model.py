"""A small model of how Python is written: the probability of a token after the three before it.

It was trained on the standard library by `tests/benchmarks/naturalness.py`, which keeps only counts. Where the tokens
never occurred together, fewer of them are considered, at a price (stupid backoff; Brants et al., EMNLP 2007).
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from coderefine.search.natural.tokens import Line, grams

LENGTH = 4
_BACKOFF = math.log(0.4)
_DATA = "counts.json.gz"


@dataclass(frozen=True, slots=True)
class Model:
    """Counts of token sequences, each a string of word numbers."""

    words: Mapping[str, str]
    counts: Mapping[str, int]
    total: int

    def surprise(self, gram: tuple[str, ...]) -> float:
        """Return minus the logarithm of the probability of the last token of `gram` after the others."""
        coded = [self.words.get(token, "-1") for token in gram]
        price = 0.0
        while len(coded) > 1:
            seen = self.counts.get(" ".join(coded))
            context = self.counts.get(" ".join(coded[:-1]))
            if seen and context:
                return price - math.log(min(1.0, seen / context))
            coded = coded[1:]
            price -= _BACKOFF
        return price - math.log(self.counts.get(coded[0], 1) / self.total)

    def surprises(self, line: Line) -> list[tuple[tuple[str, ...], float]]:
        """Return each token of a line with the tokens before it, and its surprise."""
        return [(gram, self.surprise(gram)) for gram in grams(line, LENGTH)]


@cache
def trained() -> Model:
    """Return the model in the package."""
    data = json.loads(gzip.decompress((resources.files(__package__) / _DATA).read_bytes()))
    counts = data["grams"]
    total = sum(count for gram, count in counts.items() if " " not in gram)
    return Model({word: str(at) for at, word in enumerate(data["words"])}, counts, total)
