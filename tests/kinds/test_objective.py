"""The folder of a problem that is measured: what is read of it, and what is refused."""

import pytest

from coderefine.errors import ProblemError
from coderefine.folder.loading import load_problem
from coderefine.folder.scaffold import create
from coderefine.folder.verify import verify
from coderefine.kinds.objective import OBJECTIVE
from coderefine.problem.doubts import doubts
from coderefine.runs.snapshot import digest, from_json, to_json


@pytest.fixture
def folder(tmp_path):
    create(tmp_path / "split-it", "objective")
    return tmp_path / "split-it"


def metrics(folder, text):
    described = (folder / "problem.toml").read_text().partition("[metrics]")[0]
    (folder / "problem.toml").write_text(f"{described}{text}\n")


def test_a_new_problem_is_what_its_submissions_say(folder, any_judge):
    assert [check.ok for check in verify(folder, any_judge)] == [True, True]


def test_metrics_are_read_with_their_wishes(folder):
    metrics(folder, '[metrics]\na = { direction = "max", target = 2, weight = 3, over = "worst" }\nb = "constraint"')
    assert [it.wish() for it in load_problem(folder).evaluation.metrics] == ["a >= 2", "b <= 0"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a table"),
        ("metrics = 3", "expected a table"),
        ('[metrics]\na = "constraint"', "a target for one of them"),
        ('[metrics]\na = { direction = "up", target = 1 }', "metrics.a"),
        ('[metrics]\na = { direction = "min", target = nan }', "metrics.a.target"),
        ('[metrics]\na = { direction = "min", target = 1, weight = inf }', "metrics.a.weight"),
        ('[metrics]\na = { direction = "min", target = 1, weight = 1e300 }', "metrics.a.weight"),
        ('[metrics]\na = { direction = "min", target = 1, over = "median" }', "metrics.a.over"),
        ('[metrics]\na = { direction = "min", target = 1, goal = 2 }', "metrics.a.goal"),
        ('[metrics]\nfeedback = { direction = "min", target = 1 }', "other than feedback"),
    ],
)
def test_what_no_metric_is_is_refused_with_its_place(folder, text, said):
    metrics(folder, text)
    with pytest.raises(ProblemError, match=said):
        load_problem(folder)


@pytest.mark.parametrize(
    ("evaluator", "said"),
    [("x = 1", "a function evaluate"), ("def evaluate(got): pass", "three arguments"), ("def (", "expected Python")],
)
def test_an_evaluator_is_checked_before_anything_runs(folder, evaluator, said):
    (folder / "evaluator.py").write_text(evaluator)
    with pytest.raises(ProblemError, match=said):
        load_problem(folder)


def test_what_is_written_is_read_again(folder):
    problem = load_problem(folder)
    for path, data in OBJECTIVE.files(problem).items():
        (folder / path).write_bytes(data)
    fields = "".join(f"{name} = {value}\n" for name, value in OBJECTIVE.toml_fields(problem).items())
    (folder / "problem.toml").write_text(f'title = "Split it"\ndifficulty = "medium"\nkind = "objective"\n{fields}')
    again = load_problem(folder)
    assert (again.evaluation, again.visible, again.hidden) == (problem.evaluation, problem.visible, problem.hidden)


def test_a_run_keeps_the_evaluator_and_no_hidden_instance(folder):
    problem = load_problem(folder)
    again = from_json(to_json(problem))
    assert again.evaluation == problem.evaluation and not again.hidden
    assert digest(again) == digest(problem)


def test_instances_without_names_are_in_no_doubt(folder):
    for part in ("visible", "hidden"):
        (folder / f"tests/{part}.json").write_text('[{"args": [[1, 2]]}]')
    assert doubts(load_problem(folder)) == []


NEEDS = '[metrics]\na = { direction = "max", target = 2 }\n[evaluator]\n'


def test_what_an_evaluator_needs_is_read_and_kept(folder):
    metrics(folder, NEEDS + 'packages = ["rdkit==2026.9.1", "dockstring"]\nprogram = "dockstring/bin/vina"')
    problem = load_problem(folder)
    assert (
        problem.evaluation.needs
        == "packages (dockstring, rdkit==2026.9.1) and a program to start (dockstring/bin/vina)"
    )
    assert from_json(to_json(problem)).evaluation == problem.evaluation


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('packages = "rdkit"', "evaluator.packages"),
        ('packages = ["https://example.org/a.whl"]', "evaluator.packages"),
        ('packages = ["--index-url=x"]', "evaluator.packages"),
        ('packages = ["a"]\nprogram = "../bin/sh"', "evaluator.program"),
        ('packages = ["a"]\nprogram = "/bin/sh"', "evaluator.program"),
        ('packages = ["a"]\nprogram = "a/../../sh"', "evaluator.program"),
        ('program = "a/b"', "evaluator.program"),
        ("programs = []", "evaluator.programs"),
    ],
)
def test_an_evaluator_needs_names_and_no_addresses(folder, text, said):
    metrics(folder, NEEDS + text)
    with pytest.raises(ProblemError, match=said):
        load_problem(folder)
