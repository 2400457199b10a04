"""A judge without a sandbox, for programs of our own, and a loss."""

from __future__ import annotations

from coderefine.autograd.variable import Gradient, Variable
from coderefine.judge.verdict import Verdict
from tests.samples import PROBLEM, case, report


class PlainJudge:
    """Runs programs of ours right here, without a sandbox."""

    backend, workers = "local", 1

    def __init__(self):
        self.reports = {}

    def prefetch(self, problem):
        pass

    def run(self, problem, source, tests="visible", **_):
        names = {}
        exec(source, names)
        cases = []
        for index, test in enumerate(problem.visible):
            got = names[problem.entry](*test.args)
            verdict = Verdict.AC if got == test.expected else Verdict.WA
            cases.append(case(index, verdict, args=test.args, expected=test.expected, got=got))
        told = report(*cases)
        if problem.visible == PROBLEM.visible:
            self.reports[source] = told
        return told


def criticise(code, _):
    gradient = Gradient("It is wrong.")
    return Variable(gradient.text, role="criticism", predecessors=(code,), backward_fn=lambda _: (gradient,))
