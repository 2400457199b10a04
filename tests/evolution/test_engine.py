"""Evolution from the beginning to the end, in a real sandbox: its course, its limits, its record."""

import json
from dataclasses import replace

import pytest

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Budget, Meter
from coderefine.engine import Engine, StepReport
from coderefine.errors import ModelError, UsageError
from coderefine.evolution.arms import EngineArm
from coderefine.evolution.database import Database
from coderefine.evolution.engine import EvolutionOptimizer
from coderefine.evolution.options import EvolutionOptions
from coderefine.evolution.variations.entry import Entry, Proposal
from coderefine.judge.measured import measure
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.loop import refine
from coderefine.patch import Patch
from coderefine.problem.evaluation import Metric
from coderefine.record.store import Store
from coderefine.refining.options import RefineOptions
from coderefine.result import Candidate
from coderefine.runs import tasks
from tests.problems_for_tests import function_problem, objective_problem

EVALUATOR = """
def evaluate(args, expected, got):
    if type(got) not in (int, float):
        return "expected a number"
    return {"error": abs(got - 37 * args[0])}
"""
LINE = objective_problem(EVALUATOR, metrics=[Metric("error", "min", 6.0)], instances=[((1,), None), ((2,), None)])
START = "def f(n):\n    return 3.0 * n\n"


def options(programs=600, **given):
    return RefineOptions(
        budget=Budget(max_candidates=programs), evolution=EvolutionOptions(**given), max_iterations=10_000
    )


def digest(result):
    return result.iterations[-1].step_report.ended or result.best.note


@pytest.mark.parametrize("engine", ["evolve", "search"])
def test_constants_are_found(any_judge, engine):
    result = refine(LINE, START, judge=any_judge, engines=engine, options=options(batch=8, islands=2))
    assert result.accepted
    assert dict(result.best.report.measured.values)["error"] <= 6.0


def test_a_document_is_evolved_by_its_numbers(any_judge):
    evaluator = "def evaluate(args, expected, got):\n    return {'error': abs(got['a'] - 3) + abs(got['b'] + 1)}\n"
    problem = objective_problem(
        evaluator, candidate="json", metrics=[Metric("error", "min", 0.5)], instances=[((), None)]
    )
    result = refine(problem, '{"a": 20.0, "b": 5.0}', judge=any_judge, engines="evolve", options=options(islands=1))
    assert result.accepted, result.stopped
    assert abs(json.loads(result.source)["a"] - 3) < 1


def test_a_seed_gives_one_course_of_events_however_many_workers_there_are(any_judge):
    def run(seed, workers):
        any_judge.workers, before = workers, any_judge.workers
        try:
            return digest(refine(LINE, START, judge=any_judge, engines="evolve", options=options(60, seed=seed)))
        finally:
            any_judge.workers = before

    first = run(1, 1)
    assert "database" in first
    assert run(1, 2) == first
    assert run(2, 2) != first


def test_the_budget_ends_it_and_the_best_so_far_is_the_answer(any_judge):
    impossible = objective_problem(EVALUATOR, metrics=[Metric("error", "min", -1.0)], instances=[((1,), None)])
    result = refine(impossible, START, judge=any_judge, engines="evolve", options=options(40, batch=4))
    assert result.exhausted and result.candidates <= 40
    assert not result.accepted
    assert result.best.report.standing >= result.original.report.standing


def test_it_ends_where_nothing_is_better_for_long(any_judge):
    impossible = objective_problem(EVALUATOR, metrics=[Metric("error", "min", -1.0)], instances=[((1,), None)])
    perfect = "def f(n):\n    return 37 * n\n"
    result = refine(impossible, perfect, judge=any_judge, engines="evolve", options=options(patience=20, batch=4))
    assert "20 candidates in a row were no better" in result.stopped


def test_a_variation_that_never_ends_is_given_up_long_before_the_limit():
    code = Variable(START, role="candidate", requires_grad=True)
    given = []

    def test(source, patch, time_s):
        given.append(time_s)
        cases = (CaseResult(0, "one", Verdict.AC, (), None, cpu_s=0.4, measures=(("error", 5.0),)),)
        return Candidate(
            source, TestReport("p", "visible", cases, "local", measured=measure(LINE.evaluation, [{"error": 5.0}]))
        )

    begun = test(START, None, None).report
    code.add_gradient(Gradient("", evidence=replace(begun, cases=(replace(begun.cases[0], cpu_s=0.01),))))
    evolution = EvolutionOptions(batch=2, patience=4)
    EvolutionOptimizer(code, LINE, test, Meter(Budget()), evolution).step()
    assert given[1:] == [0.25, 0.25, 4.0, 4.0]  # what was learnt holds from the next generation on


