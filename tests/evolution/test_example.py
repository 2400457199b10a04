"""The example of molecules is a problem that loads; what it needs of RDKit is not here."""

from coderefine.folder.loading import load_problem
from tests.conftest import PROBLEMS


def test_the_example_of_molecules_loads():
    problem = load_problem(PROBLEMS.parent / "docs" / "examples" / "molecules")
    assert problem.evaluation.candidate == "smiles"
    assert problem.starter.strip() == "c1ccccc1"
