"""Compares the examples of a statement with the tests of the set: which are the same, and which contradict each other.

An example that is a test of the set is shown and counts. Any other example is shown to solvers and does not count for
the score. An example that expects another answer than the set for the same arguments is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.formats.assertions import Assertion
from coderefine.formats.functions import split

CONTRADICTS = "an example of the statement contradicts the set's own test, and is left out"


@dataclass(frozen=True, slots=True)
class Shown:
    """The tests of a problem, by what solvers see of them."""

    examples: tuple[Assertion, ...]
    """Visible, but not part of the score."""
    visible: tuple[Assertion, ...]
    hidden: tuple[Assertion, ...]
    notes: tuple[str, ...] = ()


def shown(examples: Sequence[Assertion], tests: Sequence[Assertion]) -> Shown:
    """Return the tests of a set with its examples visible; without examples, the first tests are."""
    by_args: dict[str, list[Assertion]] = {}
    for test in tests:
        if test.args is not None:
            by_args.setdefault(repr(test.args), []).append(test)
    own: dict[str, Assertion] = {}
    visible: list[Assertion] = []
    dropped = 0
    for example in examples:
        same = by_args.get(repr(example.args), []) if example.args is not None else []
        if any(not _equal(test.expected, example.expected) for test in same):
            dropped += 1
        elif same:
            visible += [test for test in same if test not in visible]
        else:
            own.setdefault(example.code, example)
    codes = {test.code for test in visible}
    hidden = tuple(test for test in tests if test.code not in codes)
    notes = (CONTRADICTS,) * bool(dropped)
    if not own and not visible:
        first, rest = split(tests)
        return Shown((), tuple(first), tuple(rest), notes)
    return Shown(tuple(own.values()), tuple(visible), hidden, notes)


def _equal(one: Any, other: Any) -> bool:
    """Whether two answers are equal as in a doctest, where the same text suffices, or by `==`."""
    return bool(one == other) or repr(one) == repr(other)
