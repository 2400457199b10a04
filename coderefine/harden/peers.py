"""Right programs for the same problem, such as accepted submissions: an answer that they share becomes a visible test.

Guarantees: a program that fails a visible test is ignored; a test is added only where all other programs answer, and
give the same answer. An input that is not certain to be valid needs two programs: what one does on an invalid input
means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coderefine.harden.inputs import asking, generate
from coderefine.harden.vote import alike, answer
from coderefine.judge.judge import Judge
from coderefine.problem.problem import Problem, TestCase

MOST_PEERS = 20
_MOST_TESTS, _PROPOSED = 24, 48


@dataclass(frozen=True, slots=True)
class Peers:
    """A problem with the tests that its peers add."""

    problem: Problem
    added: int
    """Visible tests that were added."""
    right: tuple[int, ...]
    """The positions of the programs that pass the visible tests."""


def with_peers(problem: Problem, judge: Judge, peers: Sequence[tuple[Problem, str]]) -> Peers:
    """Return the problem with the answers of right programs on further inputs as visible tests; raises JudgeError.

    A peer is a program with the problem in that program's style, which may have entry names of its own.
    """
    given = list(peers)[:MOST_PEERS]
    right = tuple(place for place, (own, source) in enumerate(given) if judge.run(own, source).accepted)
    if not right or problem.compare.mode == "checker":  # under a checker other answers may be right, too
        return Peers(problem, 0, right)
    inputs = generate(problem, _PROPOSED)
    if not inputs and len(right) > 1:
        inputs = generate(problem, _PROPOSED, certain=False)
    if not inputs:
        return Peers(problem, 0, right)
    reports = [judge.run(asking(own, inputs), source) for own, source in (given[place] for place in right)]
    tests: list[TestCase] = []
    for number, args in enumerate(inputs):
        answers = [answer(problem, report.cases[number]) for report in reports]
        first = answers[0]
        if first is not None and not first.got_cut and set(alike(problem, answers)) == {0}:
            tests.append(TestCase(f"peers {len(tests) + 1}", args, first.got))
    tests = tests[:_MOST_TESTS]
    return Peers(replace(problem, visible=(*problem.visible, *tests)), len(tests), right)
