from __future__ import annotations

import dataclasses

from coderefine.autograd.variable import Gradient, Variable
from coderefine.descent.judged import judge_run
from coderefine.judge.tracing import with_evidence
from coderefine.judge.verdict import Verdict
from tests.problems_for_tests import function_problem
from tests.samples import CODE, PROBLEM


def test_a_run_of_the_judge_is_a_node_that_hands_criticism_to_the_code(any_judge):
    code = Variable(CODE, requires_grad=True)
    results = judge_run(any_judge, PROBLEM, code)
    assert results.value.startswith("1 of 2 tests passed.")
    assert "4711" not in results.value
    results.add_gradient(Gradient("One fails."))
    results.backward()
    [gradient] = code.gradients
    assert gradient.text == "One fails."
    assert (gradient.evidence.passed, gradient.evidence.tests) == (1, "visible")


MIXED = function_problem([((1,), 1), ((2,), 0), ((3,), 5), ((4,), 4)])
PROGRAM = "def f(x):\n    if x == 2:\n        while True: pass\n    y = x\n    return y\n"


def test_a_report_gets_the_lines_that_ran_and_keeps_its_verdicts(any_judge):
    report = any_judge.run(MIXED, PROGRAM)
    better = with_evidence(any_judge, MIXED, PROGRAM, report)
    assert [case.verdict for case in better.cases] == [Verdict.AC, Verdict.TLE, Verdict.WA, Verdict.AC]
    assert [case.coverage for case in better.cases] == [(2, 4, 5), (), (2, 4, 5), (2, 4, 5)]
    assert dict(dict(better.cases[2].trace)[5]) == {"x": "3", "y": "3"}
    assert (better.backend, better.cases[2].got, better.cases[1]) == (report.backend, 3, report.cases[1])


def test_cases_that_a_limit_stopped_are_not_run_again(any_judge, monkeypatch):
    seen, run_really = [], any_judge.run

    def run_noted(problem, source, **options):
        seen.append([case.args for case in problem.visible])
        return run_really(problem, source, **options)

    report = any_judge.run(MIXED, PROGRAM)
    monkeypatch.setattr(any_judge, "run", run_noted)
    with_evidence(any_judge, MIXED, PROGRAM, report)
    assert seen == [[(1,), (3,), (4,)]]


def test_a_case_that_ends_otherwise_this_time_gets_no_evidence(any_judge):
    report = any_judge.run(MIXED, "def f(x):\n    return -1\n")
    better = with_evidence(any_judge, MIXED, PROGRAM.replace("2", "9"), report)
    assert better.cases[0].verdict is Verdict.WA
    assert better.cases[0].coverage == ()


def test_cases_that_are_no_tests_of_the_problem_by_themselves_are_not_run_again(any_judge):
    report = any_judge.run(MIXED, "def f(x):\n    return -1\n")
    renamed = dataclasses.replace(report, cases=tuple(dataclasses.replace(case, name="x") for case in report.cases))
    assert with_evidence(any_judge, MIXED, PROGRAM, renamed) is renamed
