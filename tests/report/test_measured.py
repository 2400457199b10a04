"""What a page shows of figures: their course, and the candidates that none dominates."""

import pytest

from coderefine.budget import Budget
from coderefine.evolution.options import EvolutionOptions
from coderefine.judge.measured import measure
from coderefine.problem.evaluation import Evaluation, Metric
from coderefine.record.store import Store
from coderefine.report.collect import collect
from coderefine.report.measured import front
from coderefine.runs import tasks
from tests.problems_for_tests import objective_problem

METRICS = (Metric("a", "min", 0.0), Metric("b", "max", 10.0), Metric("c", "constraint"))


def points(*rows):
    evaluation = Evaluation(metrics=METRICS)
    return [(n, measure(evaluation, [dict(zip("abc", row, strict=True))])) for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 1, 0)], [0]),
        ([(1, 1, 0), (2, 2, 0), (3, 1, 0), (1, 0, 0)], [0, 1]),
        ([(1, 1, 0), (0, 9, 1)], [0]),
        ([(1, 1, 0), (1, 1, -5)], [0]),
        ([(5, 5, 0), (0, 10, 0)], [1]),
        ([(1, 1, 9)], []),
    ],
)
def test_the_front_holds_what_none_dominates(rows, expected):
    assert sorted(number for number, _ in front(points(*rows), METRICS)) == expected


def test_a_page_has_the_course_of_each_figure(any_judge, tmp_path):
    asked = tasks.Options(
        budget=Budget(max_candidates=24), evolution=EvolutionOptions(batch=8), models=("evolve",), max_iterations=99
    )
    with Store.open(tmp_path) as store:
        task = tasks.begin(store, objective_problem(), "def f(n):\n    return [1] * n\n", asked, any_judge.backend)
        tasks.go_on(store, task, any_judge)
        head = collect(store, task.run).head
    found = head["measured"]
    assert [it["name"] for it in found["metrics"]] == ["total", "excess"]
    assert found["points"][0] == {"number": 0, "values": [3.5, 0.0], "valid": True}
    assert [it["values"][0] for it in found["best"]] == sorted(it["values"][0] for it in found["best"])
    assert found["front"][0] == found["best"][-1]


def test_a_page_of_what_is_not_measured_has_none(tmp_path):
    from tests.report.recorded import single_run

    run = single_run(tmp_path)
    with Store.open(tmp_path) as store:
        assert "measured" not in collect(store, run).head
