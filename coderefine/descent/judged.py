"""A run of the judge as a node of the graph."""

from __future__ import annotations

from coderefine.autograd.variable import Gradient, InputGradients, Variable
from coderefine.descent import evidence
from coderefine.judge.judge import Judge
from coderefine.problem.problem import Problem


def judge_run(judge: Judge, problem: Problem, code: Variable) -> Variable:
    """Test `code` on the visible tests; the backward pass gives criticisms of the results to it, with the report as
    evidence.

    At the root of a pass the results themselves are the criticism. Raises JudgeError.
    """
    problem = problem.without_hidden()
    report = judge.run(problem, code.value)

    def backward(results: Variable) -> InputGradients:
        return [[Gradient(gradient.text, evidence=report) for gradient in results.gradients]]

    value = evidence.describe(report, problem, code.value)
    role = "test results of the code"
    return Variable(value, role=role, predecessors=(code,), backward_fn=backward, as_root="value")
