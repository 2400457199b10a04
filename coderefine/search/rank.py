"""Which of the plausible patches is most likely right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from coderefine.search.trials import State

_WORD = re.compile(r"\w+|[^\w\s]")


def ranked(source: str, plausible: Iterable[State]) -> list[State]:
    """Sort plausible states: likely edits first, then small ones."""
    return sorted(
        plausible,
        key=lambda state: (-_belief(source, state), sum(_lost_and_new(source, state)), state.source),
    )


def _belief(before: str, state: State) -> float:
    """How likely a plausible state is to be right: its prior, less for each word of the program that it loses."""
    return state.prior * 0.95 ** _lost_and_new(before, state)[0]


def _lost_and_new(before: str, state: State) -> tuple[int, int]:
    old, new = _WORD.findall(before), _WORD.findall(state.source)
    matches = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return len(old) - matches, len(new) - matches
