"""A pipeline is learnt where the best one is known, and runs as its file says."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace

import pytest

from coderefine.budget import Budget
from coderefine.engine import EngineOptions
from coderefine.errors import BudgetExhausted, UsageError
from coderefine.formats.record import Record
from coderefine.loop import refine
from coderefine.pipeline.file import read_pipeline, to_toml
from coderefine.pipeline.graph import EDGES, FULL, Pipeline, edges_of
from coderefine.record.store import Store
from coderefine.refining.options import RefineOptions
from coderefine.report import pipeline as page
from coderefine.runs.tasks import Options
from coderefine.tuning.pipelines import running
from coderefine.tuning.pipelines.learning import Cases, LearnOptions, learn
from coderefine.tuning.pipelines.space import Space
from coderefine.tuning.pipelines.worth import Outcome, Total, Weights
from tests.command import run_command
from tests.problems_for_tests import function_problem
from tests.scripted_server import serve

MODELS = ("search", "openai/a", "openai/b")
CASES = Cases(tuple(range(12)), tuple(range(12, 24)), tuple(range(24, 36)))


def known(seed):
    """Return a space, its best pipeline, and what tries pipelines: each wrong switch costs time, some cost solutions."""
    space, numbers = Space.of(MODELS), random.Random(f"graph {seed}")
    best = space.pipeline(tuple(numbers.random() < 0.5 for _ in space.names))
    dear = set(numbers.sample([edge.name for edge in space.edges], 3))

    def outcomes(pipeline, cases):
        wrong = {edge.name for edge in space.edges if pipeline.has(edge.name) != best.has(edge.name)}
        places = zip(pipeline.models, best.models, strict=True)
        seconds = 20 + 4 * len(wrong) + 4 * sum(one != other for one, other in places)
        solved = [case % 4 >= len(wrong & dear) for case in cases]
        return [Outcome(solved=it, seconds=seconds * numbers.uniform(0.9, 1.1)) for it in solved]

    return space, best, outcomes


def test_the_known_best_pipeline_is_found_within_100_steps_of_4_in_9_of_10_seeds():
    found = 0
    for seed in range(10):
        space, best, outcomes = known(seed)
        learnt = learn(space, CASES, outcomes, LearnOptions(steps=100, seed=seed))
        found += learnt.pipeline == best
    assert found >= 9


def test_the_gate_refuses_what_solves_less_elsewhere():
    space = Space.of(["search"])

    def outcomes(pipeline, cases):
        is_worse = not pipeline.has("names -> search")
        return [Outcome(solved=not (is_worse and case >= 12), seconds=1 if is_worse else 9) for case in cases]

    learnt = learn(space, CASES, outcomes, LearnOptions(steps=40))
    assert (learnt.pipeline, learnt.improved, learnt.test) == (FULL_OF_SEARCH, False, None)
    assert "the gate refused" in learnt.stopped
    assert learnt.validation[0].solved > learnt.validation[1].solved


FULL_OF_SEARCH = Pipeline(models=("search",))


def test_a_gain_that_the_test_part_does_not_show_is_said():
    def outcomes(pipeline, cases):
        is_short = not pipeline.has("names -> search")
        return [Outcome(solved=not (is_short and case >= 24), seconds=1 if is_short else 9) for case in cases]

    learnt = learn(Space.of(["search"]), CASES, outcomes, LearnOptions(steps=40))
    assert learnt.improved
    assert learnt.stopped.endswith("on the test part it solves fewer than all edges do")


def test_to_solve_nothing_sooner_passes_no_gate():
    def outcomes(pipeline, cases):
        return [Outcome(solved=False, seconds=9 - len(pipeline.off)) for _ in cases]

    learnt = learn(Space.of(["search"]), CASES, outcomes, LearnOptions(steps=10))
    assert (learnt.improved, learnt.validation[1].solved) == (False, 0)


def test_a_spent_budget_leaves_all_edges_on():
    def outcomes(pipeline, cases):
        if pipeline != FULL_OF_SEARCH:
            raise BudgetExhausted("seconds", "no time is left")
        return [Outcome(solved=False, seconds=1) for _ in cases]

    learnt = learn(Space.of(["search"]), CASES, outcomes)
    assert (learnt.pipeline, learnt.steps, learnt.exhausted.limit) == (FULL_OF_SEARCH, (), "seconds")


def test_edges_behind_one_that_is_off_are_off():
    pipeline = Pipeline(("critic -> patcher",))
    assert not pipeline.has("lines -> critic")
    assert pipeline.effective() == Pipeline(
        ("critic -> patcher", "critic -> judge", "further cases -> critic", "lines -> critic")
    )
    assert all(FULL.has(edge.name) for edge in EDGES)
    with pytest.raises(KeyError):
        FULL.has("no -> edge")


def test_only_edges_that_matter_are_learnt():
    assert {edge.part for edge in edges_of(["search"])} == {"search", "any"}
    assert {edge.part for edge in edges_of(["openai/a"])} == {"model", "any"}
    assert Space.of(MODELS).names[-3:] == (
        "search before openai/a",
        "search before openai/b",
        "openai/a before openai/b",
    )
    count = len(Space.of(MODELS).edges)
    assert Space.of(MODELS).pipeline((True,) * count + (False, False, True)).models == (
        "openai/a",
        "openai/b",
        "search",
    )


def test_a_file_is_read_as_it_was_written(tmp_path):
    pipeline = Pipeline(("names -> search", "answer -> hardening"), ('open"ai', "search"))
    (tmp_path / "p.toml").write_text(to_toml(pipeline))
    assert read_pipeline(str(tmp_path / "p.toml")) == pipeline
    (tmp_path / "p.toml").write_text("")
    assert read_pipeline(str(tmp_path / "p.toml")) == FULL


@pytest.mark.parametrize(
    "text",
    ["[edges]\n'a -> b' = true", "[edges]\n'names -> search' = 1", "models = 3", "more = 1", "edges = 3", "no toml"],
)
def test_another_file_is_refused_with_what_to_do(tmp_path, text):
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(UsageError, match="write one by: coderefine tune --pipeline"):
        read_pipeline(str(tmp_path / "p.toml"))


def test_weights_are_read():
    assert Weights.read("seconds=0.5, usd=3") == Weights(seconds=0.5, usd=3)
    total = Total.of([Outcome(True, 2, calls=3, usd=0.1), Outcome(False, 4)], Weights(seconds=0.5, usd=3))
    assert (total.solved, total.seconds, total.worth) == (1, 6, pytest.approx((1 - 3 - 0.3) / 2))
    for wrong in ("time=3", "seconds=x", "usd=-1", "seconds=nan"):
        with pytest.raises(UsageError, match="--weights"):
            Weights.read(wrong)


WRONG = "def f(p0):\n    return p0 - 1\n"


def test_an_operator_whose_family_is_off_is_not_tried(judge):
    problem = function_problem([((n,), n + 1) for n in range(4)], params=("int",))
    tried = []
    for off in ((), ("templates -> search",)):
        options = RefineOptions(engine=EngineOptions(pipeline=Pipeline(off)), harden=False)
        result = refine(problem, WRONG, judge=judge, engines=["search"], options=options)
        tried.append({name for step in result.iterations for name in step.step_report.tried})
        assert result.accepted is not bool(off)
    assert "arithmetic" in tried[0]
    assert "arithmetic" not in tried[1]


@pytest.fixture
def records():
    problems = [function_problem([((n,), n + k) for n in range(3)], params=("int",)) for k in range(1, 4)]
    return [
        Record(f"p{k}", "", replace(it, slug=f"p{k}", statement=f"Add {k}."), f"def f(p0):\n    return p0 - {k}\n")
        for k, it in enumerate(problems, 1)
    ]


def test_what_is_recorded_is_not_tried_again_and_leads_to_the_same(judge, records, tmp_path):
    weights = Weights(seconds=0)  # which differ from run to run
    setup = running.PipelineSetup("set", sizes=(1, 1, 1), options=LearnOptions(steps=2, samples=2, weights=weights))
    options = Options(budget=Budget(), harden=False)
    with Store.open(tmp_path) as store:

        def go_on(run, on_step=lambda _: None):
            return running.go_on(store, run, setup, options, records, judge, on_step, pytest.fail)

        def ended(step):
            raise KeyboardInterrupt

        run = running.begin(store, setup, options, judge.backend)
        with pytest.raises(KeyboardInterrupt):
            go_on(run, ended)
        done = [row["key"] for row in store.rows("SELECT key FROM checks WHERE run = ?", run)]
        found = go_on(run)
        keys = [row["key"] for row in store.rows("SELECT key FROM checks WHERE run = ? ORDER BY id", run)]
        assert keys[: len(done)] == done
        assert len({*keys}) == len(keys) > len(done) > 0
        whole = go_on(running.begin(store, setup, options, judge.backend))
        assert [it.probabilities for it in whole.steps] == [it.probabilities for it in found.steps]
        assert whole.pipeline == found.pipeline
        shown = page.page(store, run)
    assert shown.count("<polyline") == len(found.names)
    assert "names -&gt; search" in shown
    assert "<script" not in shown


def test_a_model_without_a_critic_is_asked_once_a_step(tmp_path):
    (tmp_path / "set.jsonl").write_text("")
    (tmp_path / "p.toml").write_text('models = ["openai/scripted"]\n[edges]\n"critic -> patcher" = false\n')
    (tmp_path / "wrong.py").write_text("def find_pair(weights, target):\n    return []\n")
    with serve(itertools.repeat("```python\ndef find_pair(weights, target):\n    return [0, 0]\n```")) as server:
        done = run_command(
            *("refine", "two-sum", "wrong.py", "--pipeline", "p.toml", "--iterations", 1, "--format", "json"),
            *("--api-base", server.url, "--home", tmp_path / "home", "--sandbox", "local"),
            cwd=tmp_path,
            env={"OPENAI_API_KEY": "dummy-key", "NO_PROXY": "127.0.0.1"},
        )
    assert (done.code, json.loads(done.out)["calls"]) == (1, 1), done.err
    (request,) = server.requests
    assert request.system.startswith("You repair")
    assert "tests passed" in request.user


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set.jsonl",), "the set has no program to repair"),
        (("set.jsonl", "prompt.txt"), "leave out PROMPT"),
        (("set.jsonl", "--forward-model", "openai/a"), "leave out --forward-model"),
        (("set.jsonl", "--for", "critic"), "leave out --for"),
        (("set.jsonl", "--weights", "time=1"), "expected a number from 0 on for any of solved, seconds"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_tried(tmp_path, arguments, told):
    (tmp_path / "set.jsonl").write_text('{"question": "2 + 3?", "answer": 5}\n')
    (tmp_path / "prompt.txt").write_text("Answer.")
    done = run_command("tune", "--pipeline", *arguments, "--home", tmp_path / "home", cwd=tmp_path)
    assert (done.code, told in done.err) == (2, True), done.err
