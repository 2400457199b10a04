"""Tests whose expectation is wrong must fail for every candidate: a judge that cannot say no proves nothing."""

import pytest

from coderefine.kinds.function import FUNCTION
from coderefine.kinds.program import PROGRAM
from coderefine.problem.problem import Problem, TestCase
from tests.hostile.containment import CANARY, PATIENT
from tests.hostile.test_forge_in_process import LIARS, LOOKERS, PATCHERS
from tests.hostile.test_forge_on_the_wire import WIRE
from tests.problems_for_tests import class_problem, function_problem

FAMILIES = {
    "a right candidate": "def f(x): return x",
    "a liar object": LIARS["an object that equals everything"],
    "a liar text": LIARS["a text that equals everything"],
    "a liar key": LIARS["a liar as a key"],
    "a walk over frames": LOOKERS["looking through frames"],
    "a walk over the collector": LOOKERS["looking through the collector"],
    "a trace": LOOKERS["looking with a trace"],
    "patched builtins": PATCHERS["patching builtins"],
    "a patched codec": PATCHERS["patching the codec"],
    "a patched harness": PATCHERS["patching every function of the harness"],
    "a forged message": WIRE + "def f(x):\n  write(frame(b'[\"value\",true]'))\n  os._exit(0)",
    "messages to every descriptor": WIRE
    + "def f(x):\n  every(frame(b'[\"value\",true]') + frame(b'[\"passed\"]'))\n  return x",
    "leaving with status 0": "import os\ndef f(x): os._exit(0)",
}
MODES = ["exact", "tokens", "unordered", "float:1e-6", "def check(a, e, g): return g == e"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_wrong_expectation_fails(contain, family, mode):
    how = {"checker": mode} if mode.startswith("def") else {"compare": mode}
    problem = function_problem([((5,), 5), ((6,), CANARY), ((7,), 7)], limits=PATIENT, **how)
    report = contain("WA RE", FAMILIES[family], problem)
    verdicts = [str(case.verdict) for case in report.cases]
    assert verdicts[1] != "AC"
    if family == "a right candidate":
        assert verdicts == ["AC", "WA", "AC"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_wrong_assertion_fails(contain, family):
    code = f"assert candidate(6) == {CANARY!r}"
    problem = Problem("coded", "Coded", "", FUNCTION, "f", (TestCase("code", code=code),), limits=PATIENT)
    contain("WA RE", FAMILIES[family], problem)


def test_a_wrong_expectation_of_a_class_fails(contain):
    source = "class Box:\n  def __init__(s, n): s.n = n\n  def get(s): return s.n"
    contain("WA", source, class_problem(["Box", "get"], [[2], []], [None, 3]))


def test_a_wrong_expectation_of_a_program_fails(contain):
    tests = (TestCase("case", ("5\n",), "6\n"),)
    problem = Problem("p", "P", "", PROGRAM, "", tests, limits=PATIENT)
    contain("WA", "print(int(input()))", problem)


def test_a_checker_that_says_no_is_heard(contain):
    problem = function_problem([((5,), 5)], checker="def check(a, e, g): return False", limits=PATIENT)
    contain("WA", "def f(x): return x", problem)


@pytest.mark.parametrize("says", ["1", "'yes'", "[True]", "None", "type('T', (), {'__bool__': lambda s: True})()"])
def test_a_checker_must_say_true(contain, says):
    from coderefine.errors import ProblemError

    problem = function_problem([((5,), 5)], checker=f"def check(a, e, g): return {says}", limits=PATIENT)
    try:
        assert not contain.judge.run(problem, "def f(x): return x").accepted
    except ProblemError:
        pass
