"""The search itself: best first, over programs and the ideas for them.

Every program that behaves in a new way is a state with a stream of ideas, likeliest first; the next candidate is the
likeliest of all streams: how probable the edits so far are, how much they have gained, and the idea's own prior. So a
single likely edit comes before two, and what brought the tests nearer is followed further.

A patch is *plausible* if it passes all visible tests, which few tests make easy (Qi et al., ISSTA 2015, call the
result overfitting). So the search goes on after the first and ranks what it found.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace

from coderefine.judge.verdict import Verdict
from coderefine.patch.sameness import canonical
from coderefine.search.facts.edits import apply
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import parse
from coderefine.search.fitness import Behaviour, behaviour, fitness
from coderefine.search.localize import suspiciousness
from coderefine.search.proposals import base, diagnoses
from coderefine.search.rank import ranked
from coderefine.search.state import State, Step
from coderefine.search.table import TABLE
from coderefine.search.trials import Trials

_GAIN = 5.0
"""How much more is thought of a program by what it gained in fitness: e to the power of that."""
_ANOTHER = 0.1
"""How likely another edit is needed."""
_ALIKE = 2
"""States of one behaviour."""
_UNCHANGED, _UNCHANGED_WEIGHT = 20, 0.2
"""States that behave like the program to repair, where two edits may be needed to see a change; and what they weigh."""
_OF_NAMES = ("NameError", "UnboundLocalError", "AttributeError", "TypeError", "ImportError")
"""Exceptions after which it is worth another look at the names."""
_POLISHED = 6.0
"""How much likelier a plausible program is right once something in it makes more sense: more than an edit costs."""
_RESOLVED = 6
"""How many repairs of a name are tried in a plausible program that never came to the name."""
_PATIENCE = 10_000
"""Candidates to try after the last that came nearer to passing. Planted bugs were repaired after up to 6,000."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    root: State
    """The program to repair."""
    plausible: tuple[State, ...]
    """They pass all visible tests and are different programs; likeliest to be right first."""
    best: State | None
    """Passes more tests than the program to repair, and all of its, where none is plausible."""
    nearest: State | None
    """What came nearest to passing and failed, nearer than the program to repair; it may fail what that passes."""
    tried: Counter[str]
    """How many candidates of each operator were tried."""


def explore(source: str, trials: Trials) -> Found:
    """Search from a program that fails."""
    judged = State(Program(source), (), 1.0, trials.judge(source))
    root = next(trials.run([Step(judged, source, "", 1.0)]), None)
    if root is None:  # a limit was reached before anything was tried
        return Found(judged, (), None, None, trials.tried)
    frontier = _Frontier(root, trials)
    plausible: list[State] = []
    partial: list[State] = []
    nearest, since = root, 0
    while frontier.waiting and trials.left > 0:
        before = trials.left
        for state in trials.run(frontier.steps()):
            since += 1
            if state.report.accepted:
                if not plausible:
                    trials.left = min(trials.left, trials.plan.afterwards(trials.tried.total()))
                plausible.append(state)
                frontier.polish(state)
            elif frontier.add(state):
                if fitness(state.report) > fitness(nearest.report):
                    nearest, since = state, 0
                if state.report.passing > root.report.passing:
                    partial.append(state)
            if since >= _PATIENCE and not plausible:
                trials.left = 0
        if trials.left == before:
            break
    best = None if plausible else _best(source, partial, trials)
    nearer = nearest if nearest is not root else None
    plausible = [frontier.valued(state) for state in plausible]
    return Found(root, _distinct(ranked(source, plausible)), best, nearer, trials.tried)


def _distinct(states: list[State]) -> tuple[State, ...]:
    """The first of each program, where layout and comments make no other program."""
    first: dict[Hashable, State] = {}
    for state in states:
        first.setdefault(canonical(state.source), state)
    return tuple(first.values())


def _best(source: str, partial: list[State], trials: Trials) -> State | None:
    """The first that passes all that the program to repair passes, and more, in the eyes of the judge."""
    passing = trials.judge(source).passing
    for state in sorted(partial, key=lambda state: (-fitness(state.report), -state.prior))[:5]:
        if trials.judge(state.source).passing > passing:
            return state
    return None


@dataclass(frozen=True, slots=True, order=True)
class _Stream:
    """The ideas for a state, of which `step` is the next, and how much is thought of them."""

    cost: float
    serial: int
    step: Step | None = field(compare=False)
    weight: float = field(compare=False)
    ideas: Iterator[Step] = field(compare=False)


