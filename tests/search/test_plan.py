"""On which tests programs are tried."""

from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.search.given import plan
from tests.problems_for_tests import suite_problem


def test_of_a_suite_those_tests_come_first_that_failed_with_any_of_their_parameters():
    problem = suite_problem({"tests/test_a.py": "", "tests/test_b.py": ""}, deselected=("tests/test_a.py::test_gone",))
    names = {
        "test_a.py::test_x[1]": "AC",
        "test_a.py::test_x[2]": "WA",
        "test_a.py::test_y": "AC",
        "test_b.py::test_z": "AC",
    }
    cases = [CaseResult(at, f"tests/{name}", Verdict(verdict)) for at, (name, verdict) in enumerate(names.items())]
    first = plan.failing_first(problem, TestReport("p", "visible", tuple(cases), "local"))
    assert [file.name for file in first.visible] == ["tests/test_a.py"]
    assert first.suite.deselected == (
        "tests/test_a.py::test_gone",
        "tests/test_a.py::test_y",
        "tests/test_b.py::test_z",
    )


def test_a_suite_that_waits_has_the_time_to():
    problem = suite_problem("")
    cases = (CaseResult(0, "tests/test_it.py::test_x", Verdict.AC, cpu_s=0.01, wall_s=0.2),)
    assert plan.of_suite(problem, TestReport("p", "visible", cases, "local")).tests.limits.time_s == 2.0


def test_the_time_of_an_endless_loop_is_not_taken_for_that_of_imports():
    problem = suite_problem("")
    cases = (CaseResult(0, "test_it.py::test_x", Verdict.AC, cpu_s=0.01), CaseResult(1, "test_it.py::y", Verdict.TLE))
    report = TestReport("p", "visible", cases, "local", session_s=problem.limits.time_s)
    assert plan.of_suite(problem, report).tests.limits.time_s == min(problem.limits.time_s, 2.0)


def test_where_nothing_passes_nobody_knows_how_long_a_suite_takes():
    problem = suite_problem("")
    cases = (CaseResult(0, "tests/test_it.py::test_x", Verdict.CE),)
    limit_s = plan.of_suite(problem, TestReport("p", "visible", cases, "local")).tests.limits.time_s
    assert limit_s == min(problem.limits.time_s, 5.0)
