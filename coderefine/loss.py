"""The textual loss: Loss(code) = LLM(problem + code + test-time instruction + local test results).

The objective is TextGrad's for code (arXiv 2406.07496, section 3.1). The criticism that the model writes is itself the
gradient of the code, so that an iteration takes two calls, this one and the optimizer's, where TextGrad makes three.
"""

from __future__ import annotations

from coderefine import evidence, resources
from coderefine.autograd.variable import Gradient, Variable
from coderefine.judge.report import TestReport
from coderefine.models.model import Model, Prompt
from coderefine.problem import Problem
from coderefine.prompting import fenced, problem_text, render


class CodeLoss:
    """Criticises a program for a problem, given its visible tests' results. It never holds a hidden test."""

    def __init__(self, model: Model, problem: Problem, instruction: str | None = None) -> None:
        """`instruction` is the test-time instruction; None takes `prompts/instruction.txt`."""
        self.model = model
        self.problem = problem.without_hidden()
        self.instruction = resources.prompt("instruction") if instruction is None else instruction

    def __call__(self, code: Variable, report: TestReport) -> Variable:
        """Return the criticism of `code`, one model call; its backward pass gives it to `code`, with the report.

        Raises ValueError for a report on other tests than the visible ones, and what `Model.complete` raises.
        """
        user = render(
            "criticise",
            problem=problem_text(self.problem),
            code=fenced(code.value, "python"),
            evidence=evidence.describe(report, self.problem, code.value),
            instruction=self.instruction,
        )
        answer = self.model.complete(Prompt(render("criticise_system"), user))
        return Variable(
            answer.text.strip(),
            role="criticism of the code",
            predecessors=(code,),
            backward_fn=lambda criticism: (Gradient(criticism.value, evidence=report),),
        )
