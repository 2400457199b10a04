"""What a problem has more where a tool measures its candidates: an evaluator, and what its figures are to be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

CandidateForm = Literal["function", "program", "text", "json", "toml", "smiles"]
Direction = Literal["min", "max", "constraint"]
Over = Literal["mean", "worst", "sum"]

ALLOW = "evaluator"
"""The word by which a user lets evaluators have the packages and the program that problems name."""
MAX_MAGNITUDE = 1e300
"""Of a figure; sums and weights of such figures must stay finite."""


def is_figure(value: object) -> bool:
    """Whether a value is an int or a float, finite and not too large; True and False are not."""
    return type(value) in (int, float) and abs(value) <= MAX_MAGNITUDE  # type: ignore[arg-type]  # nan is not


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that the evaluator returns for each instance."""

    name: str
    direction: Direction
    """What is better. A constraint says by how much it is not met: at 0 and below it is."""
    target: float | None = None
    """What is good enough, over all instances; None where there is no such thing."""
    weight: float = 1.0
    over: Over = "mean"
    """How the figures of all instances become one."""

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.direction == "max" else -1

    def joined(self, figures: Iterable[float]) -> float:
        """Return the figures of some instances, at least one, as one."""
        figures = list(figures)
        if self.over == "worst":
            return min(figures) if self.direction == "max" else max(figures)
        total = math.fsum(figures)
        return total if self.over == "sum" else total / len(figures)

    def missing(self, figure: float) -> float:
        """Return how far a figure is from its target, 0 where that is met or there is none."""
        return 0.0 if self.target is None else max(0.0, self.sign * (self.target - figure))

    def wish(self) -> str:
        """Say what is wanted, such as `bins <= 40`."""
        if self.direction == "constraint":
            return f"{self.name} <= 0"
        if self.target is None:
            return f"{self.name} as {'large' if self.direction == 'max' else 'small'} as possible"
        return f"{self.name} {'>=' if self.direction == 'max' else '<='} {self.target:g}"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How candidates are measured; without an evaluator nothing is."""

    candidate: CandidateForm = "function"
    """What a candidate is: a function or a program, which is run, or a text that only the evaluator reads."""
    evaluator: str = ""
    """The source of an `evaluate(args, expected, got)`; it runs in the sandbox, apart from the candidate."""
    metrics: tuple[Metric, ...] = ()
    limit_s: float = 10.0
    """CPU seconds of the evaluator for one instance."""
    packages: tuple[str, ...] = ()
    """What the evaluator imports beyond Python's own modules, as pip names it; candidates have none of it."""
    program: str = ""
    """The one program that the evaluator may start, by its path below the folder of its packages; "" for none."""

    @property
    def needs(self) -> str:
        """Say what the evaluator needs that is the user's to allow; "" for nothing."""
        packages = f"packages ({', '.join(self.packages)})" if self.packages else ""
        return f"{packages} and a program to start ({self.program})" if self.program else packages

    @property
    def suffix(self) -> str:
        """Return how the name of a file with a candidate ends."""
        return ".py" if self.is_code else {"text": ".txt", "smiles": ".smi"}.get(self.candidate, f".{self.candidate}")

    @property
    def is_code(self) -> bool:
        """Whether a candidate is Python."""
        return self.candidate in ("function", "program")
