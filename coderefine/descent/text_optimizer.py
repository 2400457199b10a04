"""Adapts the optimizer of texts to `refine`: the new versions of an answer or a measured text become patches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coderefine.autograd.variable import Variable
from coderefine.descent.text_descent import TextDescent
from coderefine.engine import EngineOptions, StepReport
from coderefine.models.model import Model
from coderefine.patch import Patch


@dataclass(slots=True)
class PatchingDescent:
    """An optimizer of texts that returns its new versions as patches."""

    code: Variable
    inner: TextDescent

    @property
    def step_report(self) -> StepReport:
        """The report of the last step."""
        return self.inner.step_report

    def step(self) -> tuple[Patch, ...]:
        """Rewrite the text and return the new versions as patches; raises what `Model.complete` raises."""
        return tuple(Patch(step.before, text) for step in self.inner.step() for text in step.texts)


def text_optimizer(
    code: Variable,
    model: Model,
    context: str,
    options: EngineOptions,
    prompt_tokens: int,
    check: Callable[[Variable, str], None] | None = None,
) -> PatchingDescent:
    """Return the optimizer of a text; `context` is what it is about, `check` raises PatchError for texts to refuse."""
    inner = TextDescent(
        code,
        model,
        context=context,
        constraints=options.constraints,
        samples=options.candidates,
        momentum=options.momentum,
        check=check,
        prompt_tokens=prompt_tokens,
    )
    return PatchingDescent(code, inner)
