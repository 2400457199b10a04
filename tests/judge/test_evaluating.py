"""Candidates that an evaluator measures: figures, constraints, targets, and what has no figures."""

import pytest

from coderefine.errors import ProblemError
from coderefine.judge.evaluating import read_figures
from coderefine.judge.measured import measure
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.evaluation import Evaluation, Metric
from tests.problems_for_tests import objective_problem

GOOD = "def f(n):\n    return [4] * n\n"
POOR = "def f(n):\n    return [1] * n\n"


def test_a_candidate_that_meets_all_targets_is_accepted(any_judge):
    report = any_judge.run(objective_problem(), GOOD)
    assert report.accepted
    assert report.measured.values == (("total", 14.0), ("excess", 0.0))
    assert [case.measures for case in report.cases[:2]] == [
        (("total", 12.0), ("excess", 0.0)),
        (("total", 16.0), ("excess", 0.0)),
    ]
    assert "3 numbers" in report.cases[0].reason


def test_a_target_that_is_not_met_is_a_wrong_answer_and_no_instance_is(any_judge):
    report = any_judge.run(objective_problem(), POOR)
    assert [case.verdict for case in report.cases] == [Verdict.AC, Verdict.AC, Verdict.WA]
    assert report.cases[2].name == "target: total >= 10"
    assert report.cases[2].reason == "total is 3.5 on average, 6.5 from it"


def test_a_constraint_that_is_not_met_says_by_how_much(any_judge):
    report = any_judge.run(objective_problem(), "def f(n):\n    return [9] * (n + 2)\n")
    assert report.cases[0].verdict is Verdict.WA
    assert report.cases[0].reason.startswith("the constraint excess is not met, by 2")
    assert report.measured.violation == 4 and not report.measured.invalid


@pytest.mark.parametrize(
    ("source", "verdict", "reason"),
    [
        ("def f(n):\n    return n // 0\n", Verdict.RE, ""),
        ("def f(n):\n    return 'text'\n", Verdict.WA, "expected a list"),
        ("def f(n:\n", Verdict.CE, ""),
        ("def f(n):\n    while True: pass\n", Verdict.TLE, "stopped after"),
    ],
)
def test_a_candidate_that_fails_has_no_figures(any_judge, source, verdict, reason):
    report = any_judge.run(objective_problem(instances=[((3,), None)]), source)
    assert report.cases[0].verdict is verdict
    assert report.cases[0].reason.startswith(reason)
    assert report.measured.invalid == 1 and report.measured.values == ()


def test_only_the_evaluator_knows_what_is_expected(any_judge):
    evaluator = "def evaluate(args, expected, got):\n    return {'total': got + expected, 'excess': 0}\n"
    problem = objective_problem(evaluator, instances=[((1,), 41)])
    assert any_judge.run(problem, "def f(n):\n    return n\n").measured.values[0] == ("total", 42.0)


@pytest.mark.parametrize(
    ("candidate", "text", "total"),
    [("text", "abc", 3), ("json", '{"x": [1, 2]}', 1), ("toml", "x = [1, 2]\ny = 2", 2)],
)
def test_a_text_is_measured_without_being_run(any_judge, candidate, text, total):
    evaluator = "def evaluate(args, expected, got):\n    return {'total': len(got), 'excess': 0}\n"
    report = any_judge.run(objective_problem(evaluator, candidate=candidate, instances=[((), None)]), text)
    assert report.measured.values[0] == ("total", float(total))


@pytest.mark.parametrize(("candidate", "text"), [("json", "{"), ("toml", "= 1")])
def test_a_text_that_cannot_be_read_is_a_wrong_answer(any_judge, candidate, text):
    report = any_judge.run(objective_problem(candidate=candidate, instances=[((), None)]), text)
    assert report.cases[0].verdict is Verdict.WA
    assert "that can be read" in report.cases[0].reason


