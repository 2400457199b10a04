"""What the command says of hardening."""

import json

import pytest

from tests.conftest import PROBLEMS

PROBLEM = PROBLEMS / "at-most-two"
SLOW = PROBLEM / "submissions" / "time_limit_exceeded" / "counts_each_time.py"
LOCAL = ("--sandbox", "local")


def test_one_line_says_what_was_tried_and_how_time_grows(coderefine):
    done = coderefine("refine", PROBLEM, SLOW, *LOCAL)
    assert done.code == 0
    line = hardening_line(done)
    assert line.startswith("hardening: 48 of 48 generated inputs answered")
    assert "n^2, too slow from size" in line


def test_json_has_all_of_it_and_no_harden_switches_it_off(coderefine):
    found = json.loads(coderefine("refine", PROBLEM, SLOW, "--format", "json", *LOCAL).out)["hardening"]
    assert found["growth"]["order"] == "n^2"
    assert found["too_slow"].splitlines()[-1].startswith("candidate(")
    done = coderefine("refine", PROBLEM, SLOW, "--format", "json", "--no-harden", *LOCAL)
    assert json.loads(done.out)["hardening"] is None


@pytest.fixture
def largest(tmp_path):
    """A problem whose statement allows an empty list, and a solution that crashes there but passes."""
    folder = tmp_path / "largest"
    (folder / "tests").mkdir(parents=True)
    (folder / "problem.toml").write_text(
        'title = "Largest"\nkind = "function"\nentry = "Solution.largest"\nparams = { nums = "list[int]" }\n'
        'returns = "int"\n'
    )
    (folder / "statement.md").write_text(
        "Find it.\n\n## Constraints\n- `0 <= len(nums) <= 9`\n- `-9 <= nums[i] <= 9`\n"
    )
    (folder / "tests" / "visible.json").write_text('[{"name": "three", "args": [[3, 1, 2]], "expected": 3}]')
    solution = tmp_path / "solution.py"
    solution.write_text("class Solution:\n    def largest(self, nums):\n        return max(nums)\n")
    return folder, solution


def hardening_line(done):
    (line,) = [line for line in done.err.splitlines() if line.startswith("hardening: ")]
    return line


def test_an_input_that_the_result_fails_on_is_shown(coderefine, largest):
    assert ", not largest([])" in hardening_line(coderefine("refine", *largest, *LOCAL, "--model", "search"))


def test_what_kept_a_model_from_mending_it_is_said(coderefine, largest, scripted_server):
    with scripted_server([]) as server:
        done = coderefine("refine", *largest, *LOCAL, "--model", "openai/x", "--api-base", server.url)
        assert done.code == 0
        assert "no more replies" in done.err
        assert "ended early" in hardening_line(done)
        done = coderefine("refine", *largest, *LOCAL, "--model", "openai/x", "--max-calls", "0")
    assert "ended early: the budget of 0 model calls is spent" in hardening_line(done)


def test_where_no_further_input_is_certain_to_be_valid_it_says_so(coderefine):
    wrong = PROBLEMS / "two-sum" / "submissions" / "wrong_answer" / "off_by_one.py"
    assert hardening_line(coderefine("refine", "two-sum", wrong, *LOCAL)).startswith("hardening: no inputs beyond")
