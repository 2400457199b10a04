"""What a refinement may be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from coderefine.budget import Budget
from coderefine.engine import EngineOptions
from coderefine.evolution.options import EvolutionOptions

MAX_ITERATIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineOptions:
    """How a refinement goes about it."""

    budget: Budget = field(default_factory=Budget)
    max_iterations: int = MAX_ITERATIONS
    """Steps of each engine."""
    api_base: str | None = None
    """Address of an OpenAI-compatible server; None takes the provider's own."""
    engine: EngineOptions = field(default_factory=EngineOptions)
    """How engines that are language models work."""
    evolution: EvolutionOptions = field(default_factory=EvolutionOptions)
    """How candidates that are measured are evolved, by `evolve` and by `search`."""
    samples: int = 1
    """Answers to a question that are drafted and improved, each by itself, before all of them vote."""
    harden: bool = True
    """Whether programs that pass are compared on generated inputs within a few seconds, and the chosen one is mended
    where it fails there, by one more step of each engine."""
    shrink: bool = True
    """Whether a model's rewrite that passes is reduced to the smallest tested edit, within a few seconds."""