def test_what_is_not_measured_cannot_be_evolved(any_judge):
    with pytest.raises(UsageError, match="not measured"):
        refine(function_problem([((1,), 1)]), "def f(x): return 0", judge=any_judge, engines="evolve")


def test_a_run_is_replayed_from_its_record(any_judge, tmp_path):
    with Store.open(tmp_path) as store:
        asked = tasks.Options(
            budget=Budget(max_candidates=50), evolution=EvolutionOptions(seed=3), models=("evolve",), max_iterations=99
        )
        task = tasks.begin(store, LINE, START, asked, any_judge.backend)
        live = tasks.go_on(store, task, any_judge)
        again = tasks.replay(tasks.load(store, task.run))
    assert [digest(live), live.source] == [digest(again), again.source]


class FixedEngine:
    """A model that always writes the same program, or fails."""

    def __init__(self, answer, seen):
        self.answer, self.seen, self.step_report = answer, seen, StepReport()

    def __call__(self, code):
        self.code = code
        return self

    def step(self):
        self.seen.append([it.text for it in self.code.gradients])
        if isinstance(self.answer, Exception):
            raise self.answer
        return (Patch(self.code.value, self.answer, "by heart"),)


def engine(answer, seen):
    from coderefine.evolution.engine import EvolutionLoss

    return Engine("writer", EvolutionLoss(LINE), FixedEngine(answer, seen))


def populated(any_judge):
    database = Database(EvolutionOptions(islands=1))
    for number, factor in enumerate((3, 30, 36)):
        source = f"def f(n):\n    return {factor}.0 * n\n" + "#" * 5 ** (number + 2)
        database.add(Entry(number, Proposal(source, ""), "", 0, any_judge.run(LINE, source)))
    return database


def test_a_model_is_shown_the_best_and_the_most_different(any_judge):
    import random

    seen = []
    arm, database = EngineArm(engine("def f(n):\n    return 37 * n\n", seen)), populated(any_judge)
    proposals = [arm.propose(database, 0, random.Random(seed)) for seed in range(20)]
    assert {it.source for it in proposals} == {"def f(n):\n    return 37 * n\n"}
    assert all("error" in texts[0] for texts in seen)
    assert any("36.0 * n" in texts[-1] for texts in seen) and any("3.0 * n" in texts[-1] for texts in seen)
    assert arm.cost(proposals[0]) > 1


def test_a_model_that_fails_is_not_asked_again(any_judge):
    import random

    arm = EngineArm(engine(ModelError("no such model"), []))
    assert arm.propose(populated(any_judge), 0, random.Random(0)) is None
    assert arm.failure == "no such model"


def test_a_model_improves_a_document_by_its_figures(any_judge, scripted_server):
    evaluator = "def evaluate(args, expected, got):\n    return {'error': abs(got['a'] - 3)}\n"
    problem = objective_problem(
        evaluator, candidate="json", metrics=[Metric("error", "min", 0.5)], instances=[((), None)]
    )
    with scripted_server(["`a` is too large.", "```json\n{'a': 3}\n```", '```json\n{"a": 3.1}\n```']) as server:
        asked = RefineOptions(api_base=server.url)
        result = refine(problem, '{"a": 20.0}', judge=any_judge, engines="openai/scripted", options=asked)
    assert result.accepted and result.calls == 3
    assert json.loads(result.source) == {"a": 3.1}
    assert "error 17" in server.requests[0].user
    assert "too large" in server.requests[1].user


def test_a_document_that_is_found_is_not_measured_again(any_judge, monkeypatch):
    evaluator = "def evaluate(args, expected, got):\n    return {'error': abs(got['a'] - 3)}\n"
    problem = objective_problem(
        evaluator, candidate="json", metrics=[Metric("error", "min", 0.5)], instances=[((), None)]
    )
    judged, run = [], any_judge.run
    monkeypatch.setattr(any_judge, "run", lambda problem, source: judged.append(source) or run(problem, source))
    result = refine(problem, '{"a": 20.0}', judge=any_judge, engines="evolve", options=options(islands=1))
    assert result.accepted and len(result.iterations) > 1
    assert len(judged) == len(set(judged)) == result.candidates
