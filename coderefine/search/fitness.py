"""How near a program is to passing: the gradient that a search can climb where tests only say yes or no.

It counts the tests passed, as in GenProg (Weimer et al., ICSE 2009), and for failing tests how near the answer came.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from difflib import SequenceMatcher
from typing import Any

from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem import values

_WRONG, _CRASH = 0.5, 0.1
"""The credit of an answer almost right, and of an exception, where a passed test counts 1."""
_LONGEST = 200
"""The most items of a sequence that are compared."""

Behaviour = Hashable


def fitness(report: TestReport) -> float:
    """Return how good a program is, from 0 to 1; 1 is for one that passes all tests."""
    return sum(map(_credit, report.cases)) / len(report.cases) if report.cases else 0.0


def behaviour(report: TestReport) -> Behaviour:
    """Return a program's behaviour on the tests, regardless of lines: programs with the same behaviour fail alike."""
    return tuple(
        (
            case.name,
            case.verdict,
            str(case.error and (case.error.type, case.error.message)),
            values.encode(case.got),
            case.got_cut,
        )
        for case in report.cases
    )


def similarity(got: Any, expected: Any) -> float:
    """Return from 0 to 1 how similar two values are that should be equal."""
    match got, expected:
        case (bool(), bool()):
            return float(got == expected)
        case (int() | float(), int() | float()):
            return _nearness(got, expected)
        case (str(), str()):
            return SequenceMatcher(None, got[:_LONGEST], expected[:_LONGEST], autojunk=False).ratio()
        case (list() | tuple(), list() | tuple()):
            return _alike(got, expected)
        case (dict(), dict()):
            return _alike([*got.items()], [*expected.items()])
    return 1.0 if got == expected else 0.0


def _credit(case: CaseResult) -> float:
    if case.verdict is Verdict.AC:
        return 1.0
    if case.answered:
        return _CRASH + (_WRONG - _CRASH) * similarity(case.got, case.expected)
    return _CRASH if case.verdict in (Verdict.RE, Verdict.WA, Verdict.OLE) else 0.0


def _nearness(got: float, expected: float) -> float:
    try:
        nearness = 1.0 / (1.0 + abs(got - expected) / (1.0 + abs(expected)))
    except OverflowError:  # integers too large for a float
        return 0.0
    return nearness if math.isfinite(nearness) else 0.0


def _alike(got: Any, expected: Any) -> float:
    """Return the similarity of sequences: half for the length, half for the items at their positions."""
    if not got and not expected:
        return 1.0
    length = min(len(got), len(expected)) / max(len(got), len(expected))
    pairs = list(zip(got[:_LONGEST], expected[:_LONGEST], strict=False))
    items = sum(similarity(one, other) for one, other in pairs) / len(pairs) if pairs else 0.0
    return 0.5 * length + 0.5 * items * length
