"""An author's mistakes that only show when code runs are not charged to the candidate, who cannot make them up either."""

import pytest

from coderefine.errors import ProblemError
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Limits
from tests.judge.test_codetests import problem
from tests.problems_for_tests import function_problem

RIGHT = "def f(x): return x"
BROKEN = {
    "an unknown name": ("import math\nmissing\n", "line 2", "NameError"),
    "a module that is not there": ("import not_a_module\n", "line 1", "ModuleNotFoundError"),
    "an exception": ("def g():\n    raise ValueError('no')\ng()\n", "line 2", "ValueError: no"),
    "an end of the process": ("raise SystemExit(0)\n", "line 1", "SystemExit"),
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("kind", ["values", "code"])
def test_a_prelude_that_fails_is_the_authors(judge, what, kind):
    prelude, line, error = BROKEN[what]
    made = (
        function_problem([((1,), 1)], prelude=prelude) if kind == "values" else problem("candidate(1)", prelude=prelude)
    )
    with pytest.raises(ProblemError) as refused:
        judge.run(made, RIGHT)
    assert "prelude.py" in str(refused.value)
    assert line in str(refused.value)
    assert error in str(refused.value)
    assert judge.run(function_problem([((1,), 1)]), RIGHT).accepted


def test_a_prelude_that_fails_beside_tests_alone_is_the_authors(judge):
    prelude = "import sys\nif __name__ == 'test': raise ValueError\n"
    with pytest.raises(ProblemError, match="ValueError"):
        judge.run(problem("candidate(1)", prelude=prelude), RIGHT)


FORGED = """
import gc, json, os, struct
channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')
channel.send(b'["prelude","NameError","name x is not defined",1]')
os._exit(0)
"""


@pytest.mark.parametrize("kind", ["values", "code"])
def test_a_candidate_cannot_blame_the_prelude(judge, kind):
    made = (
        function_problem([((1,), 1)], prelude="y = 1") if kind == "values" else problem("candidate(1)", prelude="y = 1")
    )
    report = judge.run(made, FORGED)
    assert report.verdict is Verdict.RE
    assert judge.run(made if kind == "code" else function_problem([((1,), 1)]), RIGHT).accepted


ODD = ["[]", "None", "0", "''.join([])", "1", "2", "{}", "[0]", "object()", "float('nan')"]


@pytest.mark.parametrize("returned", ODD)
def test_what_a_checker_returns_that_is_no_verdict_is_no_pass_and_a_warning(judge, returned):
    heard = []
    judge.warn = heard.append
    made = function_problem([((1,), 1), ((2,), 2)], checker=f"def check(args, expected, got): return {returned}")
    reports = [judge.run(made, RIGHT) for _ in range(2)]
    assert [str(report.verdict) for report in reports] == ["WA", "WA"]
    if returned == "''.join([])":
        return  # a text: the reason
    assert "the checker returned" in reports[0].cases[0].reason
    assert len(reports[0].warnings) == 1
    assert "the checker returned" in reports[0].warnings[0]
    assert len(heard) <= 1


@pytest.mark.parametrize(
    ("returned", "verdict"), [("True", "AC"), ("False", "WA"), ("'too long'", "WA"), ("1 == 1.0", "AC")]
)
def test_what_a_checker_is_to_return_is_no_warning(judge, returned, verdict):
    report = judge.run(function_problem([((1,), 1)], checker=f"def check(a, e, g): return {returned}"), RIGHT)
    assert (str(report.verdict), report.warnings) == (verdict, ())


def test_a_checker_that_cannot_be_loaded_is_the_authors(judge):
    with pytest.raises(ProblemError, match="NameError"):
        judge.run(function_problem([((1,), 1)], checker="missing\ndef check(a, e, g): return True"), RIGHT)


def test_answers_that_are_large_together_are_checked_all(judge):
    checker = "def check(args, expected, got): return got == [args[0]] * 300_000"
    made = function_problem([((i,), None) for i in range(8)], checker=checker, limits=Limits(time_s=4.0))
    report = judge.run(made, "def f(x): return [x if x != 5 else 6] * 300_000")
    assert [str(case.verdict) for case in report.cases] == ["AC"] * 5 + ["WA"] + ["AC"] * 2
