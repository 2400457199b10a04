"""`coderefine import` as a user meets it."""

import json
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "formats" / "fixtures"


def test_a_set_is_imported_and_a_second_time_left_as_it_is(coderefine, tmp_path):
    done = coderefine("import", "generic", FIXTURES / "generic.jsonl", "-o", "set")
    assert (done.code, done.out) == (0, "4 problems imported into set\n")
    again = coderefine("import", "generic", FIXTURES / "generic.jsonl", "-o", "set", "--format", "json")
    assert json.loads(again.out) == {"imported": 0, "present": 4, "faults": []}
    checked = coderefine("verify", "set", "--sandbox", "local", "-q")
    assert "4 of 4 submissions" in checked.out


def test_bad_rows_are_reported_with_their_lines_and_the_rest_go_on(coderefine, tmp_path):
    done = coderefine("import", "humaneval", FIXTURES / "humaneval.jsonl", "-o", "set")
    assert done.code == 1
    assert "6 problems imported into set; 1 could not be read" in done.out
    assert "humaneval.jsonl, line 5: expected the prompt to define missing" in done.err
    assert len(list((tmp_path / "set").iterdir())) == 6


def test_a_file_of_another_format_gives_nothing(coderefine):
    done = coderefine("import", "mbpp", FIXTURES / "generic.jsonl", "-o", "set")
    assert done.code == 2
    assert "expected text in 'task_id'" in done.err


def test_a_format_that_is_not_known_is_a_usage_error(coderefine):
    done = coderefine("import", "apps", FIXTURES / "generic.jsonl", "-o", "set")
    assert done.code == 2
    assert "no format 'apps'; choose one of generic, evalplus, bigcodebench, humaneval" in done.err


def test_a_file_that_is_not_there_is_a_usage_error(coderefine):
    done = coderefine("import", "generic", "nowhere.jsonl", "-o", "set")
    assert done.code == 2
    assert "cannot read nowhere.jsonl" in done.err


def test_a_folder_that_cannot_be_written_is_a_usage_error(coderefine, tmp_path):
    (tmp_path / "set").write_text("a file")
    done = coderefine("import", "generic", FIXTURES / "generic.jsonl", "-o", "set")
    assert done.code == 2
    assert "cannot write" in done.err
