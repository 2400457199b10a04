"""Sets of questions in the layouts in which they are published; what cannot be read is told, and the rest is read."""

from __future__ import annotations

import gzip
import json

import pytest

from coderefine.errors import UsageError
from coderefine.folder.loading import load_problem
from coderefine.formats.reading import count, read
from coderefine.formats.writing import write

MMLU = 'What is 2 + 2?,3,4,5,6,B\n"Which, of these, is a ""fruit""?",pear,drum,bus,hat,A\n'
GPQA = (
    "Pre-Revision Question,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3,"
    "Subdomain,High-level domain,Record ID,Canary String\n"
    'draft,"Which gas do\nplants take in?",carbon dioxide,oxygen,helium,argon,Botany,Biology,rec01,x\n'
)
BBH = {
    "canary": "made up",
    "examples": [{"input": "Count: a drum, a pear.", "target": "2"}, {"input": "Q", "target": "(B)"}],
}


def questions(tmp_path, text, name="set.jsonl", format_=None):
    """Return the records of a file, and what was told of its rows."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    faults = []
    return list(read(tmp_path / name, faults.append, format_=format_)), [str(fault) for fault in faults]


def keys(records):
    return [record.problem.hidden[0].expected for record in records]


def test_mmlu_has_no_header(tmp_path):
    found, faults = questions(tmp_path, MMLU, "astronomy_test.csv")
    assert (keys(found), faults) == (["B", "A"], [])
    assert found[1].problem.statement == 'Which, of these, is a "fruit"?\n\nA) pear\nB) drum\nC) bus\nD) hat\n'


def test_gpqa_shows_the_right_answer_anywhere(tmp_path):
    (record,), faults = questions(tmp_path, GPQA, "gpqa_diamond.csv")
    assert faults == []
    assert (record.problem.slug, record.kind, record.problem.tags) == ("rec01", "Biology", ("Botany",))
    assert f"{record.problem.hidden[0].expected}) carbon dioxide" in record.problem.statement
    assert questions(tmp_path, GPQA, "again.csv")[0][0].problem == record.problem


@pytest.mark.parametrize("indent", [None, 2])
def test_a_task_of_big_bench_hard_lists_its_examples(tmp_path, indent):
    found, faults = questions(tmp_path, json.dumps(BBH, indent=indent), "object_counting.json")
    assert (keys(found), faults) == (["2", "B"], [])


def test_a_header_names_the_columns_of_an_own_file(tmp_path):
    text = '\ufeffid,question,A,B,answer,tags\none,Which?,yes,no,no,"x, y"\ntwo,"What is\n{it}?",,,7,\n'
    found, faults = questions(tmp_path, text, "own.csv")
    assert (keys(found), faults) == (["B", "7"], [])
    assert (found[0].problem.tags, found[1].problem.slug) == (("x", "y"), "two")


def test_a_question_is_a_folder_again(tmp_path):
    for name, text in (("mmlu.csv", MMLU), ("gpqa.csv", GPQA), ("bbh.json", json.dumps(BBH))):
        for record in questions(tmp_path, text, name)[0]:
            assert write(record, tmp_path / "folders")
            again = load_problem(tmp_path / "folders" / record.problem.slug)
            assert (again.hidden, again.visible, again.kind) == (
                record.problem.hidden,
                record.problem.visible,
                record.problem.kind,
            )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"question": "Q", "answer": None}, "expected text or a number in 'answer'"),
        ({"question": "Q", "answer": True}, "expected text or a number in 'answer'"),
        ({"question": "", "answer": "x"}, "expected a question"),
        ({"question": ["Q"], "answer": "x"}, "expected text in 'question'"),
        ({"question": "Q", "choices": ["a", "b"], "answer": "E"}, "one of 2 choices"),
        ({"question": "Q", "choices": ["a", "b"], "answer": 2}, "from 0 to 1"),
        ({"question": "Q", "choices": "a, b", "answer": "A"}, "expected a list in 'choices'"),
        ({"question": "Q", "choices": [["a"]], "answer": "A"}, "texts in 'choices'"),
        ({"question": "Q", "choices": ["a"] * 30, "answer": "A"}, "at most 26"),
        ({"question": "Q", "answer": "many", "form": "number"}, "of form 'number'"),
        ({"question": "Q", "answer": "x", "form": "tree"}, "expected one of choice"),
        ({"question": "Q" * 300_000, "answer": "x"}, "at most 200,000"),
        ({"question": "Q", "answer": "x" * 5000}, "expected an answer"),
        ({"question": "Q", "answer": "no mark ####"}, "expected an answer"),
    ],
)
def test_a_row_that_is_no_question_is_told_and_the_next_one_read(tmp_path, row, told):
    good = {"question": "Good?", "answer": "yes"}
    found, (fault,) = questions(tmp_path, f"{json.dumps(row)}\n{json.dumps(good)}\n")
    assert keys(found) == ["yes"]
    assert told in fault
    assert len(fault) < 500


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("question,answer\na\n", "expected 2 cells"),
        ("question,question\na,b\n", "a name of its own"),
        (f"{MMLU}only one\n", "four choices and a letter"),
        ('question,answer\n"never closed,1\n', "comma-separated values"),
        (f'question,answer\n"{"x" * 200_000}",1\n', "comma-separated values"),
        ("a,b\n1,2\n", "of no known format"),
    ],
)
def test_a_malformed_file_of_csv_is_told(tmp_path, text, told):
    _, faults = questions(tmp_path, text, "bad.csv")
    assert any(told in fault for fault in faults), faults


def test_a_folder_of_files_is_one_set_with_a_group_a_file(tmp_path):
    (tmp_path / "notes.txt").write_text("no rows")
    (tmp_path / "counting.json").write_text(json.dumps(BBH))
    (tmp_path / "gas.csv.gz").write_bytes(gzip.compress(b"question,answer\nWhich gas?,helium\n"))
    assert [(it.kind, it.problem.statement.split()[0]) for it in read(tmp_path)] == [
        ("counting", "Count:"),
        ("counting", "Q"),
        ("gas", "Which"),
    ]
    assert count(tmp_path) == 2  # lines, as for any file


def test_a_folder_without_files_of_rows_is_told_as_such(tmp_path):
    with pytest.raises(UsageError, match=r"it holds none of \.json, \.jsonl, \.csv"):
        list(read(tmp_path, format_="bbh"))


def test_the_format_that_a_row_has_is_told_where_another_was_asked_for(tmp_path):
    assert "those of the format gpqa" in questions(tmp_path, GPQA, "gpqa.csv", "questions")[1][0]


@pytest.mark.parametrize("answer", ["NaN", "1e999"])
def test_a_key_is_a_finite_number(tmp_path, answer):
    assert "a finite number" in questions(tmp_path, f'{{"question": "Q", "answer": {answer}}}\n')[1][0]
