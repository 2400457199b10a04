"""The examples are problems that load; the packages that they need are not here."""

import json

import pytest

from coderefine.folder.loading import load_problem
from tests.conftest import PROBLEMS

EXAMPLES = PROBLEMS.parent / "docs" / "examples"


@pytest.mark.parametrize("name", ["druglike", "molecules"])
def test_an_example_of_molecules_loads(name):
    problem = load_problem(EXAMPLES / name)
    assert problem.evaluation.candidate == "smiles"
    assert problem.starter.strip() == "c1ccccc1"
    assert "rdkit" in problem.evaluation.packages


def test_the_example_of_a_plan_begins_with_equal_weights_for_all_that_its_instance_has():
    problem = load_problem(EXAMPLES / "plan")
    assert set(json.loads(problem.starter).values()) == {0.0}
    assert problem.visible[0].expected["voxels"].keys() == {"target", "core", "body"}
