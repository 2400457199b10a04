"""Textual gradient descent: the criticisms of a program become patches of it (TextGrad, arXiv 2406.07496)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from coderefine.autograd.variable import Gradient, Variable
from coderefine.descent import evidence
from coderefine.descent.asking import ask_again, read_edit
from coderefine.descent.momentum import Memory
from coderefine.descent.patch_prompt import EditFormat, PatchPrompt, reports
from coderefine.engine import StepReport
from coderefine.errors import CoderefineError, PatchError, UnchangedError
from coderefine.models.fitting import complete_fitting
from coderefine.models.model import Answer, Model, Prompt, estimate_tokens
from coderefine.models.second_try import SECOND_SAMPLE
from coderefine.models.window import DEFAULT_PROMPT_TOKENS
from coderefine.parallel import in_parallel
from coderefine.patch import Patch
from coderefine.problem.problem import Problem

MAX_REASKS = 0
HISTORY_TOKENS = 2000


class TextualGradientDescent:
    """Patches `code` as its gradients say. Like torch's optimizers it leaves `zero_grad` to the caller."""

    def __init__(
        self,
        code: Variable,
        model: Model,
        problems: Problem | Sequence[Problem],
        *,
        max_reasks: int = MAX_REASKS,
        constraints: Sequence[str] = (),
        examples: Sequence[Patch] = (),
        momentum: int = 0,
        samples: int = 1,
        edit_format: EditFormat = "diff",
        prompt_tokens: int = DEFAULT_PROMPT_TOKENS,
        system: str | None = None,
    ) -> None:
        """`problems` are the problems of the reports behind the gradients: a batch, if several.

        `max_reasks` is how often the model may correct an answer that does not apply, before it is asked once for the
        whole file; each of these is a call. `constraints` are sentences that the new program must meet, `examples` good
        edits of other programs, `momentum` how many earlier edits are shown, `samples` how many answers a step asks
        for. `prompt_tokens` is what the model reads (`models.window.prompt_tokens`). `system` replaces
        `prompts/patch_system.txt`.
        """
        batch = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.code = code
        self.model = model
        self.prompt = PatchPrompt(
            tuple(problem.without_hidden() for problem in batch),
            tuple(constraints),
            tuple(examples),
            edit_format,
            system,
        )
        self.max_reasks = max_reasks
        self.samples = max(1, samples)
        self.prompt_tokens = prompt_tokens
        self.step_report = StepReport()
        self._memory = Memory(momentum)

    def step(self) -> tuple[Patch, ...]:
        """Ask for patches, set `code` to the first patched program and return the patches, all different.

        Returns () and leaves `code` alone where there is no gradient, which costs no call, or where no answer applies.
        Samples are asked for in parallel. A sample that fails is ignored if another was answered, and an answer that
        does not apply is corrected only if none applies. Raises what `Model.complete` raises, and ValueError for
        evidence from other than the visible tests of `problems`.
        """
        source, gradients = self.code.value, self.code.gradients
        if not gradients:
            return ()
        self._memory.learn(source, reports(gradients))
        self.step_report = StepReport()
        patches: dict[str, Patch] = {}
        failures: list[tuple[Answer, PatchError]] = []
        for answer in self._answers(source, gradients):
            try:
                patch = read_edit(source, answer)
            except PatchError as error:
                failures.append((answer, error))
            else:
                patches.setdefault(patch.after, patch)
        if not patches:
            try:
                corrected = self._correct(source, gradients, *failures[0])
            except PatchError as error:
                told = f"{self.model.name} sent no patch that can be read: {error}"
                self.step_report = StepReport(failure=told)
            else:
                patches[corrected.after] = corrected
        proposed = tuple(patches.values())
        self._memory.propose(proposed, gradients)
        if proposed:
            self.code.value = proposed[0].after
        return proposed

    def _answers(self, source: str, gradients: Sequence[Gradient]) -> list[Answer]:
        """Ask for all samples in parallel; return the answers, at least one."""

        def prompt_with(sample: int, room: int) -> Prompt:
            history = self._memory.text(min(room // 2, HISTORY_TOKENS))
            left = min(evidence.MAX_TOKENS, room - estimate_tokens(history))
            return self.prompt.first(source, gradients, history, left, sample)

        wanted = evidence.MAX_TOKENS + (HISTORY_TOKENS if self._memory.edits else 0)

        def ask(sample: int) -> Answer:
            return complete_fitting(self.model, partial(prompt_with, sample), wanted, self.prompt_tokens)

        outcomes = in_parallel([partial(ask, sample) for sample in range(self.samples)])
        answers = [outcome.result() for outcome in outcomes if not isinstance(outcome.exception(), CoderefineError)]
        return answers or [outcomes[0].result()]  # raises what the first sample raised

    def _correct(self, source: str, gradients: Sequence[Gradient], failed: Answer, mismatch: PatchError) -> Patch:
        whole = self.prompt.edit_format == "whole"

        def again(answer: str, mismatch: PatchError, left: int) -> Prompt:
            if isinstance(mismatch, UnchangedError) and reports(gradients):
                return self.prompt.plainly(source, gradients, SECOND_SAMPLE + left)
            form: EditFormat = "whole" if whole or not left else self.prompt.edit_format
            return self.prompt.again(source, gradients, answer, str(mismatch), edit_format=form)

        return ask_again(self.model, source, failed, mismatch, again, max(1, self.max_reasks + (not whole)))
