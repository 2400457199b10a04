"""Which of the plausible patches is most likely right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from coderefine.search.state import State

_WORD = re.compile(r"\w+|[^\w\s]")
_PIECE = re.compile(r"^[ \t]+(?=\S)|\w+|[^\w\s]", re.MULTILINE)
"""A word, or the indentation of a line."""
_COMMENT = re.compile(r"""#[^"'\n]*$""", re.MULTILINE)  # what is commented out is lost
EDIT = 0.4
"""How likely one edit more is right."""
_LOST, _NEW = 0.96, 0.95
"""The same of a word that is lost, and of one that is new."""


@dataclass(frozen=True, slots=True)
class _Patch:
    """A plausible state, compared with the program to repair."""

    state: State
    hunks: frozenset[tuple[int, int, tuple[str, ...]]]
    """Which words and indentations it replaces, by their places, and by what."""
    lost: int
    """Words."""
    new: int

    @classmethod
    def of(cls, source: str, state: State) -> _Patch:
        """Compare the texts, without their comments."""
        before, after = (_COMMENT.sub("", text) for text in (source, state.source))
        words = _changes(_WORD, before, after)
        lost, new = sum(end - start for start, end, _ in words), sum(len(text) for _, _, text in words)
        return cls(state, frozenset(_changes(_PIECE, before, after)), lost, new)

    @property
    def belief(self) -> float:
        """How likely it is right: its prior, less for each edit and each word that it changes."""
        return self.state.prior * EDIT ** len(self.state.notes) * _LOST**self.lost * _NEW**self.new


def ranked(source: str, plausible: Iterable[State], senseless: Collection[str] = ()) -> list[State]:
    """Sort plausible states: likely edits first, then small ones.

    Programs that are `senseless` come last, since what cannot be meant is wrong. A patch comes after each that is a
    part of it: no test asks for the rest.
    """
    patches = [_Patch.of(source, state) for state in plausible]

    def order(patch: _Patch) -> tuple[bool, float, int, int, str]:
        odd = patch.state.source in senseless
        rivals = [other for other in patches if (other.state.source in senseless) == odd]
        parts = [other.belief for other in rivals if other.hunks and other.hunks < patch.hunks]
        return odd, -min([patch.belief, *parts]), patch.lost + patch.new, len(patch.hunks), patch.state.source

    return [patch.state for patch in sorted(patches, key=order)]


def _changes(pattern: re.Pattern[str], before: str, after: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """The runs of matches of `pattern` that differ: where they stand in `before`, and what `after` has there."""
    old, new = pattern.findall(before), pattern.findall(after)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i, j, tuple(new[k:m])) for tag, i, j, k, m in codes if tag != "equal"]
