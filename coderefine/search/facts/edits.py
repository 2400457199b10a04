"""Edits of a text by position, and changes composed of them.

Edits are made in the text and not in the tree, so that a patch keeps the user's formatting and comments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the characters `start` to `end` of a text."""

    start: int
    end: int
    text: str


Edits = tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What an operator proposes: one edit, or several that belong together."""

    edits: Edits
    line: int
    """The line in the program, from 1, whose suspicion counts."""
    note: str
    weight: float = 1.0
    """How likely it is among the proposals of its operator; a usual one has 1."""


def overlap(edits: Iterable[Edit]) -> bool:
    """Return whether two of the edits change the same characters."""
    spans = sorted((edit.start, edit.end) for edit in edits)
    return any(start < end for (_, end), (start, _) in pairwise(spans))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` after all `edits`, which must not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def one_line(text: str, width: int = 40) -> str:
    """Return `text` as one line of at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."
