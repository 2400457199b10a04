"""The arms, which propose candidates: variations that need no model, CMA-ES where it is installed, language models."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from coderefine.autograd.variable import Gradient, Variable
from coderefine.engine import Engine
from coderefine.errors import BudgetExhausted, CoderefineError
from coderefine.evolution.database import Database
from coderefine.evolution.variations import expressions, molecules, numbers, structure
from coderefine.evolution.variations.axes import Axes
from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.evolution.variations.linear import Linear
from coderefine.evolution.variations.strategy import Strategy
from coderefine.evolution.variations.templates import Templates
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced
from coderefine.rendering import cut

_PER_COST = 1000
"""Characters that a model reads and writes for the price of one run of the judge."""
_SHOWN_CHARS = 4000
"""Characters of another candidate in a prompt."""

Vary = Callable[[Entry, random.Random], Proposal | None]
Cross = Callable[[Entry, Entry, random.Random], Proposal | None]


class Arm(ABC):
    """Proposes candidates."""

    name: str
    failure: str = ""
    """Why it makes no more proposals; "" while it does."""

    @abstractmethod
    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Return a candidate made from members of an island; None where that does not succeed."""

    def cost(self, proposal: Proposal) -> float:
        """Return the cost of proposing and judging a candidate; 1 is a run of the judge."""
        return 1.0

    def learn(self, entry: Entry) -> None:
        """Learn from the outcome of a candidate that it proposed."""
        return


class VariationArm(Arm):
    """Varies one candidate."""

    def __init__(self, name: str, vary: Vary) -> None:
        self.name, self._vary = name, vary

    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Vary a parent of the island."""
        return self._vary(database.parent(island, rng), rng)


class BisectionArm(Arm):
    """Continues the latest steps of numbers on an island."""

    def __init__(self, *, is_code: bool) -> None:
        self.name, self._is_code = "bisection", is_code

    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Continue from an elite that a step has led to."""
        moved = [it for it in database.islands[island].values() if it.proposal.move]
        if not moved:
            return None
        best = sorted(moved, key=lambda it: (it.standing, it.number), reverse=True)[:3]
        return numbers.bisection(rng.choice(best), rng, is_code=self._is_code)


class CrossoverArm(Arm):
    """Joins two candidates of an island, in one of several ways."""

    def __init__(self, ways: Sequence[Cross]) -> None:
        self.name, self._ways = "crossover", ways

    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Cross a parent with another elite."""
        parent = database.parent(island, rng)
        mate = database.mate(island, parent, rng)
        return None if mate is None else rng.choice(self._ways)(parent, mate, rng)


class StrategyArm(Arm):
    """CMA-ES on the numbers of the first candidate."""

    def __init__(self, strategy: Strategy) -> None:
        self.name, self._strategy = "cma", strategy

    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Return the next point of the strategy's own population, whatever the island."""
        return self._strategy.propose()

    def learn(self, entry: Entry) -> None:
        """Tell the strategy how good a point is."""
        self._strategy.learn(entry.source, entry.standing)


class AxesArm(Arm):
    """Steps along the numbers of the best candidate, one after another."""

    def __init__(self, axes: Axes) -> None:
        self.name, self._axes = "axes", axes

    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Move the next number of the best candidate, whatever its island."""
        return self._axes.propose(database.best)

    def learn(self, entry: Entry) -> None:
        """Tell the axes how good a point is."""
        self._axes.learn(entry.source, entry.standing)


class LinearArm(Arm):
    """Moves to where linear models of all measurements meet the targets."""

    def __init__(self, linear: Linear) -> None:
        self.name, self._linear = "linear", linear

    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Move from the best candidate, whatever its island."""
        return self._linear.propose(database.best, database.entries, rng)

    def learn(self, entry: Entry) -> None:
        """Tell the models how good a point is."""
        self._linear.learn(entry.source, entry.standing)


class EngineArm(Arm):
    """A language model that patches a parent; it sees the best and the most different candidates."""

    def __init__(self, engine: Engine) -> None:
        self.name, self._engine = engine.name, engine
        self._read = 0

    def propose(self, database: Database, island: int, rng: random.Random) -> Proposal | None:
        """Ask for a patch of a parent; a model that fails is not asked again."""
        parent = database.parent(island, rng)
        others = {it.number: it for it in (database.best, *database.most_different(parent)) if it is not parent}
        code = Variable(parent.source, role="candidate", requires_grad=True)
        optimizer = self._engine.optimizer(code)
        try:
            self._engine.loss(code, parent.report).backward()
            if others:
                code.add_gradient(Gradient(_shown(list(others.values()))))
            patches = optimizer.step()
        except BudgetExhausted:
            raise
        except CoderefineError as error:
            self.failure = str(error)
            return None
        self._read = sum(len(it.text) for it in code.gradients) + 2 * len(parent.source)
        if not patches:
            return None
        parents = (parent.number, *others)
        return Proposal(patches[0].after, f"{self.name}: {patches[0].note or 'see the diff'}", parents)

    def cost(self, proposal: Proposal) -> float:
        """Return the cost by the characters read and written: prices and times would differ in a resumed run."""
        return 1.0 + (self._read + len(proposal.source)) / _PER_COST


def arms_of(problem: Problem, source: str, engines: Sequence[Engine], *, search: bool, seed: int) -> list[Arm]:
    """Return the arms that may propose candidates of a problem, beginning with `source`."""
    found: list[Arm] = _embedded(problem, source, seed) if search else []
    return [*found, *map(EngineArm, engines)]


def _embedded(problem: Problem, source: str, seed: int) -> list[Arm]:
    form, is_code = problem.evaluation.candidate, problem.evaluation.is_code
    gaussian = VariationArm("numbers", partial(numbers.gaussian, is_code=is_code))
    blend = partial(numbers.blend, is_code=is_code)
    if is_code:
        return [
            gaussian,
            BisectionArm(is_code=True),
            VariationArm("templates", Templates(problem).propose),
            VariationArm("expressions", expressions.grow),
            VariationArm("shrinking", expressions.shrink),
            CrossoverArm((expressions.graft, blend)),
        ]
    if form == "smiles" and molecules.is_installed():
        return [VariationArm("molecules", molecules.mutate), CrossoverArm((molecules.cross,))]
    if form in ("text", "smiles"):
        return [VariationArm("words", structure.words), CrossoverArm((structure.mix,))]
    found: list[Arm] = [gaussian, BisectionArm(is_code=False)]
    if form == "json":
        found += [VariationArm("items", structure.items), CrossoverArm((blend, structure.splice))]
    else:
        found.append(CrossoverArm((blend,)))
    if axes := Axes.of(source):
        found.append(AxesArm(axes))
    if linear := Linear.of(problem.evaluation.metrics, source):
        found.append(LinearArm(linear))
    strategy = Strategy.of(source, seed)
    return found if strategy is None else [*found, StrategyArm(strategy)]


def _shown(others: Sequence[Entry]) -> str:
    parts: list[Any] = ["Other candidates, for what they do better or otherwise:"]
    for entry in others:
        figures = entry.report.measured.text() if entry.report.measured else entry.report.summary()
        parts.append(f"{figures}\n{fenced(cut(entry.source, _SHOWN_CHARS))}")
    return "\n\n".join(parts)
