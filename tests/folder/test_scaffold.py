"""What `coderefine new` writes is a problem that shows what the rest does."""

import pytest

from coderefine.folder import scaffold
from coderefine.folder.loading import load_problem
from coderefine.loop import refine


@pytest.mark.parametrize("kind", ["function", "class", "program", "pytest"])
def test_the_wrong_example_is_repaired_and_the_hidden_test_agrees(any_judge, tmp_path, kind):
    scaffold.create(tmp_path / "mine", kind)
    problem = load_problem(tmp_path / "mine")
    (wrong,) = (tmp_path / "mine" / "submissions" / "wrong_answer").iterdir()
    result = refine(problem, wrong.read_text(), judge=any_judge)
    assert result.accepted
    assert any_judge.run(problem, result.source, "all").accepted
