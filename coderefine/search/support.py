"""Whether the tests justify so many edits: each guessed edit needs a test that would fail without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coderefine.judge.report import TestReport
from coderefine.search.table import TABLE

_FREE = 2
"""Guesses that need no justification."""
_EITHER_OR = 0.5
"""The weight of a test whose answer is yes or no: half of all programs pass it."""
_GUESSED = frozenset(operator.name for operator in TABLE if not operator.symptom)


def unsupported(notes: Sequence[str], report: TestReport) -> str:
    """Return in words that a chain of edits is longer than the tests of `report` justify; "" where it is not.

    Repairs of what is wrong by itself, such as a text that does not parse or an unbound name, are no guesses.
    """
    guesses = sum(note.partition(":")[0] in _GUESSED for note in notes)
    if guesses <= _FREE:
        return ""
    asked = sum(_EITHER_OR if _is_either_or(case.expected) and not case.code else 1.0 for case in report.cases)
    return f"{guesses} guesses for {len(report.cases)} tests" if guesses > _FREE + asked else ""


def _is_either_or(expected: Any) -> bool:
    return expected is None or isinstance(expected, bool) or (isinstance(expected, str) and expected.strip().isalpha())
