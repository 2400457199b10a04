"""The states to continue from, and the likeliest idea for any of them."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from coderefine.judge.verdict import Verdict
from coderefine.search.fitness import Behaviour, behaviour, fitness
from coderefine.search.ideas import ideas, improvements
from coderefine.search.state import Idea, State
from coderefine.search.trials import Trials

_GAIN = 5.0
"""How much a gain in fitness raises the weight of a program: by e to the power of this times the gain."""
_ANOTHER = 0.1
"""The probability that another edit is needed."""
_ALIKE = 2
"""The most states with the same behaviour."""
_UNCHANGED, _UNCHANGED_WEIGHT = 20, 0.2
"""The most states that behave like the program to repair, where two edits may be needed for a change; and their
weight.
"""


@dataclass(frozen=True, slots=True, order=True)
class _Stream:
    """The ideas for a state; `step` is the next idea, `weight` the weight of the stream."""

    cost: float
    serial: int
    step: Idea | None = field(compare=False)
    weight: float = field(compare=False)
    ideas: Iterator[Idea] = field(compare=False)


class Frontier:
    """The states to continue from, and their behaviours so far."""

    def __init__(self, root: State, trials: Trials) -> None:
        self._trials = trials
        self._root, self._fitness = behaviour(root.report), fitness(root.report)
        self._alike = Counter[Behaviour]()
        self._seen = {root.source}
        self._serial = itertools.count()
        self.waiting: list[_Stream] = []
        self._push(root, 1.0, ideas(root, trials))

    def add(self, state: State) -> bool:
        """Add a state if few others behave like it; return whether it was added."""
        does_not_compile = state.report.verdict is Verdict.CE
        if does_not_compile and (state.base or state.program.error):
            return False
        found = behaviour(state.report)
        unchanged = found == self._root
        self._alike[found] += 1
        if self._alike[found] > (_UNCHANGED if unchanged else _ALIKE):
            return False
        gain = math.exp(_GAIN * (fitness(state.report) - self._fitness))
        self._push(state, _ANOTHER * (_UNCHANGED_WEIGHT if unchanged else gain), ideas(state, self._trials))
        return True

    def improve(self, state: State) -> None:
        """Try a plausible program with fewer edits, and with senseless code repaired, which no visible test may
        show.
        """
        self._push(state, math.inf, improvements(state, self._trials))

    def steps(self) -> Iterator[Idea]:
        """Yield the ideas for all states, likeliest first; no source is yielded twice."""
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

    def _push(self, state: State, weight: float, ideas: Iterator[Idea]) -> None:
        """Add a stream of ideas; each idea is computed when its turn comes."""
        heapq.heappush(self.waiting, _Stream(-weight * state.prior, next(self._serial), None, weight, ideas))
