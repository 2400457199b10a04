"""Solutions in a folder: which file is one of which problem."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coderefine.folder.loading import load_problem
from coderefine.formats.record import Record
from coderefine.scoring.solutions import SolutionFolder


@pytest.fixture
def folder(tmp_path):
    for name in ("cap-set.py", "cap-set.json", "cap-set/2.json", "cap-set/10.json", "other.py", "notes.txt", "--.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def record(form):
    problem = load_problem("cap-set")
    return Record("cap-set", "", replace(problem, evaluation=replace(problem.evaluation, candidate=form)))


@pytest.mark.parametrize(("form", "file"), [("function", "cap-set.py"), ("json", "cap-set.json")])
def test_a_solution_ends_as_the_form_of_candidates_does(folder, form, file):
    assert SolutionFolder(folder).of(record(form)) == [file]


def test_several_stand_in_a_folder_in_the_order_of_their_numbers(folder):
    (folder / "cap-set.json").unlink()
    assert SolutionFolder(folder).of(record("json")) == ["cap-set/2.json", "cap-set/10.json"]


def test_programs_of_no_problem_are_told(folder):
    solutions = SolutionFolder(folder)
    solutions.of(record("function"))
    assert solutions.unused() == ["other"]
