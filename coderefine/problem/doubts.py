"""What an author of tests should look at: names that occur twice, tests that no program can pass together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from coderefine.problem.problem import Problem, TestCase

_NUMBERED = re.compile(r"test \d+")
"""The default name of a test, with its position among the visible or the hidden ones."""


def doubts(problem: Problem) -> list[str]:
    """Return the doubts about a problem's tests, a line for each."""
    return [*_names(problem), *_answers(problem)]


def _names(problem: Problem) -> Iterator[str]:
    seen: set[str] = set()
    told: set[str] = set()
    for case in problem.visible + problem.hidden:
        if case.name in seen and case.name not in told and not _NUMBERED.fullmatch(case.name):
            told.add(case.name)
            yield f"several tests are called {case.name!r}"
        seen.add(case.name)


def _answers(problem: Problem) -> Iterator[str]:
    if problem.is_measured:  # what an evaluator knows about an instance is not an answer
        return
    by_args: dict[str, TestCase] = {}
    for case in problem.visible + problem.hidden:
        if case.code or not case.args:
            continue
        first = by_args.setdefault(repr(case.args), case)
        if first is not case and problem.compare.mode != "checker" and not _agree(problem, first, case):
            yield f"the tests {first.name!r} and {case.name!r} contradict each other: one input, two answers"
        elif problem.compare.is_pythons and _has_nan(case.expected):
            yield f"the test {case.name!r} expects nan, which equals nothing in Python, so that no program passes it"


def _agree(problem: Problem, one: TestCase, other: TestCase) -> bool:
    return repr(one.expected) == repr(other.expected) or problem.compare.equal(one.expected, other.expected)


def _has_nan(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_nan, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(_has_nan, value))
    return isinstance(value, float) and math.isnan(value)
