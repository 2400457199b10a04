"""`certify`: what tests leave open, shown on a problem whose tests are weak."""

import json

import pytest

RIGHT = "def above(nums, limit):\n    return [n for n in nums if n > limit]\n"
LOCAL = ("--sandbox", "local")


@pytest.fixture
def above(above_limit):
    return above_limit('[{"name": "some", "args": [[5, 2, 7], 4], "expected": [5, 7]}]\n', RIGHT)


def test_a_test_is_proposed_that_catches_what_the_tests_let_through(coderefine, above):
    found = json.loads(coderefine("certify", *above, "--format", "json", *LOCAL).out)
    assert found["survivors"] > 0
    caught = [change["note"] for test in found["tests"] for change in test["catches"]]
    assert any("`n > limit` to `n >= limit`" in note for note in caught)
    for test in found["tests"]:
        nums, limit = map(json.loads, test["input"])
        assert json.loads(test["answer"]) == [n for n in nums if n > limit]


def test_the_proposed_tests_are_kept_and_then_none_is_left(coderefine, above):
    first = coderefine("certify", *above, "--save-tests", *LOCAL)
    assert first.code == 1
    assert "would catch" in first.out
    assert coderefine("test", *above, *LOCAL).code == 0
    again = coderefine("certify", *above, *LOCAL)
    assert again.code == 0
    assert "would catch" not in again.out


def test_a_program_that_fails_certifies_nothing(coderefine, above):
    folder, solution = above
    solution.write_text(RIGHT.replace(">", "<"))
    done = coderefine("certify", folder, solution, *LOCAL)
    assert done.code == 1
    assert "only a program that passes all tests" in done.out