class _Frontier:
    """The states to go on from, and what was seen of them."""

    def __init__(self, root: State, trials: Trials) -> None:
        self._trials = trials
        self._root, self._fitness = behaviour(root.report), fitness(root.report)
        self._alike = Counter[Behaviour]()
        self._seen = {root.source}
        self._polished: dict[str, float] = {}
        self._serial = itertools.count()
        self.waiting: list[_Stream] = []
        self._push(root, 1.0, _ideas(root, trials))

    def add(self, state: State) -> bool:
        """Take a state in, if it behaves as few others do; return whether it does."""
        does_not_compile = state.report.verdict is Verdict.CE
        if does_not_compile and (state.base or state.program.error):
            return False
        found = behaviour(state.report)
        unchanged = found == self._root
        self._alike[found] += 1
        if self._alike[found] > (_UNCHANGED if unchanged else _ALIKE):
            return False
        gain = math.exp(_GAIN * (fitness(state.report) - self._fitness))
        self._push(state, _ANOTHER * (_UNCHANGED_WEIGHT if unchanged else gain), _ideas(state, self._trials))
        return True

    def polish(self, state: State) -> None:
        """Have what makes no sense in a plausible program mended, too: no visible test may tell."""
        self._push(state, math.inf, _polished(state, self._trials))

    def steps(self) -> Iterator[Step]:
        """The ideas for all states, likeliest first; no source comes twice."""
        while self.waiting:
            first = heapq.heappop(self.waiting)
            step = first.step
            if following := next(first.ideas, None):
                cost = -first.weight * following.prior
                heapq.heappush(self.waiting, replace(first, cost=cost, step=following))
            if step is None:
                continue
            if step.source not in self._seen:
                self._seen.add(step.source)
                yield step
            elif first.weight == math.inf:
                self._polished[step.source] = max(step.prior, self._polished.get(step.source, 0.0))

    def valued(self, state: State) -> State:
        """A plausible state, with the prior that it has as what another one becomes when it is polished."""
        return replace(state, prior=max(state.prior, self._polished.get(state.source, 0.0)))

    def _push(self, state: State, weight: float, ideas: Iterator[Step]) -> None:
        """Add a stream of ideas, none of which is had before it is its turn."""
        heapq.heappush(self.waiting, _Stream(-weight * state.prior, next(self._serial), None, weight, ideas))


def _ideas(state: State, trials: Trials) -> Iterator[Step]:
    """The steps from a state, likeliest first."""
    streams = [_mutated(state, trials)]
    if not state.edits or any(case.error and case.error.type in _OF_NAMES for case in state.report.failures):
        streams.append(_diagnosed(state, trials))
    return heapq.merge(*streams, key=lambda step: -step.prior)


def _diagnosed(state: State, trials: Trials) -> Iterator[Step]:
    """The steps that mend what is wrong with the program by itself."""
    for proposal in diagnoses(state.program, trials.evidence(state)):
        source = apply(state.source, proposal.change.edits)
        if not isinstance(parse(source), SyntaxError):  # a run of the judge costs more
            yield Step(state, source, proposal.note, state.prior * proposal.prior)


def _mutated(state: State, trials: Trials) -> Iterator[Step]:
    """The steps that change what the tests cast suspicion on."""
    found = state.base or base(state.program, trials.evidence(state))
    report = state.report if state.edits else trials.traced(state)
    weights = suspiciousness(report, found.program.text, trials.plan.tests.suite.suspects)
    for proposal, edits, prior in found.mutations(weights, state.edits):
        source = apply(found.program.text, edits)
        yield Step(state, source, proposal.note, state.prior * prior, found, edits)


def _polished(state: State, trials: Trials) -> Iterator[Step]:
    found = state.base or base(state.program, trials.evidence(state))
    for proposal, edits in found.certain(state.edits):
        # Without its base: one change shows that another one makes no sense, so what comes of it is read anew.
        yield Step(state, apply(found.program.text, edits), proposal.note, state.prior * _POLISHED)
    table = [operator for operator in TABLE if operator.cannot_be_meant]
    repairs = diagnoses(state.program, trials.evidence(state), table)[:_RESOLVED]
    for proposal in repairs:
        prior = state.prior * _POLISHED * proposal.prior / repairs[0].prior
        yield Step(state, apply(state.source, proposal.change.edits), proposal.note, prior)
