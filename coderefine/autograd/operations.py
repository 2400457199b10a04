"""Operations on several variables: their sum, and an aggregate that merges its criticisms into one."""

from __future__ import annotations

from collections.abc import Sequence

from coderefine.autograd.function import hand_on
from coderefine.autograd.variable import Gradient, InputGradients, Variable, evidence_of
from coderefine.models.model import Model, Prompt
from coderefine.prompting import fenced, render


def sum(losses: Sequence[Variable], *, role: str = "sum of the losses") -> Variable:
    """Return the losses one after another as one loss; each gets the criticisms of the sum, once.

    At the root of a pass each loss is a root, so that it criticises as it would alone. Raises ValueError for no loss.
    """
    return Variable(_joined(losses), role=role, predecessors=tuple(losses), backward_fn=hand_on, as_root="parts")


def aggregate(
    variables: Sequence[Variable], *, model: Model | None = None, role: str = "several texts together"
) -> Variable:
    """Return the texts one after another; its criticisms are reduced to a single one before they are passed back.

    For a single variable the result is the same text with a shorter criticism. With `model`, one call merges the
    criticisms if there are several; without, they are concatenated. Raises ValueError for no variable, and the backward
    pass what `Model.complete` raises.
    """

    def backward(output: Variable) -> InputGradients:
        gradient = reduce_gradients(output, model)
        unseen = set(output.predecessors)
        given: list[Gradient | None] = []
        for predecessor in output.predecessors:
            given.append(gradient if predecessor in unseen else None)
            unseen.discard(predecessor)
        return given

    parts = tuple(variables)
    return Variable(_joined(parts), role=role, predecessors=parts, backward_fn=backward, as_root="parts")


def reduce_gradients(variable: Variable, model: Model | None = None) -> Gradient | None:
    """Return the criticisms of a variable as a single one, with the evidence of all; None if it has none."""
    gradients = variable.gradients
    if len(gradients) < 2:
        return gradients[0] if gradients else None
    if model is None:
        text = "\n\n".join(gradient.text for gradient in gradients)
    else:
        criticisms = "\n\n".join(fenced(gradient.text) for gradient in gradients)
        user = render("reduce", role=variable.role, value=fenced(variable.value), criticisms=criticisms)
        text = model.complete(Prompt(render("reduce_system"), user)).text.strip()
    return Gradient(text, evidence_of(gradients))


def _joined(variables: Sequence[Variable]) -> str:
    if not variables:
        raise ValueError("there is nothing to put together")
    return "\n\n".join(variable.value for variable in variables)
