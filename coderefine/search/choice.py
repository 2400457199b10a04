"""Chooses among plausible patches by their answers: patches that answer alike support each other.

All of them pass the visible tests. On further inputs they differ, and a patch that many likely ones agree with is more
likely right than one that stands alone: the weights of a group are added. The right answers are not known, but a
program should have an answer, so crashes count against a patch. Nothing here is a verdict.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace

from coderefine.harden.inputs import generate
from coderefine.judge.report import TestReport
from coderefine.problem import values
from coderefine.problem.problem import Problem, TestCase
from coderefine.search.natural.model import trained
from coderefine.search.natural.novelty import Naturalness
from coderefine.search.rank import Ranked
from coderefine.search.state import State
from coderefine.search.trials import Trials

_MOST = 60
"""The most patches that are compared."""
_INPUTS = 24
"""The most inputs on which they are compared."""
_CRASH = 6.0
"""How much it counts against a patch to answer none of the inputs, as the logarithm of a factor."""
_SOFTER = 0.7
"""The power to which the beliefs of a group are raised before they are added."""


def by_behaviour(patches: Sequence[Ranked], source: str, trials: Trials) -> list[State]:
    """Return the states of ranked patches: the best of each group, the likeliest group first; then the others."""
    compared = [patch for patch in patches if not patch.is_odd][:_MOST]
    if len(compared) < 2 or trials.plan.slice_s is None:
        return [patch.state for patch in patches]
    naturalness = Naturalness(trained(), source)
    answers = _answers(compared, trials)
    scores: list[tuple[float, Ranked, Hashable]] = []
    for patch, (behaviour, crashes) in zip(compared, answers, strict=True):
        score = math.log(patch.belief) + naturalness.gain(patch.state.source) - _CRASH * crashes
        scores.append((score, patch, behaviour))
    weights: defaultdict[Hashable, float] = defaultdict(float)
    best: dict[Hashable, Ranked] = {}
    for score, patch, behaviour in scores:
        weights[behaviour] += math.exp(_SOFTER * score)
        best.setdefault(behaviour, patch)  # among patches that answer alike the ranking decides
    first = [best[behaviour] for behaviour in sorted(best, key=lambda behaviour: -weights[behaviour])]
    return [patch.state for patch in (*first, *(it for it in patches if it not in first))]


def _answers(patches: Sequence[Ranked], trials: Trials) -> list[tuple[Hashable, float]]:
    """Return the answers of each patch on further inputs, and the fraction of the inputs that it does not answer."""
    problem = _further(trials.plan.tests)
    if not problem.visible:
        return [((), 0.0)] * len(patches)
    reports = trials.compare(problem, [patch.state.source for patch in patches])
    return [(_behaviour(report), sum(not case.answered for case in report.cases) / report.total) for report in reports]


def _behaviour(report: TestReport) -> Hashable:
    return tuple(values.encode(case.got) if case.answered else str(case.verdict) for case in report.cases)


def _further(problem: Problem) -> Problem:
    """Return the problem with tests whose answers are not known in place of its own; without tests where none can be
    made.
    """
    inputs = generate(problem, _INPUTS)
    return replace(problem, visible=tuple(TestCase(f"further {at}", args) for at, args in enumerate(inputs)))
