"""The worth of a pipeline: problems solved, weighed against seconds, calls, tokens and dollars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from coderefine.errors import UsageError


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of a unit of each figure; costs lower the worth."""

    solved: float = 1.0
    """For a program that passes all tests, the hidden ones too."""
    seconds: float = 0.02
    """By default a solved problem is worth 50 seconds."""
    usd: float = 1.0
    calls: float = 0.0
    tokens: float = 0.0

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the weights named in a text such as `solved=1,seconds=0.1`, with defaults for the others.

        Raises UsageError.
        """
        found: dict[str, float] = {}
        for part in filter(None, (it.strip() for it in text.split(","))):
            name, _, number = part.partition("=")
            try:
                found[name.strip()] = float(number)
            except ValueError:
                raise UsageError(f"--weights: expected a number for {name.strip()!r}, as in seconds=0.1") from None
        known = [it.name for it in fields(cls)]
        if wrong := [name for name, value in found.items() if name not in known or not 0 <= value < math.inf]:
            raise UsageError(f"--weights: expected a number from 0 on for any of {', '.join(known)}, not {wrong[0]!r}")
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a pipeline on one program."""

    solved: bool
    seconds: float
    """Including the time of answers that came from the store."""
    calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    """0 where no price is known."""

    def worth(self, weights: Weights) -> float:
        """Return the worth."""
        spent = weights.seconds * self.seconds + weights.usd * self.usd
        return weights.solved * self.solved - spent - weights.calls * self.calls - weights.tokens * self.tokens


@dataclass(frozen=True, slots=True)
class Total:
    """The outcome of a pipeline on several programs."""

    programs: int
    solved: int
    seconds: float
    calls: int
    tokens: int
    usd: float
    worth: float
    """The mean over all programs."""

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], weights: Weights) -> Self:
        """Return the sum of outcomes, with their mean worth."""
        return cls(
            programs=len(outcomes),
            solved=sum(it.solved for it in outcomes),
            seconds=round(math.fsum(it.seconds for it in outcomes), 3),
            calls=sum(it.calls for it in outcomes),
            tokens=sum(it.tokens for it in outcomes),
            usd=round(math.fsum(it.usd for it in outcomes), 6),
            worth=round(math.fsum(it.worth(weights) for it in outcomes) / max(1, len(outcomes)), 6),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return asdict(self)
