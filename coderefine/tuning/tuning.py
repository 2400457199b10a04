"""Tunes a prompt: answer a batch, criticise what fails, rewrite the prompt, keep it if it is better (TextGrad, GEPA).

A new prompt has to pass two gates. On its batch it has to be better than the prompt that it was made from. Only then is
it tried on the validation part, and becomes the best where it is right more often than the best so far. Every step
begins with a prompt of the Pareto front over the validation cases. Everything follows from the seed and the answers, so
that a resumed run takes the same course.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from coderefine.autograd.calls import criticise_part
from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Meter
from coderefine.descent.answering import QUESTION_FIELD
from coderefine.descent.text_descent import TextDescent
from coderefine.errors import BudgetExhausted, PatchError
from coderefine.models.model import Model
from coderefine.parallel import in_parallel
from coderefine.problem.problem import Problem
from coderefine.scoring.estimates import UNCHANGED, Estimate, estimate, sign_test
from coderefine.tuning.evaluating import Evaluator, Outcome
from coderefine.tuning.front import Candidate, draw, pareto_front
from coderefine.tuning.split import Split

BATCH, STEPS = 3, 12
ROLE = "prompt of a language model that solves problems like these"
MAX_PROMPT_CHARS = 20_000
CHANCE = 0.05
"""A gain that is at least this likely to be luck is reported as uncertain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneOptions:
    """How a prompt is tuned."""

    batch: int = BATCH
    """Problems of the training part in a step."""
    steps: int = STEPS
    samples: int = 1
    """New prompts that a step asks for; the one that is best on the batch goes on."""
    constraints: tuple[str, ...] = ()
    """Sentences that a new prompt must meet."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class TuneStep:
    """The result of a step, and what the run had spent by then."""

    number: int
    """0 is the evaluation of the first prompt."""
    batch: tuple[int, int] | None
    """How many problems of the batch the old and the new prompt get right; None before the first step."""
    validation: float | None
    """The score of the new prompt on the validation part; None where it was not tried there."""
    best: float
    """The best score so far on the validation part."""
    ending: str
    """The outcome: `first`, `accepted`, `kept` for the front, `refused on the batch`, `refused`, `nothing to learn`, or
    `no new prompt`.
    """
    calls: int
    tokens: int
    cost_usd: float | None
    prompt: str = ""
    """The new prompt; "" where there is none."""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Tuned:
    """The result: the best prompt so far, whatever ended the run."""

    first: str
    prompt: str
    steps: tuple[TuneStep, ...]
    stopped: str
    """Why the run ended, in words."""
    exhausted: BudgetExhausted | None = None
    test_before: Estimate | None = None
    """The score of the first prompt on the test part; None where it was not tried there."""
    test_after: Estimate | None = None
    test_gain: Estimate | None = None
    """After minus before, problem by problem."""
    chance: float | None = None
    """The probability that a prompt that is no better gains as much on the test part.

    None where it was not tried there.
    """
    front: tuple[str, ...] = ()
    """The prompts of the Pareto front."""

    @property
    def improved(self) -> bool:
        """Whether a prompt was found that is better on the validation part."""
        return self.prompt != self.first

    @property
    def doubt(self) -> str:
        """Why the better prompt may be no better, in words; "" where the test part confirms it."""
        if not self.improved or (self.chance is not None and self.chance <= CHANCE):
            return ""
        if self.chance is None:
            return "no test part confirms it: what chose it among several may have been luck"
        return (
            f"the test part does not confirm it: a prompt that is no better gains as much in {self.chance:.0%} of cases"
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        test = {"before": self.test_before, "after": self.test_after, "gain": self.test_gain}
        return {
            "first": self.first,
            "prompt": self.prompt,
            "improved": self.improved,
            "stopped": self.stopped,
            "steps": [step.to_json() for step in self.steps],
            "test": {name: it.to_json() if it else None for name, it in test.items()},
            "chance": self.chance,
            "doubt": self.doubt,
            "front": list(self.front),
        }


@dataclass(slots=True)
class _State:
    evaluator: Evaluator
    model: Model
    parts: Split
    options: TuneOptions
    meter: Meter
    on_step: Callable[[TuneStep], None]
    candidates: list[Candidate] = field(default_factory=list)
    steps: list[TuneStep] = field(default_factory=list)

    @property
    def best(self) -> Candidate:
        """The first of the candidates that are right most often."""
        return max(self.candidates, key=lambda it: (it.mean, -it.step))

    def end_step(
        self,
        number: int,
        ending: str,
        *,
        batch: tuple[int, int] | None = None,
        validation: float | None = None,
        prompt: str = "",
    ) -> None:
        meter = self.meter
        step = TuneStep(
            number=number,
            batch=batch,
            validation=validation,
            best=self.best.mean,
            ending=ending,
            calls=meter.calls,
            tokens=meter.prompt_tokens + meter.completion_tokens,
            cost_usd=meter.cost_usd if meter.cost_known else None,
            prompt=prompt,
        )
        self.steps.append(step)
        self.on_step(step)


def tune(
    prompt: str,
    parts: Split,
    evaluator: Evaluator,
    model: Model,
    meter: Meter,
    options: TuneOptions | None = None,
    on_step: Callable[[TuneStep], None] = lambda _: None,
) -> Tuned:
    """Tune a prompt; `model` criticises and rewrites it, `evaluator` answers with it, and `meter` counts both.

    A spent budget ends it with the best so far. Raises BudgetExhausted where not even the first prompt could be
    evaluated, and what `Model.complete` and `Judge.run` raise.
    """
    asked = options or TuneOptions()
    state = _State(evaluator, model, parts, asked, meter, on_step)
    stopped, exhausted = "all steps are made", None
    try:
        state.candidates.append(_on_validation(state, prompt, 0))
        state.end_step(0, "first", validation=state.best.mean)
        for number, batch in enumerate(_batches(state), 1):
            if state.best.mean == 1:
                stopped = "every validation case is right"
                break
            _step(state, number, batch)
    except BudgetExhausted as error:
        if not state.steps:
            raise
        stopped, exhausted = str(error), error
    found = Tuned(prompt, state.best.text, tuple(state.steps), stopped, exhausted)
    found = replace(found, front=tuple(it.text for it in _front(state)))
    return found if exhausted else _tested(state, found)


def _batches(state: _State) -> Iterator[list[Problem]]:
    """Yield the batches of all steps: the training part in a new order each time that it is used up."""
    numbers = random.Random(f"batches {state.options.seed}")  # noqa: S311 - not for secrets
    left: list[Problem] = []
    for _ in range(state.options.steps):
        size = min(state.options.batch, len(state.parts.training))
        while len(left) < size:
            more = [it for it in state.parts.training if it not in left[:size]]
            numbers.shuffle(more)
            left += more
        yield left[:size]
        left = left[size:]


def _step(state: _State, number: int, batch: Sequence[Problem]) -> None:
    numbers = random.Random(f"step {state.options.seed} {number}")  # noqa: S311 - not for secrets
    parent = draw(state.candidates, numbers)
    before = state.evaluator.outcomes(parent.text, batch)
    right = sum(it.is_right for it in before)
    if right == len(before):
        return state.end_step(number, "nothing to learn", batch=(right, right))
    texts = _rewritten(state, parent, [it for it in before if not it.is_right])
    known = {it.text for it in state.candidates}
    new = [text for text in texts if text not in known]
    if not new:
        return state.end_step(number, "no new prompt", batch=(right, right))
    scored = [(sum(it.is_right for it in state.evaluator.outcomes(text, batch)), text) for text in new]
    after, text = max(scored, key=lambda it: it[0])  # of equals the first
    if after <= right:
        return state.end_step(number, "refused on the batch", batch=(right, after), prompt=text)
    best = state.best.mean
    candidate = _on_validation(state, text, number)
    state.candidates.append(candidate)
    ending = "accepted" if candidate.mean > best else "kept" if candidate in _front(state) else "refused"
    return state.end_step(number, ending, batch=(right, after), validation=candidate.mean, prompt=text)


def _rewritten(state: _State, parent: Candidate, failed: Sequence[Outcome]) -> tuple[str, ...]:
    """Return new prompts, from the critic's words on each failure."""
    variable = Variable(parent.text, role=ROLE, requires_grad=True)
    calls = [
        partial(criticise_part, state.model, it.asked, it.answer, state.evaluator.failure(it), ROLE, parent.text)
        for it in failed
    ]
    for done in in_parallel(calls):
        variable.add_gradient(Gradient(done.result()))
    constraints = ["It is for any problem of the kind: it names no problem and no answer.", *state.options.constraints]
    optimizer = TextDescent(
        variable, state.model, constraints=constraints, samples=state.options.samples, check=_check(parent.text)
    )
    return next((step.texts for step in optimizer.step()), ())


