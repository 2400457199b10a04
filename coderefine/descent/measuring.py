"""A language model improves a text that an evaluator measures, such as JSON: the figures are its loss.

Measured programs are criticised as all programs are (`code_loss.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from coderefine.autograd.variable import Gradient, Variable
from coderefine.descent import evidence
from coderefine.descent.criticism import criticism_of
from coderefine.descent.problem_text import problem_text
from coderefine.descent.text_optimizer import PatchingDescent, text_optimizer
from coderefine.engine import EngineOptions
from coderefine.errors import PatchError, UnreadableError
from coderefine.judge.report import TestReport
from coderefine.models.fitting import complete_fitting
from coderefine.models.model import Model, Prompt
from coderefine.models.window import DEFAULT_PROMPT_TOKENS
from coderefine.outside import read_json, read_toml
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced, render

_INSTRUCTION = (
    "The text is a candidate for the problem below, and was measured there. Say what in it keeps the figures from "
    "their targets or breaks a constraint, and in which direction each part should change."
)


@dataclass(frozen=True, slots=True)
class Measuring:
    """The parts of an engine that improves a measured text."""

    model: Model
    critic: Model
    problem: Problem
    options: EngineOptions = field(default_factory=EngineOptions)
    prompt_tokens: int = DEFAULT_PROMPT_TOKENS

    def loss(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism of a text, one call; raises what `Model.complete` raises."""
        problem, instruction = self.problem.without_hidden(), self.options.instruction or _INSTRUCTION

        def prompt_with(room: int) -> Prompt:
            measured = evidence.describe(report, problem, code.value, room)
            told = "\n\n".join([instruction, "# Problem", problem_text(problem), "# Measured", measured])
            role = f"candidate for {problem.title}"
            return Prompt(
                render("criticise_text_system"),
                render("criticise_text", role=role, text=fenced(code.value), instruction=told),
            )

        answer = complete_fitting(self.critic, prompt_with, evidence.MAX_TOKENS, self.prompt_tokens)
        return Variable(
            criticism_of(answer),
            role="criticism of the candidate",
            predecessors=(code,),
            backward_fn=lambda criticism: [Gradient(criticism.value, evidence=report)],
        )

    def optimizer(self, code: Variable) -> PatchingDescent:
        """Return the optimizer that rewrites the text."""
        context = problem_text(self.problem.without_hidden())
        return text_optimizer(code, self.model, context, self.options, self.prompt_tokens, self._check)

    def _check(self, _: Variable, text: str) -> None:
        """Raise PatchError for a text that is not in the required language."""
        form = self.problem.evaluation.candidate
        try:
            if form == "json":
                read_json(text)
            elif form == "toml":
                read_toml(text.encode("utf-8", "surrogatepass"))
        except UnreadableError as error:
            raise PatchError(f"the new text is no {form.upper()}: {error}") from None
