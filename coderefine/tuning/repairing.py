"""The score of a repair prompt on a problem: whether a wrong program is repaired with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coderefine.autograd.variable import Variable
from coderefine.descent.code_loss import CodeLoss
from coderefine.descent.optimizer import TextualGradientDescent
from coderefine.models.model import Prompt, UnusableAnswerError
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced, render
from coderefine.tuning.evaluating import Evaluator, Outcome
from coderefine.tuning.setup import CRITIC, INSTRUCTION, PATCHER

STEPS = 2
"""Criticisms and patches for each program."""


@dataclass(slots=True)
class RepairEvaluator(Evaluator):
    """Repairs programs, using the tuned prompt in every step."""

    programs: Mapping[str, str] = field(default_factory=dict)
    """The wrong program of each problem, by its slug."""
    tuned: str = INSTRUCTION
    """What the prompt is: the test-time instruction, or the system prompt of the critic or of the patcher."""

    def _asked(self, prompt: str, problem: Problem) -> Outcome:
        visible = problem.without_hidden()
        code = Variable(self.programs[problem.slug], role=f"solution to {problem.title}", requires_grad=True)
        loss = CodeLoss(
            self.model,
            visible,
            prompt if self.tuned == INSTRUCTION else None,
            system=prompt if self.tuned == CRITIC else None,
        )
        optimizer = TextualGradientDescent(code, self.model, visible, system=prompt if self.tuned == PATCHER else None)
        said = ""
        report = self.judge.run(visible, code.value)
        try:
            for _ in range(STEPS):
                if report.accepted:
                    break
                criticism = loss(code, report)
                said = said or criticism.value
                criticism.backward()
                if not optimizer.step():
                    break
                code.zero_grad()
                report = self.judge.run(visible, code.value)
        except UnusableAnswerError as error:
            return Outcome(problem, self._shown(problem, prompt), said, False, str(error))
        right = report.accepted and self.judge.run(problem, code.value, "all").accepted
        came = f"After the repair {report.passed} of {report.total} visible tests pass. The program is then:"
        asked = self._shown(problem, prompt)
        return Outcome(problem, asked, said, right, "" if right else f"{came}\n{fenced(code.value, 'python')}")

    def failure(self, outcome: Outcome) -> str:
        """Return the outcome of the criticism, for a critic."""
        return outcome.error

    def _shown(self, problem: Problem, prompt: str) -> Prompt:
        """Return in brief what was asked: the tuned prompt, and the program."""
        told = f"{problem.statement.strip()}\n\n{fenced(self.programs[problem.slug], 'python')}"
        if self.tuned == INSTRUCTION:
            return Prompt(render("criticise_system"), f"{told}\n\n{prompt}")
        return Prompt(prompt, told)
