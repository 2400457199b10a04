"""Textual gradient descent: the criticisms of a program become patches of it (TextGrad, arXiv 2406.07496)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from coderefine import evidence
from coderefine.asking import ask_again, read_edit
from coderefine.autograd.variable import Variable, evidence_of
from coderefine.errors import CoderefineError, PatchError
from coderefine.judge.report import TestReport
from coderefine.models.fitting import complete_fitting
from coderefine.models.model import Answer, Model, Prompt, estimate_tokens
from coderefine.models.window import DEFAULT_PROMPT_TOKENS
from coderefine.momentum import Memory
from coderefine.parallel import in_parallel
from coderefine.patch import Patch
from coderefine.problem import Problem
from coderefine.prompting import fenced, problem_text, render

EditFormat = Literal["diff", "whole"]
MAX_REASKS = 1
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
    ) -> None:
        """`problems` are those that the reports behind the gradients are about: a batch, if several.

        `max_reasks` is how often the model may correct an answer that does not apply, before it is asked once for the
        whole file; each is a call. `constraints` are sentences that the new program must meet, `examples` good edits of
        other programs, `momentum` how many earlier edits are shown, `samples` how many answers a step asks for.
        `prompt_tokens` is what the model reads (`models.window.prompt_tokens`).
        """
        self.code = code
        self.model = model
        batch = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems = tuple(problem.without_hidden() for problem in batch)
        self.max_reasks = max_reasks
        self.constraints = tuple(constraints)
        self.examples = tuple(examples)
        self.samples = max(1, samples)
        self.edit_format = edit_format
        self.prompt_tokens = prompt_tokens
        self._memory = Memory(momentum)

    def step(self) -> tuple[Patch, ...]:
        """Ask for patches, set `code` to the first patched program and return the patches, all different.

        Returns () and leaves `code` alone without a gradient, which costs no call, or where no answer applies. Samples
        are asked for side by side; one that fails is passed over if another was answered. Raises what `Model.complete`
        raises, and ValueError for evidence from other than the visible tests of `problems`.
        """
        source, gradients = self.code.value, self.code.gradients
        if not gradients:
            return ()
        self._memory.learn(source, self._reports())
        patches = self._ask(source, "\n\n".join(fenced(gradient.text) for gradient in gradients))
        self._memory.propose(patches, gradients)
        if patches:
            self.code.value = patches[0].after
        return patches

    def _ask(self, source: str, criticisms: str) -> tuple[Patch, ...]:
        def prompt_with(sample: int, room: int) -> Prompt:
            history = self._memory.text(min(room // 2, HISTORY_TOKENS))
            left = min(evidence.MAX_TOKENS, room - estimate_tokens(history))
            user = render(
                "patch",
                problem="\n\n".join(map(problem_text, self.problems)),
                code=fenced(source, "python"),
                evidence=self._evidence(source, left),
                criticisms=criticisms,
                more=self._more(history),
            )
            return Prompt(self._system(self.edit_format), user, sample)

        wanted = evidence.MAX_TOKENS + (HISTORY_TOKENS if self._memory.edits else 0)

        def answer(sample: int) -> Answer:
            return complete_fitting(self.model, partial(prompt_with, sample), wanted, self.prompt_tokens)

        outcomes = in_parallel([partial(answer, sample) for sample in range(self.samples)])
        answers = [outcome.result() for outcome in outcomes if not isinstance(outcome.exception(), CoderefineError)]
        if not answers:
            outcomes[0].result()  # raises what the first sample raised
        patches: dict[str, Patch] = {}
        failures: list[tuple[Answer, PatchError]] = []
        for each in answers:
            try:
                patch = read_edit(source, each)
            except PatchError as error:
                failures.append((each, error))
            else:
                patches.setdefault(patch.after, patch)
        if not patches:
            patch_again = self._ask_again(source, criticisms, *failures[0])
            return (patch_again,) if patch_again else ()
        return tuple(patches.values())

    def _ask_again(self, source: str, criticisms: str, failed: Answer, mismatch: PatchError) -> Patch | None:
        whole = self.edit_format == "whole"

        def again(answer: str, mismatch: str, left: int) -> Prompt:
            name, form = ("rewrite", "whole") if whole or not left else ("repatch", "diff")
            code = fenced(source, "python")
            user = render(name, code=code, criticisms=criticisms, answer=answer, mismatch=mismatch)
            return Prompt(self._system(form), user)

        attempts = self.max_reasks + (not whole)
        return ask_again(self.model, source, failed, mismatch, again, attempts)

    def _system(self, form: str) -> str:
        return render("patch_system", form=render(f"form_{form}"))

    def _more(self, history: str) -> str:
        """The sections that only some optimizers have."""
        sections = [history]
        if self.examples:
            pairs = (
                f"Before:\n{fenced(example.before, 'python')}\nAfter:\n{fenced(example.after, 'python')}"
                for example in self.examples
            )
            sections.append(render("examples", examples="\n\n".join(pairs)))
        if self.constraints:
            sections.append(render("constraints", constraints="\n".join(f"- {text}" for text in self.constraints)))
        return "".join(f"{section}\n\n" for section in sections if section)

    def _reports(self) -> list[TestReport]:
        """The reports that the criticisms rest on, each once."""
        found = evidence_of(self.code.gradients)
        return [each for each in (found if isinstance(found, tuple) else [found]) if isinstance(each, TestReport)]

    def _evidence(self, source: str, room: int) -> str:
        """The smallest failure of each report: the critic saw the others."""
        reports = self._reports()
        described = (
            evidence.describe(report, self._problem(report), source, room // len(reports), max_cases=1)
            for report in reports
        )
        return "\n\n".join(described) or "No test was run."

    def _problem(self, report: TestReport) -> Problem:
        if len(self.problems) == 1:
            return self.problems[0]
        for problem in self.problems:
            if problem.slug == report.problem:
                return problem
        raise ValueError(f"the report is about {report.problem!r}, which is none of the problems of this optimizer")