def test_a_program_prints_its_output(any_judge):
    evaluator = "def evaluate(args, expected, got):\n    return {'total': float(got), 'excess': 0}\n"
    problem = objective_problem(evaluator, candidate="program", instances=[(("20\n",), None)])
    assert any_judge.run(problem, "print(int(input()) / 2)").accepted


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("{'total': float('nan'), 'excess': 0}", "nan as total, which is no finite number"),
        ("{'total': float('inf'), 'excess': 0}", "inf as total, which is no finite number"),
        ("{'total': 10 ** 400, 'excess': 0}", "as total, which is no finite number"),
        ("{'total': 1e301, 'excess': 0}", "1e+301 as total, which is no finite number up to 1e+300"),
        ("{'total': True, 'excess': 0}", "True as total, which is no finite number"),
        ("{'total': '99', 'excess': 0}", "'99' as total, which is no finite number"),
        ("{'excess': 0}", "no total"),
        ("{'total': 99, 'excess': 0, 'bonus': 1}", "'bonus', which problem.toml does not name"),
        ("{'total': 99, 'excess': 0, 'feedback': 1}", "a feedback that is no text"),
        ("99", "99 where a dict of figures is expected"),
        ("object()", "where a dict of figures is expected"),
    ],
)
def test_what_an_evaluator_may_not_return_is_no_figure(any_judge, returned, said):
    problem = objective_problem(f"def evaluate(args, expected, got):\n    return {returned}\n")
    report = any_judge.run(problem, GOOD)
    assert said in report.cases[0].reason
    assert report.measured.invalid == 2 and not report.accepted
    assert "the evaluator" in report.warnings[0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('odd')", "the evaluator raised ValueError: odd (line 2)"),
        ("raise ValueError", "the evaluator raised ValueError (line 2)"),
        ("while True: pass", "with this output the evaluator did not end within 1 s"),
        ("print('x' * 10**8); return {'total': 99, 'excess': 0}", "with this output the evaluator printed or returned"),
        ("import os; os._exit(0)", "with this output the evaluator ended its process"),
        ("return {'total': len([0] * 10**10), 'excess': 0}", "the evaluator"),
        ("open('/etc/passwd'); return {'total': 99, 'excess': 0}", "the evaluator raised PermissionError"),
        ("import socket; socket.socket(); return {'total': 99, 'excess': 0}", "the evaluator raised PermissionError"),
    ],
)
def test_an_evaluator_is_confined_and_what_it_does_costs_nothing_but_the_figures(any_judge, body, said):
    problem = objective_problem(
        f"def evaluate(args, expected, got):\n    {body}\n", instances=[((3,), None)], limit_s=1
    )
    report = any_judge.run(problem, GOOD)
    assert report.cases[0].reason.startswith(said)
    assert report.measured.invalid == 1


@pytest.mark.parametrize("evaluator", ["raise KeyError('x')", "def evaluate(args, expected, got): pass\n1 / 0"])
def test_an_evaluator_that_cannot_be_loaded_is_its_authors_fault(any_judge, evaluator):
    with pytest.raises(ProblemError, match="expected to run by itself"):
        any_judge.run(objective_problem(evaluator), GOOD)


def test_hidden_instances_are_measured_apart(any_judge):
    problem = objective_problem(hidden=[((9,), None)])
    assert any_judge.run(problem, GOOD, "hidden").measured.values[0] == ("total", 36.0)
    assert any_judge.run(problem.without_hidden(), GOOD, "hidden").total == 1  # the target, which nothing meets


def test_a_stopped_run_is_not_complete(any_judge):
    report = any_judge.run(objective_problem(), "def f(n):\n    return n\n", stop_at_first_failure=True)
    assert not report.complete and not report.accepted


def test_a_report_survives_json(any_judge):
    report = any_judge.run(objective_problem(), POOR)
    again = TestReport.from_json(report.to_json())
    assert again.measured == report.measured
    assert again.cases == report.cases


def test_a_large_output_is_measured_whole_and_kept_in_part(any_judge):
    report = any_judge.run(objective_problem(instances=[((9000,), None)]), "def f(n):\n    return [1] * n\n")
    assert report.measured.values[0] == ("total", 9000.0)
    assert len(report.cases[0].got) < 9000 and "sha256" in report.cases[0].got_cut


METRICS = Evaluation(metrics=(Metric("a", "min", 2.0), Metric("b", "max", 10.0, weight=2.0), Metric("c", "constraint")))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"a": 9, "b": 0, "c": 0}, None),
        ({"a": 9, "b": 0, "c": 0}, {"a": 0, "b": 99, "c": 0.1}),
        ({"a": 2, "b": 10, "c": -5}, {"a": 0, "b": 9.9, "c": 0}),
        ({"a": 1, "b": 11, "c": 0}, {"a": 2, "b": 10, "c": 0}),
        ({"a": 3, "b": 10, "c": 0}, {"a": 2, "b": 5, "c": 0}),
    ],
)
def test_what_is_better(better, worse):
    assert measure(METRICS, [better]).merit > measure(METRICS, [worse]).merit


@pytest.mark.parametrize(("over", "joined"), [("mean", 2.0), ("sum", 6.0), ("worst", 3.0)])
def test_how_figures_of_instances_become_one(over, joined):
    assert Metric("a", "min", over=over).joined([1.0, 2.0, 3.0]) == joined


def test_figures_at_the_bounds_stay_finite():
    huge = {"a": -1e300, "b": 1e300, "c": 0.0}
    assert all(abs(value) <= 1e300 for value in measure(METRICS, [huge, huge, huge]).merit)


def test_a_package_that_an_evaluator_lacks_is_told_with_how_to_get_it(any_judge):
    with pytest.raises(ProblemError, match=r"numpyy.*--packages NAME"):
        any_judge.run(objective_problem("import numpyy\ndef evaluate(args, expected, got): pass\n"), GOOD)


def test_an_evaluator_that_does_not_end_before_it_is_defined_is_told_as_such(any_judge):
    evaluator = "while True: pass\ndef evaluate(args, expected, got): pass\n"
    with pytest.raises(ProblemError, match="but before that it did not end within"):
        any_judge.run(objective_problem(evaluator, limit_s=0.3), GOOD)


def test_long_feedback_is_bounded_and_says_so():
    evaluation = Evaluation(metrics=(Metric("figure", "min", 1.0),))
    words = "\n".join(f"line {number}" for number in range(65))
    _, feedback = read_figures(evaluation, {"figure": 2, "feedback": words})
    assert feedback.splitlines()[10:] == ["line 10", "... and 54 lines more"]
