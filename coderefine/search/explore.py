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
from coderefine.search.facts.program import Idea, Program, parse
from coderefine.search.fitness import Behaviour, behaviour, fitness
from coderefine.search.localize import suspiciousness
from coderefine.search.names import undefined
from coderefine.search.rank import ranked
from coderefine.search.syntax import header, repair
from coderefine.search.templates.table import Base
from coderefine.search.trials import State, Step, Trials

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
_CERTAIN = 0.95
"""The most that is thought of any idea."""
_AFTERWARDS = 400
"""Candidates to try after the first plausible one, where they are screened."""
_LEAST_AFTERWARDS = 20
"""Where each is judged, and somebody waits: as many as it took, but no fewer than these."""
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
    """How many candidates of each template were tried."""


def explore(source: str, trials: Trials) -> Found:
    """Search from a program that fails."""
    judged = State(source, (), 1.0, trials.judge(source))
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
                    trials.left = min(trials.left, _afterwards(trials))
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


def _afterwards(trials: Trials) -> int:
    """How many candidates to try once one is plausible."""
    return _AFTERWARDS if trials.screens else min(_AFTERWARDS, max(_LEAST_AFTERWARDS, trials.tried.total()))


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
        self._push(root, 1.0, _repairs(root, header.repairs(root.source, trials.problem)))

    def add(self, state: State) -> bool:
        """Take a state in, if it behaves as few others do; return whether it does."""
        if (state.base and state.report.verdict is Verdict.CE) or not _parses(state):
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
        self._push(state, math.inf, _polished(state))

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
    if not _parses(state):
        return _repairs(state, repair.repairs(state.source))
    streams = [_edits(state, trials)]
    if not state.edits or any(case.error and case.error.type in _OF_NAMES for case in state.report.failures):
        streams.append(_repairs(state, undefined.repairs(state.source, state.report, alone=trials.is_alone)))
    return heapq.merge(*streams, key=lambda step: -step.prior)


def _polished(state: State) -> Iterator[Step]:
    base = state.base or Base.read(state.source)
    if base is None:
        return
    program = Program.read(state.source) if state.edits else base.program
    if program is None:
        return
    for proposal, edits in base.certain(state.edits):
        # Without its base: one change shows that another one makes no sense, so what comes of it is read anew.
        yield Step(state, base.program.apply(edits), proposal.note, state.prior * _POLISHED)
    repairs = undefined.unresolved(program)[:_RESOLVED]
    for change in repairs:
        prior = state.prior * _POLISHED * change.weight / repairs[0].weight
        yield Step(state, program.apply(change.edits), f"names: {change.note}", prior)


def _parses(state: State) -> bool:
    """Whether it has a syntax tree; one with a `return` outside a function has, though it does not compile."""
    return state.report.verdict is not Verdict.CE or not isinstance(parse(state.source), SyntaxError)


def _repairs(state: State, ideas: Iterator[Idea]) -> Iterator[Step]:
    """The steps of the ideas, likeliest first: above one, what is thought of them counts in proportion."""
    best = 1.0
    for idea in ideas:
        best = max(best, idea.prior)
        yield Step(state, idea.patch.after, idea.patch.note, state.prior * _CERTAIN * idea.prior / best)


def _edits(state: State, trials: Trials) -> Iterator[Step]:
    base = state.base or Base.read(state.source)
    if base is None:
        return
    report = state.report if state.edits else trials.evidence(state)
    weights = suspiciousness(report, base.program.text, trials.problem.suite.suspects)
    for proposal, edits, prior in base.mutations(weights, state.edits):
        yield Step(state, base.program.apply(edits), proposal.note, state.prior * prior, base, edits)
