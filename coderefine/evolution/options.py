"""What an evolution may be asked for."""

from __future__ import annotations

from dataclasses import dataclass

SEARCH = "search"
LENGTH, OPERATIONS = "length", "operations"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionOptions:
    """How an evolution goes about it. Nothing of it depends on the machine, so a seed gives one course of events."""

    seed: int = 0
    islands: int = 4
    """Populations that mix only when some migrate (Tanese 1989)."""
    batch: int = 16
    """Candidates of a generation. They are chosen before any of them is judged, and judged side by side."""
    migration: int = 8
    """Generations between two migrations, in which the best of each island moves on to the next; 0: none."""
    descriptors: tuple[str, ...] = (LENGTH,)
    """What cells are made of (MAP-Elites, Mouret and Clune 2015): `length`, `operations` or names of metrics."""
    engines: tuple[str, ...] = (SEARCH,)
    """Who varies candidates: `search`, which needs no model, and names of language models."""
    patience: int = 2000
    """Candidates in a row, none of which is the best so far, after which it ends."""

    def __post_init__(self) -> None:
        for name in ("islands", "batch", "patience"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, got {getattr(self, name)}")
