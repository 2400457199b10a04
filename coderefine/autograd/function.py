"""Makes an operation of any Python function on texts and its backward pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coderefine.autograd.variable import AsRoot, Gradient, InputGradients, Variable


def hand_on(output: Variable) -> InputGradients:
    """Give every criticism of `output` to each of its predecessors, once even to one that occurs twice."""
    seen: set[Variable] = set()
    given: list[tuple[Gradient, ...] | None] = []
    for predecessor in output.predecessors:
        given.append(None if predecessor in seen else output.gradients)
        seen.add(predecessor)
    return given


@dataclass(frozen=True, slots=True)
class Function:
    """An operation: `function(*variables)` computes a variable that can pass criticisms back.

    If the backward pass needs more than the values, a closure keeps it, as in `judge_run`.
    """

    forward: Callable[..., str]
    """Computes the output's value from the inputs' values."""
    backward: Callable[[Variable], InputGradients] = hand_on
    """Returns the gradients of each predecessor, from the output with its gradients and predecessors."""
    role: str = ""
    """The role of the output."""
    as_root: AsRoot = "value"
    """The source of criticism where the output is the root of a pass: its text, or (`"loss"`) `backward` by itself."""

    def __call__(self, *inputs: Variable) -> Variable:
        """Compute the output; raises what `forward` raises."""
        value = self.forward(*(variable.value for variable in inputs))
        return Variable(value, role=self.role, predecessors=inputs, backward_fn=self.backward, as_root=self.as_root)
