"""The textual loss: Loss(code) = LLM(problem + code + test-time instruction + local test results).

The objective is TextGrad's for code (arXiv 2406.07496, section 3.1). The criticism that the model writes is itself the
gradient of the code, so that an iteration takes two calls, this one and the optimizer's, where TextGrad makes three.
"""

from __future__ import annotations

from collections.abc import Mapping

from coderefine import resources
from coderefine.autograd.variable import Gradient, InputGradients, Variable
from coderefine.descent import evidence
from coderefine.descent.criticism import criticism_of, rewrite_in, without_code
from coderefine.descent.problem_text import problem_text
from coderefine.judge.report import TestReport
from coderefine.models.fitting import complete_fitting
from coderefine.models.model import Model, Prompt
from coderefine.models.window import DEFAULT_PROMPT_TOKENS
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced, render


class CodeLoss:
    """Criticises a program for a problem, given its visible tests' results. It never holds a hidden test."""

    def __init__(
        self,
        model: Model,
        problem: Problem,
        instruction: str | None = None,
        *,
        faithful: bool = False,
        prompt_tokens: int = DEFAULT_PROMPT_TOKENS,
        max_cases: int = evidence.MAX_CASES,
        system: str | None = None,
    ) -> None:
        """`instruction` is the test-time instruction; None takes `prompts/instruction.txt`.

        `faithful` makes the paper's calls: the first answer is an evaluation, and the backward pass asks in a call of
        its own for the criticism that follows from it. `prompt_tokens` is what the model reads
        (`models.window.prompt_tokens`): the test results get what the rest of the prompt leaves. At most `max_cases`
        failing cases are shown. `system` replaces `prompts/criticise_system.txt`.
        """
        self.model = model
        self.problem = problem.without_hidden()
        self.instruction = resources.prompt("instruction") if instruction is None else instruction
        self.faithful = faithful
        self.prompt_tokens = prompt_tokens
        self.max_cases = max_cases
        self.system = render("criticise_system") if system is None else system

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism of `code`, one model call; its backward pass gives it to `code`, with the report.

        Code that the critic wrote, other than quotations of the program, is left out of its words. A whole program, or
        an edit that can be read as one, becomes the gradient's `rewrite`; with `faithful`, only words are read.

        Raises ValueError for a report on other tests than the visible ones, and what `Model.complete` raises.
        """
        source = code.value
        text = self._ask("criticise", source, report, {"instruction": self.instruction})

        def backward(criticism: Variable) -> InputGradients:
            said = criticism.value
            if self.faithful:
                said = self._ask("gradient", source, report, {"evaluation": fenced(said)})
                return [Gradient(without_code(said, source), evidence=report)]
            return [Gradient(without_code(said, source), evidence=report, rewrite=rewrite_in(said, source))]

        role = "evaluation of the code" if self.faithful else "criticism of the code"
        return Variable(text, role=role, predecessors=(code,), backward_fn=backward)

    def _ask(self, name: str, source: str, report: TestReport, fields: Mapping[str, str]) -> str:
        """Return the answer to the prompt `name`, which gets as much of the test results as the model can read."""

        def prompt_with(room: int) -> Prompt:
            user = render(
                name,
                problem=problem_text(self.problem),
                code=fenced(source, "python"),
                evidence=evidence.describe(report, self.problem, source, room, max_cases=self.max_cases),
                **fields,
            )
            return Prompt(self.system if name == "criticise" else render(f"{name}_system"), user)

        return criticism_of(complete_fitting(self.model, prompt_with, evidence.MAX_TOKENS, self.prompt_tokens))
