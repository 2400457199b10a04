"""Further losses: on any text, on measured objectives, and on a program that no test has judged.

All are used as `CodeLoss` is: one call writes the criticism, and the backward pass hands it to the text without a call.
"""

from __future__ import annotations

from collections.abc import Sequence

from coderefine import resources
from coderefine.autograd.variable import Gradient, InputGradients, Variable
from coderefine.descent import evidence
from coderefine.descent.criticism import criticism_of, rewrite_in, without_code
from coderefine.descent.objectives import Objective
from coderefine.descent.problem_text import problem_text
from coderefine.judge.report import TestReport
from coderefine.models.fitting import complete_fitting
from coderefine.models.model import Answer, Model, Prompt
from coderefine.models.window import DEFAULT_PROMPT_TOKENS
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced, render


class TextLoss:
    """Criticises any text by an instruction, such as `Is this proof complete?`."""

    def __init__(self, model: Model, instruction: str) -> None:
        self.model = model
        self.instruction = instruction

    def __call__(self, text: Variable) -> Variable:
        """Return the criticism of `text`; raises what `Model.complete` raises."""
        fields = {"role": text.role or "a text", "text": fenced(text.value), "instruction": self.instruction}
        prompt = Prompt(render("criticise_text_system"), render("criticise_text", **fields))
        return _criticism(self.model.complete(prompt), text, f"criticism of the {text.role or 'text'}")


class MultiObjectiveLoss:
    """Criticises a program by measured objectives: correctness, run time, memory, with their importance in words."""

    def __init__(
        self,
        model: Model,
        problem: Problem,
        objectives: Sequence[Objective],
        *,
        prompt_tokens: int = DEFAULT_PROMPT_TOKENS,
    ) -> None:
        """`objectives` are in order of importance; raises ValueError for none."""
        if not objectives:
            raise ValueError("a loss needs at least one objective")
        self.model = model
        self.problem = problem.without_hidden()
        self.objectives = tuple(objectives)
        self.prompt_tokens = prompt_tokens

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism of `code`, given the figures of `report`; the model neither measures nor guesses them.

        Raises ValueError for a report on other tests than the visible ones, and what `Model.complete` raises.
        """
        measured = "\n".join(
            f"{number}. {objective.text(report, self.problem)}" for number, objective in enumerate(self.objectives, 1)
        )

        def prompt_with(room: int) -> Prompt:
            user = render(
                "criticise_objectives",
                problem=problem_text(self.problem),
                code=fenced(code.value, "python"),
                evidence=evidence.describe(report, self.problem, code.value, room),
                measured=measured,
            )
            return Prompt(render("criticise_system"), user)

        answer = complete_fitting(self.model, prompt_with, evidence.MAX_TOKENS, self.prompt_tokens)
        return _code_criticism(answer, code, "criticism of the code by measured objectives", report)


class SelfEvaluationLoss:
    """Criticises a program that no test has judged, by the model's own opinion, which is labelled as such."""

    def __init__(self, model: Model, problem: Problem, instruction: str | None = None) -> None:
        """`instruction` is the test-time instruction; None takes `prompts/self_evaluation.txt`."""
        self.model = model
        self.problem = problem.without_hidden()
        self.instruction = resources.prompt("self_evaluation") if instruction is None else instruction

    def __call__(self, code: Variable) -> Variable:
        """Return the criticism of `code`; raises what `Model.complete` raises."""
        user = render(
            "criticise",
            problem=problem_text(self.problem),
            code=fenced(code.value, "python"),
            evidence="No test was run: what you say is a self-evaluation, and will be called one.",
            instruction=self.instruction,
        )
        answer = self.model.complete(Prompt(render("criticise_system"), user))
        return _code_criticism(answer, code, "self-evaluation of the code: no test was run")


def _criticism(answer: Answer, text: Variable, role: str, report: TestReport | None = None) -> Variable:
    return Variable(
        criticism_of(answer),
        role=role,
        predecessors=(text,),
        backward_fn=lambda criticism: [Gradient(criticism.value, evidence=report)],
    )


def _code_criticism(answer: Answer, code: Variable, role: str, report: TestReport | None = None) -> Variable:
    """Return a criticism of a program without the code in it, which becomes the gradient's `rewrite`."""
    source = code.value

    def backward(criticism: Variable) -> InputGradients:
        said = criticism.value
        return [Gradient(without_code(said, source), evidence=report, rewrite=rewrite_in(said, source))]

    return Variable(
        criticism_of(answer),
        role=role,
        predecessors=(code,),
        backward_fn=backward,
    )
