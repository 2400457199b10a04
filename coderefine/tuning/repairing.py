"""What a test-time instruction is worth on a problem: whether criticisms that follow it repair a wrong program."""

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

STEPS = 2
"""Criticisms and patches of one program."""


@dataclass(slots=True)
class RepairEvaluator(Evaluator):
    """Repairs programs, with the instruction that is tuned in every criticism."""

    programs: Mapping[str, str] = field(default_factory=dict)
    """The wrong program of each problem, by its slug."""

    def _asked(self, prompt: str, problem: Problem) -> Outcome:
        visible = problem.without_hidden()
        code = Variable(self.programs[problem.slug], role=f"solution to {problem.title}", requires_grad=True)
        loss, optimizer = CodeLoss(self.model, visible, prompt), TextualGradientDescent(code, self.model, visible)
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
            return Outcome(problem, _shown(problem, prompt, self.programs[problem.slug]), said, False, str(error))
        right = report.accepted and self.judge.run(problem, code.value, "all").accepted
        came = f"After the repair {report.passed} of {report.total} visible tests pass. The program is then:"
        asked = _shown(problem, prompt, self.programs[problem.slug])
        return Outcome(problem, asked, said, right, "" if right else f"{came}\n{fenced(code.value, 'python')}")

    def failure(self, outcome: Outcome) -> str:
        """Say what came of the criticism, for a critic."""
        return outcome.error


def _shown(problem: Problem, instruction: str, program: str) -> Prompt:
    """Return in brief what was asked: the instruction, and the program that it was about."""
    user = f"{problem.statement.strip()}\n\n{fenced(program, 'python')}\n\n{instruction}"
    return Prompt(render("criticise_system"), user)