def _check(before: str) -> Callable[[Variable, str], None]:
    def check(_: Variable, text: str) -> None:
        if QUESTION_FIELD in before and QUESTION_FIELD not in text:
            raise PatchError(f"the prompt has lost the field {QUESTION_FIELD}, where the question goes: keep it")
        if len(text) > MAX_PROMPT_CHARS:
            raise PatchError(f"the prompt is longer than {MAX_PROMPT_CHARS} characters: make it shorter")

    return check


def _on_validation(state: _State, text: str, number: int) -> Candidate:
    outcomes = state.evaluator.outcomes(text, state.parts.validation)
    return Candidate(text, {it.problem.slug: float(it.is_right) for it in outcomes}, number)


def _front(state: _State) -> list[Candidate]:
    return [*pareto_front(state.candidates)]


def _tested(state: _State, found: Tuned) -> Tuned:
    """Try the first and the best prompt on the test part; where the budget ends there, the result has no test
    scores.
    """
    if not state.parts.test:
        return found
    try:
        before = [it.is_right for it in state.evaluator.outcomes(found.first, state.parts.test)]
        after = [it.is_right for it in state.evaluator.outcomes(found.prompt, state.parts.test)]
    except BudgetExhausted as error:
        return replace(found, stopped=f"{found.stopped}; {error}", exhausted=error)
    gain = [float(b) - float(a) for a, b in zip(before, after, strict=True)]
    return replace(
        found,
        test_before=estimate([float(it) for it in before]),
        test_after=estimate([float(it) for it in after]),
        test_gain=estimate(gain, least=-1.0) if found.improved else UNCHANGED,
        chance=sign_test(gain.count(1.0), gain.count(-1.0)) if found.improved else None,
    )
