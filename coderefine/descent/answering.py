"""A language model answers a question, criticises the answer by a test-time instruction, and improves it.

This is TextGrad's solution optimization (arXiv 2406.07496, section 3.2). Nothing here knows the key of a question.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coderefine import resources
from coderefine.autograd.variable import Gradient, Variable
from coderefine.descent.criticism import criticism_of
from coderefine.descent.kind import PromptedKind
from coderefine.descent.text_optimizer import PatchingDescent, text_optimizer
from coderefine.engine import EngineOptions
from coderefine.judge.report import TestReport
from coderefine.models.model import Model, NothingWrittenError, Prompt
from coderefine.models.window import DEFAULT_PROMPT_TOKENS
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced, render

QUESTION_FIELD = "$question"
"""The place of the question in a prompt that contains this field."""


def ask_question(model: Model, problem: Problem, *, system: str | None = None, sample: int = 0) -> str:
    """Return a model's answer; `system` replaces `prompts/answer_system.txt`.

    Raises ModelError for an empty answer, and what `Model.complete` raises.
    """
    answer = model.complete(question_prompt(problem, system=system, sample=sample)).text.strip()
    if not answer:
        raise NothingWrittenError(f"{model.name} gave an empty answer to {problem.slug}")
    return answer


def question_prompt(problem: Problem, *, system: str | None = None, sample: int = 0) -> Prompt:
    """Return the prompt for a question; a `system` with the field `$question` is the whole prompt."""
    if system is not None and QUESTION_FIELD in system:
        return Prompt("", system.replace(QUESTION_FIELD, asked(problem)), sample=sample)
    return Prompt(render("answer_system") if system is None else system, asked(problem), sample=sample)


def asked(problem: Problem) -> str:
    """Return a question as a model reads it: its text, and how the answer is to be marked."""
    return render("answer", question=problem.statement.strip(), form=PromptedKind.of(problem).answer(problem))


@dataclass(frozen=True, slots=True)
class Answering:
    """The parts of an engine that answers one question."""

    model: Model
    critic: Model
    problem: Problem
    options: EngineOptions = field(default_factory=EngineOptions)
    prompt_tokens: int = DEFAULT_PROMPT_TOKENS

    def draft(self) -> str:
        """Return a first answer; raises ModelError."""
        return ask_question(self.model, self.problem, system=self.options.prompt, sample=self.options.sample)

    def loss(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism of an answer, one call; raises what `Model.complete` raises."""
        instruction = self.options.instruction or resources.prompt("answer_instruction").strip()
        unread = " ".join(case.reason for case in report.failures)
        user = render(
            "criticise_answer",
            question=fenced(asked(self.problem)),
            answer=fenced(code.value),
            instruction=f"{instruction} Of this answer, {unread}" if unread else instruction,
        )
        said = criticism_of(self.critic.complete(Prompt(render("criticise_answer_system"), user)))
        return Variable(
            said,
            role="criticism of the answer",
            predecessors=(code,),
            backward_fn=lambda criticism: [Gradient(criticism.value)],
        )

    def optimizer(self, code: Variable) -> PatchingDescent:
        """Return the optimizer that rewrites the answer."""
        constraint = PromptedKind.of(self.problem).answer(self.problem)
        options = replace(self.options, constraints=(*self.options.constraints, constraint))
        return text_optimizer(code, self.model, asked(self.problem), options, self.prompt_tokens)
