"""What repairs a program: a loss that criticises and an optimizer that patches, be it a model or the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from coderefine.autograd.variable import Variable
from coderefine.judge.report import TestReport
from coderefine.patch import Patch


class Loss(Protocol):
    """Turns code and its test results into a criticism: `loss(code, report).backward()` gives it to the code."""

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism as a variable whose backward pass reaches `code`."""
        ...


class Optimizer(Protocol):
    """Turns the gradients of a variable into patches."""

    def step(self) -> tuple[Patch, ...]:
        """Propose patches, best first; set the variable to the first of them. None at all: no idea left."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to repair: `--model NAME` on the command line."""

    name: str
    loss: Loss
    optimizer: Callable[[Variable], Optimizer]
    draft: Callable[[], str] | None = None
    """Writes a first solution; None where the engine cannot."""
