"""Evidence: which lines ran in each case, and the last values on them, in both backends."""

import pytest

from coderefine.judge.report import TestReport
from coderefine.kinds.function import FUNCTION
from coderefine.kinds.program import PROGRAM
from coderefine.problem.problem import Problem, TestCase
from tests.problems_for_tests import SHORT, class_problem, function_problem

LOOP = "def f(a):\n    out = []\n    for x in a:\n        if x > 1:\n            out.append(x)\n    return out\n"
PROBLEM = function_problem([(([3, 1, 2],), [3, 2]), (([],), [])])


def test_each_case_has_the_lines_that_ran(judge):
    first, second = judge.run(PROBLEM, LOOP, evidence=True).cases
    assert first.coverage == (2, 3, 4, 5, 6)
    assert second.coverage == (2, 3, 6)


def test_the_last_values_are_those_as_a_line_began_for_the_last_time(judge):
    trace = dict(judge.run(PROBLEM, LOOP, evidence=True).cases[0].trace)
    assert dict(trace[5]) == {"a": "[3, 1, 2]", "out": "[3]", "x": "2"}
    assert dict(trace[6]) == {"a": "[3, 1, 2]", "out": "[3, 2]", "x": "2"}


def test_evidence_changes_no_verdict(judge):
    sources = [LOOP, LOOP.replace(">", "<"), "def f(a): return a[0]", "def f(a):\n    while True: pass", "def f(a) x"]
    for source in sources:
        with_evidence = judge.run(PROBLEM, source, evidence=True)
        assert [c.verdict for c in with_evidence.cases] == [c.verdict for c in judge.run(PROBLEM, source).cases]


def test_a_crash_keeps_its_error_and_has_lines(judge):
    case = judge.run(PROBLEM, "def f(a):\n    b = a[9]\n    return b\n", evidence=True).cases[0]
    assert (case.error.type, case.error.line, case.coverage) == ("IndexError", 2, (2,))


def test_arguments_of_the_second_run_are_fresh(judge):
    problem = function_problem([(([3, 1],), [1, 3])], answer="p0")
    case = judge.run(problem, "def f(a):\n    a.sort()\n", evidence=True).cases[0]
    assert dict(dict(case.trace)[2]) == {"a": "[3, 1]"}


def test_methods_of_a_class_are_covered(judge):
    problem = class_problem(["Box", "get"], [[2], []], [None, 2])
    source = "class Box:\n    def __init__(self, n):\n        self.n = n\n    def get(self):\n        return self.n\n"
    assert judge.run(problem, source, evidence=True).cases[0].coverage == (3, 5)


def test_code_tests_and_programs_are_covered(judge):
    coded = Problem("c", "C", "", FUNCTION, "f", (TestCase("t", code="candidate([1])\ncandidate([2])"),), limits=SHORT)
    assert judge.run(coded, LOOP, evidence=True).cases[0].coverage == (2, 3, 4, 5, 6)
    program = Problem("p", "P", "", PROGRAM, "", (TestCase("t", ("5",), "5"),), limits=SHORT)
    report = judge.run(program, "n = int(input())\nif n > 9:\n    print(0)\nprint(n)\n", evidence=True)
    assert report.cases[0].coverage == (1, 2, 4)


def test_without_asking_there_is_none(judge):
    assert judge.run(PROBLEM, LOOP).cases[0].coverage == ()


@pytest.mark.parametrize(
    "source",
    [
        "class R:\n    def __repr__(self): raise SystemExit\ndef f(a):\n    r = R()\n    b = 1\n    return a\n",
        "import sys\ndef f(a):\n    sys.settrace(None)\n    return a\n",
        "def f(a):\n    x = 'y' * 10**6\n    z = [x] * 10\n    return a\n",
    ],
)
def test_a_candidate_that_disturbs_the_evidence_is_judged_all_the_same(judge, source):
    problem = function_problem([(([1],), [1])])
    report = judge.run(problem, source, evidence=True)
    assert report.accepted
    assert len(str(report.to_json())) < 10_000


def test_evidence_survives_json(judge):
    report = judge.run(PROBLEM, LOOP, evidence=True)
    assert TestReport.from_json(report.to_json()) == report
