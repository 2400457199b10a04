"""Textual gradient descent: the criticisms of a program become a patch of it."""

from __future__ import annotations

from collections.abc import Callable

from coderefine import evidence
from coderefine.autograd.variable import Variable
from coderefine.errors import PatchError
from coderefine.judge.report import TestReport
from coderefine.models.model import Model, Prompt
from coderefine.patch import Patch, read_answer
from coderefine.problem import Problem
from coderefine.prompting import fenced, problem_text, render

MAX_REASKS = 2


class TextualGradientDescent:
    """Patches `code` as its gradients say. Like torch's optimizers it leaves `zero_grad` to the caller."""

    def __init__(self, code: Variable, model: Model, problem: Problem, *, max_reasks: int = MAX_REASKS) -> None:
        """`max_reasks` is how often the model may correct an answer that does not apply; each is a call."""
        self.code = code
        self.model = model
        self.problem = problem.without_hidden()
        self.max_reasks = max_reasks

    def step(self) -> tuple[Patch, ...]:
        """Ask for a patch, set `code` to the patched program and return the patch.

        Returns () and leaves `code` alone without a gradient, which costs no call, or where no answer applies.
        Raises what `Model.complete` raises, and ValueError for evidence from other than the visible tests.
        """
        source = self.code.value
        if not self.code.gradients:
            return ()
        criticisms = "\n\n".join(fenced(gradient.text) for gradient in self.code.gradients)
        shown = fenced(source, "python")
        user = render(
            "patch",
            problem=problem_text(self.problem),
            code=shown,
            evidence=self._evidence(source),
            criticisms=criticisms,
        )

        def again(answer: str, mismatch: str) -> str:
            return render("repatch", code=shown, criticisms=criticisms, answer=answer, mismatch=mismatch)

        patch = ask_for_patch(self.model, source, Prompt(render("patch_system"), user), again, self.max_reasks)
        if patch is None:
            return ()
        self.code.value = patch.after
        return (patch,)

    def _evidence(self, source: str) -> str:
        """Describe each report once, though several criticisms may rest on it."""
        reports: list[TestReport] = []
        for gradient in self.code.gradients:
            if isinstance(gradient.evidence, TestReport) and not any(gradient.evidence is seen for seen in reports):
                reports.append(gradient.evidence)
        described = (evidence.describe(report, self.problem, source) for report in reports)
        return "\n\n".join(described) or "None."


def ask_for_patch(
    model: Model, source: str, prompt: Prompt, again: Callable[[str, str], str], max_reasks: int
) -> Patch | None:
    """Return the edit of `source` that the model answers with; None where no answer applies, `max_reasks` included.

    Each re-ask stands alone: `again(answer, mismatch)`, both fenced, gives the user's part of its prompt.
    """
    for _ in range(max_reasks + 1):
        answer = model.complete(prompt)
        try:
            if answer.truncated:
                raise PatchError("the answer was cut off at the length limit; answer more briefly")
            return read_answer(source, answer.text)
        except PatchError as error:
            prompt = Prompt(prompt.system, again(fenced(answer.text), fenced(str(error))))
    return None
