"""A problem survives being kept with a run, all but its hidden tests."""

import dataclasses
import json

import pytest

from coderefine.folder.loading import load_problem
from coderefine.kinds.pytest import PYTEST
from coderefine.problem.problem import Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite
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


BEFORE_SUITES = """{"slug": "s", "title": "S", "statement": "Do it.", "kind": "pytest", "entry": "", "visible": [{"$": "dict",
"v": [["name", "tests/test_a.py"], ["args", {"$": "tuple", "v": []}], ["expected", null], ["code", "x"]]}], "solution":
"b.py", "files": [{"$": "dict", "v": [["path", "a.py"], ["data", {"$": "bytes", "v": "78"}]]}], "import_paths": {"$":
"tuple", "v": []}, "plugins": {"$": "tuple", "v": ["p"]}, "reach": false, "deselected": {"$": "tuple", "v": []}}"""


def test_a_record_made_when_a_suites_fields_were_the_problems_own_still_loads():
    suite = Suite("b.py", (ProjectFile("a.py", b"x"),), plugins=("p",))
    wanted = Problem("s", "S", "Do it.", PYTEST, "", (TestCase("tests/test_a.py", code="x"),), suite=suite)
    assert snapshot.from_json(json.loads(BEFORE_SUITES)) == wanted
    assert snapshot.from_json(snapshot.to_json(wanted)) == wanted
