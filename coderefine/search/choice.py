"""Which of the plausible patches is taken: those that answer alike stand for each other.

All of them pass the visible tests. On further inputs they differ, and a patch that many likely ones agree with is
likelier than one that is alone: the weights of a group are added. What the answers should be is not known, but that a
program should have one is, so crashes count against a patch. Nothing here is a verdict.
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
"""Patches that are compared."""
_INPUTS = 24
"""Inputs to compare on."""
_CRASH = 6.0
"""What it counts, as the logarithm of a factor, to answer none of the inputs."""
_SOFTER = 0.7
"""To the power of this the beliefs of a group are added."""


def by_behaviour(patches: Sequence[Ranked], source: str, trials: Trials) -> list[State]:
    """Return the states of ranked patches: the best of each group, the likeliest group first; then the rest."""
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
        best.setdefault(behaviour, patch)  # among those that are alike the ranking stands
    first = [best[behaviour] for behaviour in sorted(best, key=lambda behaviour: -weights[behaviour])]
    return [patch.state for patch in (*first, *(it for it in patches if it not in first))]


def _answers(patches: Sequence[Ranked], trials: Trials) -> list[tuple[Hashable, float]]:
    """What each patch answers on further inputs, and the part of them that it does not answer."""
    problem = _further(trials.plan.tests)
    if not problem.visible:
        return [((), 0.0)] * len(patches)
    reports = trials.compare(problem, [patch.state.source for patch in patches])
    return [(_behaviour(report), sum(not case.answered for case in report.cases) / report.total) for report in reports]


def _behaviour(report: TestReport) -> Hashable:
    return tuple(values.encode(case.got) if case.answered else str(case.verdict) for case in report.cases)


def _further(problem: Problem) -> Problem:
    """The problem with inputs for which no answer is known in the place of its tests; none where none can be made."""
    inputs = generate(problem, _INPUTS)
    return replace(problem, visible=tuple(TestCase(f"further {at}", args) for at, args in enumerate(inputs)))
