"""The options of a refinement."""

from __future__ import annotations

from dataclasses import dataclass, field

from coderefine.budget import Budget
from coderefine.engine import EngineOptions
from coderefine.evolution.options import EvolutionOptions

MAX_ITERATIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineOptions:
    """How a refinement proceeds."""

    budget: Budget = field(default_factory=Budget)
    max_iterations: int = MAX_ITERATIONS
    """Steps of each engine."""
    api_base: str | None = None
    """The address of an OpenAI-compatible server; None takes the provider's own."""
    engine: EngineOptions = field(default_factory=EngineOptions)
    """The options of engines that are language models."""
    evolution: EvolutionOptions = field(default_factory=EvolutionOptions)
    """The options of the evolution of measured candidates, by `evolve` and by `search`."""
    samples: int = 1
    """Answers to a question that are drafted and improved independently, before all of them vote."""
    harden: bool = True
    """Whether programs that pass are compared on generated inputs within a few seconds.

    Where the chosen one fails there, each engine gets one more step to repair it.
    """
    shrink: bool = True
    """Whether a model's rewrite that passes is reduced to the smallest tested edit, within a few seconds."""
