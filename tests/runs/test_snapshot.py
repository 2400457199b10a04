"""A problem survives being kept with a run, all but its hidden tests."""

import dataclasses
import json

import pytest

from coderefine.folder.loading import load_problem
from coderefine.runs import snapshot
from tests.conftest import PROBLEMS
from tests.samples import PROBLEM


@pytest.mark.parametrize("directory", sorted(PROBLEMS.iterdir()), ids=lambda path: path.name)
def test_a_problem_comes_back_as_it_was_without_its_hidden_tests(directory):
    problem = load_problem(directory)
    kept = snapshot.from_json(json.loads(json.dumps(snapshot.to_json(problem))))
    assert kept == dataclasses.replace(problem.without_hidden(), path=None)


def test_nothing_of_a_hidden_test_is_kept():
    assert "4711" not in json.dumps(snapshot.to_json(PROBLEM))
    assert "hidden-name" not in json.dumps(snapshot.to_json(PROBLEM))


def test_the_digest_is_of_what_solvers_see():
    assert snapshot.digest(PROBLEM) == snapshot.digest(PROBLEM.without_hidden())
    assert snapshot.digest(PROBLEM) != snapshot.digest(dataclasses.replace(PROBLEM, statement="Another."))
