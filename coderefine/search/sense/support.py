"""Whether the tests ask for so many edits: of those that are guessed each needs a test that would fail without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coderefine.judge.report import TestReport
from coderefine.search.table import TABLE

_FREE = 2
"""Guesses that need no reason."""
_EITHER_OR = 0.5
"""What a test counts that is answered by yes or no: half of all programs pass it."""
_GUESSED = frozenset(operator.name for operator in TABLE if not operator.symptom)


def unsupported(notes: Sequence[str], report: TestReport) -> str:
    """Say that a chain of edits is longer than the tests of `report` can ask for; "" where it is not.

    What mends what is wrong by itself, such as a text that does not parse or a name that nothing binds, is no guess.
    """
    guesses = sum(note.partition(":")[0] in _GUESSED for note in notes)
    if guesses <= _FREE:
        return ""
    asked = sum(_EITHER_OR if _is_either_or(case.expected) and not case.code else 1.0 for case in report.cases)
    return f"{guesses} guesses for {len(report.cases)} tests" if guesses > _FREE + asked else ""


def _is_either_or(expected: Any) -> bool:
    return expected is None or isinstance(expected, bool) or (isinstance(expected, str) and expected.strip().isalpha())
