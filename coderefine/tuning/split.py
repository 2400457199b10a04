"""Divides a set of problems into three parts: one to learn from, one to choose by, one that only scores."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coderefine.errors import UsageError
from coderefine.problem.problem import Problem
from coderefine.rendering import count

SHARES = (2, 2, 3)
"""Training, validation and test, where no sizes are given."""


@dataclass(frozen=True, slots=True)
class Split:
    """The parts; no problem is in two of them."""

    training: tuple[Problem, ...]
    """Failures on these are criticised, with the right answer."""
    validation: tuple[Problem, ...]
    """The best prompt is chosen by these; no critic sees them."""
    test: tuple[Problem, ...] = ()
    """These only score the first and the last prompt."""


def split(problems: Iterable[Problem], sizes: Sequence[int] | None = None, seed: int = 0) -> Split:
    """Return the parts of a set, drawn by a seed; the same problems in any order give the same parts.

    Problems that ask the same count once. `sizes` are the sizes of the parts; None takes shares of 2, 2 and 3. Raises
    UsageError where there are too few.
    """
    different = {problem.statement: problem for problem in problems}
    drawn = sorted(different.values(), key=lambda it: hashlib.sha256(f"{seed} {it.slug}".encode()).hexdigest())
    if sizes is None:
        training = max(1, len(drawn) * SHARES[0] // sum(SHARES))
        validation = max(1, len(drawn) * SHARES[1] // sum(SHARES))
        sizes = (training, validation, max(0, len(drawn) - training - validation))
    if len(drawn) < sum(sizes) or len(drawn) < 2:
        found, needed = count(len(drawn), "different problem"), max(2, sum(sizes))
        raise UsageError(f"the set has {found}, fewer than the parts need: {needed}")
    training, validation, test = sizes
    first, second = drawn[:training], drawn[training : training + validation]
    return Split(tuple(first), tuple(second), tuple(drawn[training + validation : training + validation + test]))
