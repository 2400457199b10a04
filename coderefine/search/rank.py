"""Ranks plausible patches by how likely they are right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from coderefine.search.facts.program import Program
from coderefine.search.state import State

_WORD = re.compile(r"\w+|[^\w\s]")
_COMMENT = re.compile(r"""#[^"'\n]*$""", re.MULTILINE)  # code that is commented out counts as removed
EDIT = 0.4
"""The factor of belief for each further edit."""
_LOST, _NEW = 0.96, 0.95
"""The factors for each removed word, and for each added one."""
_ORPHAN = 0.4
"""The factor for each variable that is no longer read."""


@dataclass(frozen=True)
class _Patch:
    """A plausible state, compared with the program to repair."""

    state: State
    hunks: frozenset[tuple[int, int, tuple[str, ...]]]
    """The words that it replaces, by their positions, with the new ones."""
    read: frozenset[str] = frozenset()
    """The variables that the program to repair reads."""

    @cached_property
    def notes(self) -> frozenset[str]:
        """Its edits."""
        return frozenset(self.state.notes)

    @cached_property
    def size(self) -> tuple[int, int]:
        """How many words it removes, and how many it adds."""
        return sum(end - start for start, end, _ in self.hunks), sum(len(words) for _, _, words in self.hunks)

    @cached_property
    def belief(self) -> float:
        """Its belief: the prior, lowered for each edit, changed word and variable that is no longer read."""
        lost, new = self.size
        orphans = sum(name in self.read and not self.state.program.loaded[name] for name in self.state.program.stored)
        return self.state.prior * EDIT ** len(self.state.notes) * _LOST**lost * _NEW**new * _ORPHAN**orphans

    def is_part_of(self, other: _Patch) -> bool:
        """Whether the other patch does the same and more, judged by the edits or by the changed words."""
        return self.notes < other.notes or bool(self.hunks and self.hunks < other.hunks)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A plausible state and the belief that it is right, as far as its text tells; the likeliest first."""

    state: State
    belief: float
    is_odd: bool
    """Whether it still contains code that makes no sense."""


def ranked(source: str, plausible: Iterable[State], senseless: Collection[str] = ()) -> list[Ranked]:
    """Return plausible states sorted: likely edits first, then small ones.

    Programs in `senseless` come last, since senseless code is wrong. A patch comes after every other one that is a part
    of it: no test requires the rest.
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
