"""Compares answers as the harnesses of public sets do, including their oddities.

This is for sets whose figures must agree with published ones. Values are exact builtin types.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

FLOAT_TOLERANCE, RELATIVE = 1e-6, 1e-7
"""EvalPlus' absolute tolerance for answers that are floats, and its relative one for all answers compared by
tolerance.
"""


def close(got: Any, expected: Any, tolerance: float) -> bool:
    """Whether EvalPlus accepts `got`: equal, or of the same type and close by NumPy's `allclose`.

    If `tolerance` is 0, an expected float, or an expected list or tuple of floats, has a tolerance of 1e-6.
    """
    if got == expected:
        return True
    if not tolerance and _is_floats(expected):
        tolerance = FLOAT_TOLERANCE
    if not tolerance or type(got) is not type(expected):
        return False
    if isinstance(expected, (list, tuple)):
        return len(got) == len(expected) and _all_near(got, expected, tolerance)
    return _near(got, expected, tolerance)


def _is_floats(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def _all_near(got: Sequence[Any], expected: Sequence[Any], tolerance: float) -> bool:
    """Whether items are close one by one; nesting must agree, in lists or in tuples."""
    return len(got) == len(expected) and all(
        _all_near(g, e, tolerance)
        if isinstance(g, (list, tuple)) and isinstance(e, (list, tuple))
        else _near(g, e, tolerance)
        for g, e in zip(got, expected, strict=True)
    )


def _near(got: Any, expected: Any, tolerance: float) -> bool:
    """Whether two numbers are close by NumPy's rule: their difference is at most the absolute plus the relative
    tolerance.
    """
    if not isinstance(got, (bool, int, float, complex)) or not isinstance(expected, (bool, int, float, complex)):
        return False
    if got == expected:
        return True
    try:
        difference, size = abs(got - expected), abs(expected)
    except OverflowError:
        return False
    return math.isfinite(difference) and math.isfinite(size) and difference <= tolerance + RELATIVE * size


def same_json(got: Any, expected: Any) -> bool:
    """Whether LiveCodeBench accepts what a method returned: by Python's equality, but a tuple counts as a list."""
    return bool((list(got) if isinstance(got, tuple) else got) == expected)


def same_lines(got: str, expected: str) -> bool:
    """Whether LiveCodeBench accepts what a program printed: line by line, equal as text or number by number."""
    ours, theirs = _lines(got), _lines(expected)
    return len(ours) == len(theirs) and all(g == e or _same_numbers(g, e) for g, e in zip(ours, theirs, strict=True))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def _same_numbers(got: str, expected: str) -> bool:
    ours, theirs = got.split(), expected.split()
    if len(ours) != len(theirs):
        return False
    try:
        return all(Decimal(g) == Decimal(e) for g, e in zip(ours, theirs, strict=True))
    except (InvalidOperation, ValueError):
        return False
