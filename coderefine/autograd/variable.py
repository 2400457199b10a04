"""Texts as the nodes of a computation graph.

A gradient is a criticism in words; a node that was computed knows how to turn the criticisms of itself into
criticisms of what it was computed from. The order of gradients is the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from coderefine.autograd.mode import recording


@dataclass(frozen=True, slots=True)
class Gradient:
    """A criticism of a variable: how it should change."""

    text: str
    evidence: Any = None
    """What the criticism rests on, such as a TestReport."""


Given: TypeAlias = Sequence[Gradient | Sequence[Gradient] | None]
"""For each predecessor in order: its gradient, its gradients, or none."""


class Variable:
    """A text, what it was computed from, and the criticisms it has received.

    `backward_fn(self)` reads `self.gradients` and returns one gradient, several or None for each of `predecessors`, in
    order; it may run beside others in a thread of its own. Predecessors are fixed at construction, so a graph never has
    a cycle. As in torch, a variable requires a gradient if it is told so or if a predecessor does, and within `no_grad`
    it keeps no predecessors.
    """

    __slots__ = ("_gradients", "backward_fn", "predecessors", "requires_grad", "role", "value")

    def __init__(
        self,
        value: str,
        *,
        role: str = "",
        requires_grad: bool = False,
        predecessors: tuple[Variable, ...] = (),
        backward_fn: Callable[[Variable], Given] | None = None,
    ) -> None:
        if not recording():
            predecessors, backward_fn = (), None
        self.value = value
        self.role = role
        self.requires_grad: bool = requires_grad or any(predecessor.requires_grad for predecessor in predecessors)
        self.predecessors = predecessors
        self.backward_fn = backward_fn
        self._gradients: list[Gradient] = []

    def __repr__(self) -> str:
        return f"Variable({self.value!r}, role={self.role!r}, requires_grad={self.requires_grad})"

    @property
    def gradients(self) -> tuple[Gradient, ...]:
        """The criticisms received since the last `zero_grad`, in order."""
        return tuple(self._gradients)

    def add_gradient(self, gradient: Gradient) -> None:
        """Append a criticism; one given to the root of a backward pass is handed on by it."""
        self._gradients.append(gradient)

    def zero_grad(self) -> None:
        """Forget all criticisms."""
        self._gradients = []

    def detach(self) -> Variable:
        """Return the same text and role without history: no gradient passes from there to here."""
        return Variable(self.value, role=self.role)

    def backward(self) -> None:
        """Give every variable on the way the criticisms that follow here; see `backward.backward`."""
        from coderefine.autograd.backward import backward

        backward(self)


def zero_grad(variables: Iterable[Variable]) -> None:
    """Have every one of `variables` forget its criticisms."""
    for variable in variables:
        variable.zero_grad()


def evidence_of(gradients: Iterable[Gradient]) -> Any:
    """What several criticisms rest on: None, one thing that they share, or a tuple of the different ones in order."""
    different: list[Any] = []
    for gradient in gradients:
        parts = gradient.evidence if isinstance(gradient.evidence, tuple) else (gradient.evidence,)
        different += [part for part in parts if part is not None and not any(part is seen for seen in different)]
    return tuple(different) if len(different) > 1 else different[0] if different else None
