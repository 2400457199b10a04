"""How unusual the tokens are that a patch adds and removes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from coderefine.search.natural.model import Model
from coderefine.search.natural.tokens import lines_of

_STRANGEST, _NEW, _OLD = 0.2, 0.2, 0.2
"""How much a unit of surprise counts in the logarithm of a belief: of the strangest new token, of the average new
token, and of the average removed one. They were chosen by the ranks of right patches, in two halves of three sets of
programs.
"""
_USUAL_STRANGEST, _USUAL_NEW, _USUAL_OLD = 5.0, 2.5, 2.0
"""The usual surprise, assumed where a patch adds or removes no new class of token, as when one name replaces
another.
"""


@dataclass(frozen=True, slots=True)
class _Look:
    """The tokens of a text with those before them: how often each occurs, and its surprise."""

    counts: Counter[tuple[str, ...]]
    surprise: dict[tuple[str, ...], float]


class Naturalness:
    """Compares patches of one program."""

    def __init__(self, model: Model, before: str) -> None:
        self._model = model
        self._known: dict[tuple[str, ...], list[tuple[tuple[str, ...], float]]] = {}
        self._before = self._look(before)

    def gain(self, after: str) -> float:
        """Return how much more natural a patch makes a program, as the logarithm of a factor of belief."""
        look = self._look(after)
        new = [look.surprise[gram] for gram in (look.counts - self._before.counts).elements()]
        old = [self._before.surprise[gram] for gram in (self._before.counts - look.counts).elements()]
        strangest, usual = (max(new), sum(new) / len(new)) if new else (_USUAL_STRANGEST, _USUAL_NEW)
        gone = sum(old) / len(old) if old else _USUAL_OLD
        return _OLD * gone - _STRANGEST * strangest - _NEW * usual

    def _look(self, text: str) -> _Look:
        counts: Counter[tuple[str, ...]] = Counter()
        surprise: dict[tuple[str, ...], float] = {}
        for _, line in lines_of(text):
            if line not in self._known:  # most lines are the same in all patches
                self._known[line] = self._model.surprises(line)
            for gram, its_surprise in self._known[line]:
                counts[gram] += 1
                surprise[gram] = its_surprise
        return _Look(counts, surprise)
