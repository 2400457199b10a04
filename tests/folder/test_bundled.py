"""The bundled problems: what they call right is right."""

import pytest

from coderefine.folder.loading import load_problem
from tests.conftest import PROBLEMS

ACCEPTED = sorted(PROBLEMS.glob("*/submissions/accepted/*.py"))


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_what_is_called_accepted_passes_all_tests(any_judge, path):
    problem = load_problem(path.parents[2])
    report = any_judge.run(problem, path.read_text(encoding="utf-8"), "all")
    assert report.accepted, report.failures[0]
