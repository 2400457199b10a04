"""Texts as the nodes of a computation graph.

A gradient is a criticism in words. A computed node can turn the criticisms of itself into criticisms of its
predecessors. The backward pass goes in reverse topological order, with independent nodes in parallel. It calls each
`backward_fn` once, after all successors, with the gradients of this pass only. A node's gradients are in the order of
the sequential pass (successors in topological order, then the positions within each), whichever call ends first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

from coderefine.autograd.mode import no_grad, recording
from coderefine.interrupts import interruptible, uninterrupted
from coderefine.parallel import MAX_THREADS, Threads


@dataclass(frozen=True, slots=True)
class Gradient:
    """A criticism of a variable: how it should change."""

    text: str
    evidence: Any = None
    """What the criticism rests on, such as a TestReport."""
    rewrite: str = ""
    """The whole text as the critic would write it, where the criticism contains it; else ""."""


InputGradients: TypeAlias = Sequence[Gradient | Sequence[Gradient] | None]
"""The gradients of each predecessor, in order: one, several, or none."""


AsRoot: TypeAlias = Literal["loss", "value", "parts"]
"""The source of criticism at the root of a pass, where the root itself was not criticised.

"loss": the backward function by itself, as that of a loss. "value": the root's text, as what a model or a function says
about its inputs. "parts": each predecessor, as a root of its own.
"""


class Variable:
    """A text, its predecessors in the computation, and the criticisms that it has received.

    `backward_fn(self)` reads `self.gradients` and returns one gradient, several or None for each of `predecessors`, in
    order. It may run in a thread of its own, in parallel with others. Predecessors are fixed at construction, so a
    graph never has a cycle. As in torch, a variable requires a gradient if it is made so or if a predecessor does, and
    within `no_grad` it keeps no predecessors.
    """

    __slots__ = ("_gradients", "_value", "as_root", "backward_fn", "predecessors", "requires_grad", "role")

    def __init__(
        self,
        value: str,
        *,
        role: str = "",
        requires_grad: bool = False,
        predecessors: tuple[Variable, ...] = (),
        backward_fn: Callable[[Variable], InputGradients] | None = None,
        as_root: AsRoot = "loss",
    ) -> None:
        """Raises TypeError for a value that is not a string."""
        if not recording():
            predecessors, backward_fn = (), None
        self.value = value
        self.role = role
        self.requires_grad: bool = requires_grad or any(predecessor.requires_grad for predecessor in predecessors)
        self.predecessors = predecessors
        self.backward_fn = backward_fn
        self.as_root = as_root
        self._gradients: list[Gradient] = []

    def __repr__(self) -> str:
        return f"Variable({self.value!r}, role={self.role!r}, requires_grad={self.requires_grad})"

    @property
    def value(self) -> str:
        """The text; setting it to anything but a string raises TypeError."""
        return self._value

    @value.setter
    def value(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a variable's value is text (str), not {type(text).__name__}: put it in words first")
        self._value = text

    @property
    def gradients(self) -> tuple[Gradient, ...]:
        """The criticisms received since the last `zero_grad`, in order."""
        return tuple(self._gradients)

    def add_gradient(self, gradient: Gradient) -> None:
        """Append a criticism; where the variable is the root of a backward pass, the pass hands it on."""
        self._gradients.append(gradient)

    def zero_grad(self) -> None:
        """Remove all criticisms."""
        self._gradients = []

    def detach(self) -> Variable:
        """Return the same text and role without history: no gradient passes back from the copy."""
        return Variable(self.value, role=self.role)

    def backward(self) -> None:
        """Give every variable that led here the criticisms that follow; see the function `backward`."""
        backward(self)


def zero_grad(variables: Iterable[Variable]) -> None:
    """Remove the criticisms of every one of `variables`."""
    for variable in variables:
        variable.zero_grad()


def evidence_of(gradients: Iterable[Gradient]) -> Any:
    """Return what several criticisms rest on: None, the one thing that they share, or a tuple of the different ones."""
    different: list[Any] = []
    for gradient in gradients:
        parts = gradient.evidence if isinstance(gradient.evidence, tuple) else (gradient.evidence,)
        different += [part for part in parts if part is not None and not any(part is seen for seen in different)]
    return tuple(different) if len(different) > 1 else different[0] if different else None


@uninterrupted
def backward(root: Variable, *, max_threads: int = MAX_THREADS) -> None:
    """Give every variable that requires a gradient, and those on the way to it, the criticisms that follow from `root`.

    Variables accumulate criticisms over passes until `zero_grad`. Nodes that do not depend on each other run in
    parallel, on at most `max_threads` threads; a single runnable node runs in this thread. Nothing that a backward
    function computes is recorded. A pass that raises, also for a spent budget or Ctrl-C, leaves all gradients as they
    were. Except at Ctrl-C, calls under way are awaited first, and of several errors the topologically first is raised.

    A root that was not criticised is criticised as its `as_root` says. Raises ValueError where the pass could reach
    nothing: the root requires no gradient, or was not computed and has no criticism.
    """
    order = successors_first(root)
    if not order:
        raise ValueError(f"no gradient can pass {root.role or 'this text'!r}: make a text before it requires_grad=True")
    if root.backward_fn is None and not root.gradients:
        raise ValueError(f"nothing criticises {root.role or 'this text'!r}: go backward from a loss, or add_gradient()")
    earlier = {node: node.gradients for node in order}
    try:
        with no_grad():
            received = _walk(root, order, max_threads)
    except BaseException:
        for node in order:
            _set(node, earlier[node])
        raise
    for node in order:
        _set(node, earlier[node] if node is root else earlier[node] + received[node])


def successors_first(root: Variable) -> list[Variable]:
    """Return the variables that require a gradient in topological order, successors first.

    Of the predecessors of one node, the first comes first. The function is iterative, because a long refinement is a
    deep graph.
    """
    finished: list[Variable] = []
    seen: set[Variable] = set()
    stack = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            finished.append(node)
        elif node.requires_grad and node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((predecessor, False) for predecessor in node.predecessors)
    return finished[::-1]


def _walk(root: Variable, order: list[Variable], max_threads: int) -> dict[Variable, tuple[Gradient, ...]]:
    """Run every backward function; return the gradients that each node of `order` received."""
    place = {node: index for index, node in enumerate(order)}
    users: dict[Variable, list[Variable]] = {node: [] for node in order}
    for node in order:
        for predecessor in dict.fromkeys(node.predecessors):
            if predecessor in place:
                users[predecessor].append(node)  # in topological order, since `order` is
    waiting = {node: len(users[node]) for node in order}
    own = _own_criticisms(root)
    given: dict[Variable, InputGradients] = {}
    received: dict[Variable, tuple[Gradient, ...]] = {}
    ready = [root] if order else []
    with Threads[Variable, InputGradients](max_threads) as threads:
        while ready or threads.pending:
            for node in ready:
                received[node] = root.gradients if node is root else _received(node, users[node], given)
                _set(node, received[node] or own.get(node, ()))
            ended = [(node, _run(node)) for node in ready if node.backward_fn is None]
            calls = [node for node in ready if node.backward_fn is not None]
            if max_threads == 1 or (len(calls) == 1 and not threads.pending):
                ended += [(node, _run(node)) for node in calls]
            else:
                for node in calls:
                    threads.submit(node, partial(_run, node))
                if threads.pending:
                    ended.append(_first_result(threads, place))
            ready = []
            for node, gradients in ended:
                given[node] = gradients
                for predecessor in dict.fromkeys(node.predecessors):
                    if predecessor in place:
                        waiting[predecessor] -= 1
                        if not waiting[predecessor]:
                            ready.append(predecessor)
    return received


def _own_criticisms(root: Variable) -> dict[Variable, tuple[Gradient, ...]]:
    """Return the criticisms that the roots contain where they were not criticised; they last for one pass only."""
    found: dict[Variable, tuple[Gradient, ...]] = {}
    stack, seen = [root], {root}
    while stack:
        node = stack.pop()
        if node.as_root == "value" and node.value.strip():
            found[node] = (Gradient(node.value),)
        elif node.as_root == "parts" and not (node is root and root.gradients):
            new = [part for part in dict.fromkeys(node.predecessors) if part not in seen]
            seen.update(new)
            stack += new
    return found


def _run(node: Variable) -> InputGradients:
    if node.backward_fn is None:
        return [None] * len(node.predecessors)
    gradients = interruptible(node.backward_fn)(node)
    if len(gradients) != len(node.predecessors):
        raise ValueError(
            f"the backward function of {node.role or 'a node'!r} answers for {len(gradients)} predecessors, "
            f"not for {len(node.predecessors)}"
        )
    return gradients


def _received(node: Variable, users: list[Variable], given: dict[Variable, InputGradients]) -> tuple[Gradient, ...]:
    found: list[Gradient] = []
    for user in users:
        for predecessor, gradients in zip(user.predecessors, given[user], strict=True):
            if predecessor is node and gradients is not None:
                found += [gradients] if isinstance(gradients, Gradient) else gradients
    return tuple(found)


def _first_result(
    threads: Threads[Variable, InputGradients], place: dict[Variable, int]
) -> tuple[Variable, InputGradients]:
    """Return what ended first; after a failure, drop the rest and raise the topologically first error."""
    node, ended = threads.take()
    if ended.exception() is None:
        return node, ended.result()
    threads.drop()
    failed: dict[Variable, Future[InputGradients]] = {node: ended}
    while threads.pending:  # their calls are under way and will be paid for, so they must be counted
        node, ended = threads.take()
        if ended.exception() is not None:
            failed[node] = ended
    first = min(failed, key=place.__getitem__)
    return first, failed[first].result()


def _set(node: Variable, gradients: tuple[Gradient, ...]) -> None:
    node.zero_grad()
    for gradient in gradients:
        node.add_gradient(gradient)
