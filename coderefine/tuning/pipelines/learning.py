"""Learns which switches of a pipeline pay: samples pipelines, tries each on the same programs, moves the probabilities.

The result passes a gate: on programs that nothing was learnt from, it solves no fewer than the pipeline with all edges
on, and is worth more. Everything follows from the seed and the outcomes, so that a resumed run takes the same course.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from coderefine.errors import BudgetExhausted
from coderefine.pipeline.graph import Pipeline
from coderefine.tuning.pipelines.reinforce import Reinforce
from coderefine.tuning.pipelines.space import Space
from coderefine.tuning.pipelines.worth import Outcome, Total, Weights

SAMPLES, BATCH, STEPS = 4, 3, 12

C = TypeVar("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnOptions:
    """How a pipeline is learnt."""

    steps: int = STEPS
    samples: int = SAMPLES
    """Pipelines that a step tries."""
    batch: int = BATCH
    """Programs on which each of them is tried."""
    seed: int = 0
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class LearnStep:
    """The result of a step."""

    number: int
    """From 1."""
    probabilities: tuple[float, ...]
    """The probability of each switch, after the step."""
    total: Total
    """For all samples on the batch together."""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        shown = [round(it, 4) for it in self.probabilities]
        return {"number": self.number, "probabilities": shown, "total": self.total.to_json()}


@dataclass(frozen=True, slots=True)
class Cases(Generic[C]):
    """The programs of the three parts."""

    training: Sequence[C]
    validation: Sequence[C]
    """The programs of the gate."""
    test: Sequence[C] = ()
    """Programs that only score the pipeline with all edges on, and the learnt one."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The result: the pipeline to use, whatever ended the run."""

    names: tuple[str, ...]
    """The names of the switches."""
    full: Pipeline
    pipeline: Pipeline
    """The learnt pipeline where it passed the gate, else the one with all edges on."""
    steps: tuple[LearnStep, ...]
    stopped: str
    exhausted: BudgetExhausted | None = None
    validation: tuple[Total, Total] | None = None
    """For the full pipeline and the learnt one; None where they were not tried."""
    test: tuple[Total, Total] | None = None

    @property
    def improved(self) -> bool:
        """Whether the learnt pipeline passed the gate."""
        return self.pipeline != self.full

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        parts = {"validation": self.validation, "test": self.test}
        return {
            "tuned": "pipeline",
            "switches": list(self.names),
            "pipeline": {"off": list(self.pipeline.off), "models": list(self.pipeline.models)},
            "improved": self.improved,
            "stopped": self.stopped,
            "steps": [step.to_json() for step in self.steps],
            **{name: [it.to_json() for it in pair] if pair else None for name, pair in parts.items()},
        }


def learn(
    space: Space,
    cases: Cases[C],
    outcomes: Callable[[Pipeline, Sequence[C]], list[Outcome]],
    options: LearnOptions | None = None,
    on_step: Callable[[LearnStep], None] = lambda _: None,
) -> Learnt:
    """Learn a pipeline; `outcomes` tries one on programs.

    A spent budget ends the learning, and the pipeline with all edges on is the result, since nothing shows that another
    is better. Raises what `outcomes` raises.
    """
    asked = options or LearnOptions()
    reinforce, full = Reinforce(len(space.names)), space.full
    steps: list[LearnStep] = []
    found = Learnt(space.names, full, full, (), "all steps are made")
    try:
        for number in range(1, asked.steps + 1):
            step = _step(number, space, reinforce, cases.training, outcomes, asked)
            steps.append(step)
            on_step(step)
        found = _gated(
            space.pipeline(reinforce.likeliest()), replace(found, steps=tuple(steps)), cases, outcomes, asked
        )
        return _tested(found, cases, outcomes, asked)
    except BudgetExhausted as error:
        return replace(found, steps=tuple(steps), stopped=str(error), exhausted=error)


def _step(
    number: int,
    space: Space,
    reinforce: Reinforce,
    training: Sequence[C],
    outcomes: Callable[[Pipeline, Sequence[C]], list[Outcome]],
    asked: LearnOptions,
) -> LearnStep:
    """Try some pipelines on a batch; the outcome of each on a program is compared with that of the full pipeline.

    So it does not matter that some programs are harder than others.
    """
    numbers = random.Random(f"step {asked.seed} {number}")  # noqa: S311 - not for secrets
    batch = numbers.sample(list(training), min(asked.batch, len(training)))
    usual = Total.of(outcomes(space.full, batch), asked.weights).worth
    samples = [reinforce.sample(numbers) for _ in range(asked.samples)]
    tried = [outcomes(space.pipeline(bits), batch) for bits in samples]
    reinforce.learn(samples, [Total.of(it, asked.weights).worth - usual for it in tried])
    total = Total.of([it for some in tried for it in some], asked.weights)
    return LearnStep(number, reinforce.probabilities, total)


def _gated(
    learnt: Pipeline,
    found: Learnt,
    cases: Cases[C],
    outcomes: Callable[[Pipeline, Sequence[C]], list[Outcome]],
    asked: LearnOptions,
) -> Learnt:
    """Take the learnt pipeline where it solves no fewer programs of the validation part and is worth more."""
    if learnt == found.full:
        return replace(found, stopped=f"{found.stopped}; every edge pays")
    before, after = (Total.of(outcomes(it, cases.validation), asked.weights) for it in (found.full, learnt))
    if after.solved >= max(1, before.solved) and after.worth > before.worth:  # to do nothing faster is no gain
        return replace(found, pipeline=learnt, validation=(before, after))
    return replace(found, stopped=f"{found.stopped}; the gate refused what was learnt", validation=(before, after))


def _tested(
    found: Learnt,
    cases: Cases[C],
    outcomes: Callable[[Pipeline, Sequence[C]], list[Outcome]],
    asked: LearnOptions,
) -> Learnt:
    """Score both pipelines on the test part; where the budget ends there, the result has no test scores."""
    if not (cases.test and found.improved):
        return found
    try:
        pair = [Total.of(outcomes(it, cases.test), asked.weights) for it in (found.full, found.pipeline)]
    except BudgetExhausted as error:
        return replace(found, stopped=f"{found.stopped}; {error}", exhausted=error)
    before, after = pair
    told = "; on the test part it solves fewer than all edges do" if after.solved < before.solved else ""
    return replace(found, test=(before, after), stopped=found.stopped + told)
