"""Which of the plausible patches is most likely right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from coderefine.search.facts.program import Program
from coderefine.search.state import State

_WORD = re.compile(r"\w+|[^\w\s]")
_COMMENT = re.compile(r"""#[^"'\n]*$""", re.MULTILINE)  # what is commented out is lost
EDIT = 0.4
"""How likely one edit more is right."""
_LOST, _NEW = 0.96, 0.95
"""The same of a word that is lost, and of one that is new."""
_ORPHAN = 0.4
"""The same of a variable that nothing reads any more, and something did."""


@dataclass(frozen=True)
class _Patch:
    """A plausible state, compared with the program to repair."""

    state: State
    hunks: frozenset[tuple[int, int, tuple[str, ...]]]
    """Which words it replaces, by their places, and by what."""
    read: frozenset[str] = frozenset()
    """The variables that the program to repair reads."""

    @cached_property
    def notes(self) -> frozenset[str]:
        """Its edits."""
        return frozenset(self.state.notes)

    @cached_property
    def size(self) -> tuple[int, int]:
        """How many words it loses, and how many it adds."""
        return sum(end - start for start, end, _ in self.hunks), sum(len(words) for _, _, words in self.hunks)

    @cached_property
    def belief(self) -> float:
        """How likely it is right: its prior, less for each edit, word that it changes and variable it orphans."""
        lost, new = self.size
        orphans = sum(name in self.read and not self.state.program.loaded[name] for name in self.state.program.stored)
        return self.state.prior * EDIT ** len(self.state.notes) * _LOST**lost * _NEW**new * _ORPHAN**orphans

    def is_part_of(self, other: _Patch) -> bool:
        """Whether the other patch does the same and more: by its edits, or by the words that it changes."""
        return self.notes < other.notes or bool(self.hunks and self.hunks < other.hunks)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A plausible state and how likely it is right, as far as its text tells; the likeliest first."""

    state: State
    belief: float
    is_odd: bool
    """Whether it has something left that cannot be meant."""


def ranked(source: str, plausible: Iterable[State], senseless: Collection[str] = ()) -> list[Ranked]:
    """Sort plausible states: likely edits first, then small ones.

    Programs that are `senseless` come last, since what cannot be meant is wrong. A patch comes after each that is a
    part of it: no test asks for the rest.
    """
    read = frozenset(Program(source).loaded)
    patches = [_Patch(state, _hunks(source, state.source), read) for state in plausible]
    found = []
    for patch in patches:
        odd = patch.state.source in senseless
        rivals = [other for other in patches if (other.state.source in senseless) == odd]
        beliefs = [other.belief for other in rivals if other.is_part_of(patch)]
        found.append((Ranked(patch.state, min([patch.belief, *beliefs]), odd), patch))

    def order(pair: tuple[Ranked, _Patch]) -> tuple[bool, float, int, int, str]:
        rank, patch = pair
        return rank.is_odd, -rank.belief, sum(patch.size), len(patch.state.notes), patch.state.source

    return [rank for rank, _ in sorted(found, key=order)]


def _hunks(before: str, after: str) -> frozenset[tuple[int, int, tuple[str, ...]]]:
    old, new = (_WORD.findall(_COMMENT.sub("", text)) for text in (before, after))
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return frozenset((i, j, tuple(new[k:m])) for tag, i, j, k, m in codes if tag != "equal")
