"""`refine --ask`: questions on the terminal, in JSON, and answers that are kept."""

import json

import pytest

WRONG = (
    "def above(nums, limit):\n    found = []\n    for i in range(len(nums) - 1):\n        if nums[i] >= limit:\n"
    "            found.append(nums[i])\n    return found\n"
)
TESTS = '[\n  {"name": "all", "args": [[5, 6, 7], 4], "expected": [5, 6, 7]},\n  {"name": "none", "args": [[1, 2], 4], "expected": []}\n]\n'
LOCAL = ("--sandbox", "local")
ASKED = "programs that pass all visible tests differ for above("


@pytest.fixture
def above(above_limit):
    return above_limit(TESTS, WRONG)


def test_an_answer_is_a_test_and_is_kept_in_the_layout_of_the_file(coderefine, above):
    done = coderefine("refine", *above, "--ask", "--save-tests", *LOCAL, stdin="what?\n2\n1\n1\n1\n1\n")
    assert done.code == 0
    assert ASKED in done.err
    assert "'what?' is neither a number of the list nor a value such as [" in done.err
    text = (above[0] / "tests/visible.json").read_text()
    assert text.startswith(TESTS.rstrip("\n] "))
    kept = json.loads(text)[2:]
    assert kept and [case["name"] for case in kept] == [f"answer {number}" for number in range(1, len(kept) + 1)]
    again = coderefine("refine", *above, *LOCAL)
    assert again.code == 0


def test_an_answer_may_be_given_as_a_value(coderefine, above):
    (question,) = json.loads(coderefine("refine", *above, "--ask", "--format", "json", *LOCAL).out)["questions"]
    first = question["choices"][0]["answer"]
    done = coderefine("refine", *above, "--ask", "--save-tests", *LOCAL, stdin=f"n\n{first}\ns\ns\n")
    assert done.code == 0
    assert json.loads((above[0] / "tests/visible.json").read_text())[2]["expected"] == json.loads(first)


def test_where_nobody_answers_the_result_stands(coderefine, above):
    done = coderefine("refine", *above, "--ask", *LOCAL, stdin="")
    assert done.code == 0
    assert "-    for i in range(len(nums) - 1):" in done.out


def test_json_has_the_question(coderefine, above):
    found = json.loads(coderefine("refine", *above, "--ask", "--format", "json", *LOCAL).out)
    (question,) = found["questions"]
    assert question["right"] is None
    assert len(question["choices"]) >= 2
    assert "questions" not in json.loads(coderefine("refine", *above, "--format", "json", *LOCAL).out)


def test_a_score_may_have_the_sets_own_programs_answer(coderefine, tmp_path):
    row = {
        "id": "above", "statement": "Those above.\n\nConstraints:\n- -9 <= nums[i] <= 9\n- -9 <= limit <= 9\n",
        "kind": "function", "entry_point": "above", "buggy": WRONG,
        "oracle": WRONG.replace(">=", ">").replace(" - 1)", ")"),
        "visible_tests": [{"call": "above([5, 6, 7], 4)", "expected": "[5, 6, 7]"}, {"call": "above([1, 2], 4)", "expected": "[]"}],
        "hidden_tests": [{"call": "above([4, 4], 4)", "expected": "[]"}],
    }  # fmt: skip
    (tmp_path / "set.jsonl").write_text(json.dumps(row) + "\n")
    score = ("score", "set.jsonl", "--refine", "--format", "json", *LOCAL)
    assert json.loads(coderefine(*score, "--ask-oracle").out)["summary"]["after"]["mean"] == 1
    assert coderefine("score", "set.jsonl", "--ask-oracle").code == 2
