"""The options of an evolution."""

from __future__ import annotations

from dataclasses import dataclass

SEARCH = "search"
LENGTH, OPERATIONS = "length", "operations"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionOptions:
    """How an evolution proceeds. No option depends on the machine, so a seed determines the whole course."""

    seed: int = 0
    islands: int = 4
    """Populations that mix only by migration (Tanese 1989)."""
    batch: int = 16
    """Candidates of a generation. They are chosen before any of them is judged, and judged in parallel."""
    migration: int = 8
    """Generations between two migrations, when the best of each island is copied to the next; 0: none."""
    descriptors: tuple[str, ...] = (LENGTH,)
    """The dimensions of the cells (MAP-Elites, Mouret and Clune 2015): `length`, `operations` or names of metrics."""
    engines: tuple[str, ...] = (SEARCH,)
    """The engines that vary candidates: `search`, which needs no model, and names of language models."""
    patience: int = 2000
    """Candidates in a row without a new best, after which the evolution ends."""

    def __post_init__(self) -> None:
        for name in ("islands", "batch", "patience"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, got {getattr(self, name)}")
