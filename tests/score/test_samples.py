"""Programs are taken as the harnesses of public sets write them, and what is wrong with them is said once a kind."""

import json

import pytest

from coderefine.formats.reading import read
from coderefine.formats.record import Fault
from coderefine.scoring.outcome import ProgramOutcome
from coderefine.scoring.solutions import open_solutions
from coderefine.scoring.tally import Tally

PROMPT = "def inc(x):\n    '''Add one.'''\n"
BODY = "    return x + 1\n"
WHOLE = PROMPT + BODY


@pytest.fixture
def record(tmp_path):
    """The second problem of a set in HumanEval's layout, of which the first row cannot be read."""
    row = {"task_id": "Own/7", "entry_point": "inc", "prompt": PROMPT, "canonical_solution": BODY}
    row["test"] = "def check(candidate):\n    assert candidate(1) == 2\n"
    file = tmp_path / "set.jsonl"
    file.write_text(f"{{}}\n{json.dumps(row)}\n")
    (found,) = read(file, lambda _: None)
    return found


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        lines({"task_id": "Own/7", "completion": BODY}, {"task_id": "Own/7", "completion": BODY, "passed": True}),
        lines({"task_id": "Own/7", "solution": WHOLE}, {"task_id": "own_7", "solution": WHOLE}),
        lines({"task_id": 7, "code": WHOLE}, {"slug": "own-7", "source": WHOLE}),
        json.dumps([["other"], [WHOLE, WHOLE]]),
        json.dumps([{"question_id": "Own/7", "code_list": [WHOLE, WHOLE], "output_list": ["", ""]}], indent=1),
        json.dumps({"Own/7": [WHOLE, WHOLE]}),
        json.dumps({"date": "", "eval": {"Own/7": [{"solution": WHOLE}, {"solution": WHOLE}]}}, indent=1),
        lines({"doc": {"task_id": "Own/7"}, "resps": [["x"]], "filtered_resps": [[WHOLE, WHOLE]]}),
        json.dumps(
            {"samples": [{"id": "Own/7", "output": {"completion": f"So:\n```python\n{BODY}```\n"}}] * 2}, indent=1
        ),
    ],
    ids=["human_eval", "evalplus", "numbers", "generations", "code_list", "by-name", "results", "lm-eval", "inspect"],
)
def test_samples_of_other_harnesses_are_programs_of_their_problems(record, tmp_path, text):
    file = tmp_path / "samples.json"
    file.write_text(text)
    faults = []
    solutions = open_solutions(str(file), faults.append)
    assert solutions.of(record) == [WHOLE, WHOLE]
    assert not faults


def test_folders_of_samples_are_in_the_order_of_their_numbers(record, tmp_path):
    folder = tmp_path / "samples" / "Own_7"
    folder.mkdir(parents=True)
    for number in (10, 9, 0):
        (folder / f"{number}.py").write_text(f"{number}")
    assert open_solutions(str(tmp_path / "samples"), print).of(record) == ["0", "9", "10"]


def test_oracle_stands_for_the_programs_of_the_set(record, tmp_path):
    assert open_solutions("oracle", print).of(record) == [record.oracle] == [WHOLE]


def test_faults_are_told_once_a_kind_with_a_count(tmp_path):
    file = tmp_path / "samples.jsonl"
    file.write_text(lines(*({"task_id": f"a/{number}", "text": "no"} for number in range(500)), {"completion": ""}))
    tally, told = Tally(), []
    open_solutions(str(file), tally.fault)
    tally.tell(told.append)
    assert tally.faults == 501
    assert len(told) == 2
    assert "looked for the fields source, solution," in told[0]
    assert "line 1: " in told[0]
    assert told[0].endswith("and 499 more like it")
    tally.tell(told.append)
    assert len(told) == 2


def test_notes_are_told_like_faults():
    tally, told = Tally(), []
    for number in range(3):
        tally.note(f"{number} tests are left out", f"row {number}")
    tally.fault(Fault("set.jsonl", 3, "no"))
    tally.tell(told.append)
    assert told == ["row 0: 0 tests are left out, and 2 more like it", "set.jsonl, line 3: no"]


@pytest.mark.parametrize(
    ("text", "right", "base", "plausible", "verdict"),
    [
        ("AC AC / AC WA", False, False, True, "WA"),
        ("wa AC / AC AC", True, True, False, "AC"),
        ("ac AC / AC AC+", True, True, True, "AC"),
        ("AC / AC WA+ -+", False, True, True, "WA"),
        ("re _ WA / - -+", False, False, False, "WA"),
        ("ac / AC+", True, False, True, "AC"),
        ("AC / ", True, True, True, "AC"),
    ],
)
def test_an_outcome_tells_examples_base_and_extra_tests_apart(text, right, base, plausible, verdict):
    outcome = ProgramOutcome.from_text(text)
    assert outcome.to_text() == text
    found = outcome.right, outcome.base_right, outcome.plausible, outcome.verdict.value
    assert found == (right, base, plausible, verdict)
