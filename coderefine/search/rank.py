"""Which of the plausible patches is most likely right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from coderefine.search.state import State

_WORD = re.compile(r"\w+|[^\w\s]")
_COMMENT = re.compile(r"""#[^"'\n]*$""", re.MULTILINE)  # what is commented out is lost
_EDIT, _LOST, _NEW = 0.4, 0.96, 0.95


def ranked(source: str, plausible: Iterable[State]) -> list[State]:
    """Sort plausible states: likely edits first, then small ones."""
    return sorted(
        plausible,
        key=lambda state: (-_belief(source, state), sum(_lost_and_new(source, state)), state.source),
    )


def _belief(before: str, state: State) -> float:
    """How likely a plausible state is to be right: its prior, less for each edit and each word that it changes."""
    lost, new = _lost_and_new(before, state)
    return state.prior * _EDIT ** len(state.notes) * _LOST**lost * _NEW**new


def _lost_and_new(before: str, state: State) -> tuple[int, int]:
    old, new = (_WORD.findall(_COMMENT.sub("", text)) for text in (before, state.source))
    matches = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return len(old) - matches, len(new) - matches
