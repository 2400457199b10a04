"""The protocols of repair: a loss that criticises and an optimizer that patches, by a model or by the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol, Self

from coderefine.autograd.variable import Variable
from coderefine.judge.report import TestReport
from coderefine.patch import Patch
from coderefine.pipeline.graph import Pipeline


class Loss(Protocol):
    """Turns code and its test results into a criticism: `loss(code, report).backward()` gives it to the code."""

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism as a variable whose backward pass reaches `code`."""
        ...


@dataclass(frozen=True, slots=True)
class StepReport:
    """What an optimizer reports of a step besides its patches."""

    plausible: int = 0
    """How many different programs it found that pass all visible tests; it may return fewer."""
    tried: Mapping[str, int] = field(default_factory=dict)
    """How many programs it tried, by the kind of the last edit, the most frequent first."""
    lesson: str = ""
    """Where nothing passed: a criticism for the next engine, about the program, its visible tests and what was
    tried.
    """
    failure: str = ""
    """Where an answer could not be read: whose, and why; else ""."""
    ended: str = ""
    """Why a step ended in which nothing passed and more could have been tried; "" where no idea was left."""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild it from `to_json`."""
        return cls(**data)


class Optimizer(Protocol):
    """Turns the gradients of a variable into patches."""

    @property
    def step_report(self) -> StepReport:
        """The report of the last step."""
        ...

    def step(self) -> tuple[Patch, ...]:
        """Propose patches, best first, and set the variable to the first result; () where no idea is left."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to repair: `--model NAME` on the command line."""

    name: str
    loss: Loss
    optimizer: Callable[[Variable], Optimizer]
    draft: Callable[[], str] | None = None
    """Writes a first solution; None where the engine cannot."""
    can_change_algorithm: bool = True
    """Whether its patches may change the algorithm: only then is it asked to repair what is too slow on large
    inputs.
    """
    wants_evidence: bool = False
    """Whether its loss uses the lines that ran and the values on them (`Judge.run(..., evidence=True)`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """The options of engines that are language models; of these the search uses `candidates` and `pipeline`."""

    instruction: str | None = None
    """The test-time instruction; None takes the built-in one."""
    prompt: str | None = None
    """The system prompt of first drafts, and of answers to questions; None takes the built-in one."""
    critic_prompt: str | None = None
    """The system prompt of criticisms; None takes the built-in one."""
    patcher_prompt: str | None = None
    """The system prompt of patches; None takes the built-in one."""
    critic: str | None = None
    """The litellm name of the model that criticises; None takes the model that patches."""
    candidates: int = 1
    """How many patches a step asks a model for, and how many plausible ones the search returns; all are tested."""
    edit_format: Literal["diff", "whole", "search"] = "diff"
    """The form in which a patch is asked for: a diff, the whole file, or SEARCH/REPLACE blocks. All forms are read."""
    timeout_s: float = 120.0
    """Seconds that a call may stay silent before it is given up."""
    answer_tokens: int | None = None
    """How long an answer may be; None takes 4096, or what the server allows."""
    context_tokens: int | None = None
    """How much the server reads, prompt and answer together; None takes litellm's figure, or 8192."""
    faithful: bool = False
    """TextGrad's three calls an iteration (evaluation, gradient, update) instead of two."""
    momentum: int = 3
    """How many earlier edits the optimizer is shown."""
    constraints: tuple[str, ...] = ()
    """Sentences that a new program must meet."""
    pipeline: Pipeline = field(default_factory=Pipeline)
    """Which stages hand what to each other; the search uses its own edges of it."""
    sample: int = 0
    """Which of several first drafts is asked for; 0 for a single one, the one that the model finds likeliest."""

    def __post_init__(self) -> None:
        if self.candidates < 1:
            raise ValueError(f"candidates: expected at least 1, got {self.candidates}")
