"""Texts as the nodes of a computation graph, and the backward pass over it.

A gradient is a criticism in words; a node that was computed knows how to turn the criticisms of itself into
criticisms of what it was computed from. The order of gradients is the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Gradient:
    """A criticism of a variable: how it should change."""

    text: str
    evidence: Any = None
    """What the criticism rests on, such as a TestReport."""


class Variable:
    """A text, what it was computed from, and the criticisms it has received.

    `backward_fn(self)` reads `self.gradients` and returns one gradient, or None, for each of `predecessors`, in order.
    Predecessors are fixed at construction, so a graph never has a cycle.
    """

    __slots__ = ("_gradients", "backward_fn", "predecessors", "requires_grad", "role", "value")

    def __init__(
        self,
        value: str,
        *,
        role: str = "",
        requires_grad: bool = False,
        predecessors: tuple[Variable, ...] = (),
        backward_fn: Callable[[Variable], tuple[Gradient | None, ...]] | None = None,
    ) -> None:
        self.value = value
        self.role = role
        self.requires_grad = requires_grad
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

    def backward(self) -> None:
        """Give every variable that requires a gradient, and those on the way to it, the criticisms that follow here.

        Each `backward_fn` on the way is called once, after all successors, and sees the gradients of this pass only;
        variables accumulate over passes until `zero_grad`. A pass that raises leaves all gradients as they were.
        """
        order = _successors_first(self)
        on_the_way = set(order)
        earlier = {node: node._gradients for node in order}
        for node in order:
            node._gradients = list(self._gradients) if node is self else []
        try:
            for node in order:
                if node.backward_fn is None:
                    continue
                gradients = node.backward_fn(node)
                for predecessor, gradient in zip(node.predecessors, gradients, strict=True):
                    if gradient is not None and predecessor in on_the_way:
                        predecessor._gradients.append(gradient)
        except BaseException:
            for node in order:
                node._gradients = earlier[node]
            raise
        for node in order:
            if node is not self:
                node._gradients = earlier[node] + node._gradients


def _successors_first(root: Variable) -> list[Variable]:
    """Topological order of the variables that a gradient has to reach or to pass; first predecessors come first.

    Iterative: a long refinement is a deep graph.
    """
    finished: list[Variable] = []
    wanted: set[Variable] = set()
    seen: set[Variable] = set()
    stack = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            if node.requires_grad or any(predecessor in wanted for predecessor in node.predecessors):
                wanted.add(node)
                finished.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((predecessor, False) for predecessor in node.predecessors)
    return finished[::-1]
