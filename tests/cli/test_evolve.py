"""`evolve` on the command line: what it prints, where it begins, and what it refuses."""

import json

import pytest

from coderefine import resources

LOCAL = ("--sandbox", "local")
TOUR = resources.problems_dir() / "tour-heuristic"
FARTHEST = "def priority(cost, near, far, centre):\n    return far * near\n"


def test_the_best_measured_program_is_the_result_though_a_target_is_missed(coderefine, tmp_path):
    done = coderefine("evolve", TOUR, "--programs", "30", "--batch", "8", "-o", "best.py", *LOCAL)
    assert done.code in (0, 1)
    assert "excess" in done.err and "candidates" in done.err
    assert "def priority" in (tmp_path / "best.py").read_text()


def test_it_begins_with_the_program_that_is_given(coderefine, tmp_path):
    (tmp_path / "mine.py").write_text(FARTHEST)
    done = coderefine("evolve", TOUR, "mine.py", "--format", "json", *LOCAL)
    assert done.code == 0
    assert json.loads(done.out)["source"] == FARTHEST


def test_what_it_was_asked_for_is_recorded(coderefine):
    coderefine("evolve", TOUR, "--programs", "4", "--batch", "2", "--seed", "7", *LOCAL)
    shown = json.loads(coderefine("runs", "show", "last", "--format", "json").out)
    assert shown["options"]["evolution"]["seed"] == 7
    assert shown["options"]["models"] == ["evolve"]


def test_what_has_tried_all_that_it_might_goes_on_as_it_says(coderefine):
    ended = coderefine("evolve", TOUR, "--programs", "4", "--batch", "2", *LOCAL).err
    (told,) = (line for line in ended.splitlines() if line.startswith("to go on: coderefine "))
    further = coderefine(*told.removeprefix("to go on: coderefine ").split(), "--format", "json")
    before = int(told.split()[-1]) // 2
    assert before <= 4 < json.loads(further.out)["candidates"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("two-sum",), "not measured"),
        ((TOUR, "--descriptor", "colour"), "expected one of length, operations, excess"),
        ((TOUR, "--islands", "0"), "--islands"),
    ],
)
def test_what_cannot_be_evolved_is_said_before_anything_is_done(coderefine, args, said):
    done = coderefine("evolve", *args, *LOCAL)
    assert done.code == 2
    assert said in done.err


def test_a_model_is_one_of_those_who_vary(coderefine, scripted_server):
    with scripted_server(["It should look at the distances.", f"```python\n{FARTHEST}```"] * 3) as server:
        options = ("--model", "openai/scripted", "--api-base", server.url, "--batch", "1", "--max-calls", "6")
        done = coderefine("evolve", TOUR, *options, "--format", "json", *LOCAL)
    result = json.loads(done.out)
    assert done.code == 0, done.err
    assert result["source"].strip() == FARTHEST.strip()
    assert "excess" in server.requests[0].user
