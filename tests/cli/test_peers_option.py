"""`--peers`: right programs for the same problem."""

import pytest

RIGHT = "def above(nums, limit):\n    return [n for n in nums if n >= limit]\n"
WRONG = "def above(nums, limit):\n    return [n for n in nums if n > limit]\n"
LOCAL = ("--sandbox", "local")


@pytest.fixture
def above(tmp_path):
    folder = tmp_path / "above"
    (folder / "tests").mkdir(parents=True)
    (folder / "problem.toml").write_text(
        'title = "Above"\nentry = "above"\nparams = {nums = "list[int]", limit = "int"}\nreturns = "list[int]"\n'
    )
    (folder / "statement.md").write_text("Those above.\n\nConstraints:\n- -9 <= nums[i] <= 9\n- -9 <= limit <= 9\n")
    (folder / "tests/visible.json").write_text('[{"name": "all", "args": [[5, 6, 7], 4], "expected": [5, 6, 7]}]\n')
    (tmp_path / "solution.py").write_text(WRONG)
    peers = tmp_path / "peers"
    peers.mkdir()
    (peers / "one.py").write_text(RIGHT)
    (peers / "two.py").write_text(RIGHT.replace("above", "wanted"))
    (peers / "wrong.py").write_text("def above(nums, limit):\n    return []\n")
    return folder, tmp_path / "solution.py", peers


def test_what_peers_answer_is_tested_and_a_wrong_one_is_told(coderefine, above):
    folder, solution, peers = above
    assert coderefine("refine", folder, solution, *LOCAL).out == ""
    done = coderefine("refine", folder, solution, "--peers", peers, *LOCAL)
    assert done.code == 0
    assert "+    return [n for n in nums if n >= limit]" in done.out
    assert "2 of 3 peers pass the visible tests; what they answer on 24 further inputs is tested, too" in done.err
    assert "wrong.py fails a visible test, so it is no peer" in " ".join(done.err.split())


def test_a_folder_without_a_program_is_refused(coderefine, above):
    folder, solution, _ = above
    done = coderefine("refine", folder, solution, "--peers", folder / "tests", *LOCAL)
    assert done.code == 2
    assert "holds no file *.py" in done.err
