"""`--peers`: right programs for the same problem."""

import pytest

RIGHT = "def above(nums, limit):\n    return [n for n in nums if n >= limit]\n"
WRONG = "def above(nums, limit):\n    return [n for n in nums if n > limit]\n"
LOCAL = ("--sandbox", "local")


@pytest.fixture
def above(above_limit, tmp_path):
    folder, solution = above_limit('[{"name": "all", "args": [[5, 6, 7], 4], "expected": [5, 6, 7]}]\n', WRONG)
    peers = tmp_path / "peers"
    peers.mkdir()
    (peers / "one.py").write_text(RIGHT)
    (peers / "two.py").write_text(RIGHT.replace("above", "wanted"))
    (peers / "wrong.py").write_text("def above(nums, limit):\n    return []\n")
    return folder, solution, peers


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
