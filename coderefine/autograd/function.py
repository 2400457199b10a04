"""Any Python function of texts as an operation, given what its backward pass is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coderefine.autograd.variable import AsRoot, Given, Gradient, Variable


def hand_on(output: Variable) -> Given:
    """Give every criticism of `output` to each of its predecessors, once even where one stands there twice."""
    seen: set[Variable] = set()
    given: list[tuple[Gradient, ...] | None] = []
    for predecessor in output.predecessors:
        given.append(None if predecessor in seen else output.gradients)
        seen.add(predecessor)
    return given


@dataclass(frozen=True, slots=True)
class Function:
    """An operation: `function(*variables)` computes a variable that knows how to pass criticisms back.

    What the backward pass needs of the forward one besides
    the values is kept by a closure, as in `judge_run`.
    """

    forward: Callable[..., str]
    """From the inputs' values to the output's."""
    backward: Callable[[Variable], Given] = hand_on
    """From the output, with its gradients and predecessors, to each predecessor's gradients."""
    role: str = ""
    """Of the output."""
    as_root: AsRoot = "value"
    """What criticises where the output is the root of a pass: its text, or (`"loss"`) `backward` by itself."""

    def __call__(self, *inputs: Variable) -> Variable:
        """Compute the output; raises what `forward` raises."""
        value = self.forward(*(variable.value for variable in inputs))
        return Variable(value, role=self.role, predecessors=inputs, backward_fn=self.backward, as_root=self.as_root)
