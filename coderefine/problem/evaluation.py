"""The additional data of measured problems: an evaluator, and the wanted figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

CandidateForm = Literal["function", "program", "text", "json", "toml", "smiles"]
"""What a candidate of an objective is."""
Direction = Literal["min", "max", "constraint"]
"""Where a figure should go: down, up, or, for a constraint, to nothing: its excess over what is allowed."""
Aggregation = Literal["mean", "worst", "sum"]
"""How the figures of several tests become one."""

ALLOW = "evaluator"
"""The word by which a user allows evaluators the packages and the program that problems name."""
MAX_MAGNITUDE = 1e300
"""The largest magnitude of a figure; sums and weighted sums of such figures must stay finite."""


def is_figure(value: object) -> bool:
    """Whether a value is an int or a float, finite and not too large; True and False are not."""
    return type(value) in (int, float) and abs(value) <= MAX_MAGNITUDE  # type: ignore[arg-type]  # nan is not


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that the evaluator returns for each instance."""

    name: str
    direction: Direction
    """What is better. The figure of a constraint is its violation: at 0 and below, the constraint is met."""
    target: float | None = None
    """The value that is good enough, over all instances; None where there is none."""
    weight: float = 1.0
    over: Aggregation = "mean"
    """How the figures of all instances are combined."""

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.direction == "max" else -1

    def joined(self, figures: Iterable[float]) -> float:
        """Return the combined figure of some instances, at least one."""
        figures = list(figures)
        if self.over == "worst":
            return min(figures) if self.direction == "max" else max(figures)
        total = math.fsum(figures)
        return total if self.over == "sum" else total / len(figures)

    def missing(self, figure: float) -> float:
        """Return how far a figure is from its target; 0 where that is met or there is none."""
        return 0.0 if self.target is None else max(0.0, self.sign * (self.target - figure))

    def wish(self) -> str:
        """What is wanted, such as `bins <= 40`."""
        if self.direction == "constraint":
            return f"{self.name} <= 0"
        if self.target is None:
            return f"{self.name} as {'large' if self.direction == 'max' else 'small'} as possible"
        return f"{self.name} {'>=' if self.direction == 'max' else '<='} {self.target:g}"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How candidates are measured; without an evaluator, they are not."""

    candidate: CandidateForm = "function"
    """What a candidate is: a function, a program, or a text that only the evaluator reads."""
    evaluator: str = ""
    """The source of an `evaluate(args, expected, got)`; it runs in the sandbox, apart from the candidate."""
    metrics: tuple[Metric, ...] = ()
    limit_s: float = 10.0
    """CPU seconds of the evaluator for one instance."""
    packages: tuple[str, ...] = ()
    """Packages that the evaluator imports, as pip names them; candidates have none of them."""
    program: str = ""
    """The one program that the evaluator may start, as a path below the folder of its packages; "" for none."""

    @property
    def needs(self) -> str:
        """What the evaluator needs that the user has to allow, in words; "" for nothing."""
        packages = f"packages ({', '.join(self.packages)})" if self.packages else ""
        return f"{packages} and a program to start ({self.program})" if self.program else packages

    @property
    def suffix(self) -> str:
        """The end of the name of a file with a candidate."""
        return ".py" if self.is_code else {"text": ".txt", "smiles": ".smi"}.get(self.candidate, f".{self.candidate}")

    @property
    def is_code(self) -> bool:
        """Whether a candidate is Python."""
        return self.candidate in ("function", "program")
