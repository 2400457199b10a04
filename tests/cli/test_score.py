"""`coderefine score` as a user meets it: tables, formats, files, exit codes."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import PROBLEMS
from tests.scripted_server import serve

GENERIC = Path(__file__).parent.parent / "formats" / "fixtures" / "generic.jsonl"
LOCAL = ("--sandbox", "local")


@pytest.fixture
def given(tmp_path):
    """A right and a wrong solution of one bundled problem, and a right one of another."""
    folder = tmp_path / "given"
    for slug, names in {
        "two-sum": ["accepted/hash_map", "wrong_answer/off_by_one"],
        "mirror-tree": ["accepted/recursive"],
    }.items():
        (folder / slug).mkdir(parents=True)
        for name in names:
            source = (PROBLEMS / slug / "submissions" / f"{name}.py").read_text()
            (folder / slug / f"{Path(name).name}.py").write_text(source)
    return folder


def run_id(text):
    return text.rpartition("run ")[2].split()[0]


def test_given_solutions_are_scored_in_a_table(coderefine, given):
    done = coderefine("score", "two-sum", "mirror-tree", "--solutions", given, *LOCAL)
    assert done.code == 0, done.err
    assert "completed         75.0 %" in done.out
    assert "verdicts  AC 2  WA 1" in done.out
    assert "3 attempts" in done.out
    assert done.err.startswith("two-sum and 1 more  sandbox: local")


def test_a_file_is_scored_with_the_programs_it_brought_and_after_their_refinement(coderefine):
    done = coderefine("score", GENERIC, "--refine", "--iterations", 1, *LOCAL, "--format", "json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found["summary"]["before"]["mean"] == 0
    assert found["summary"]["after"]["mean"] >= 0.25
    assert found["summary"]["regressions"] == 0
    assert next(row["slug"] for row in found["attempts"]) == "shop-discounts-largest-discount"
    assert {row["refinement"] is not None for row in found["attempts"]} == {True}


def test_what_cannot_be_scored_leaves_no_run(coderefine, given):
    (given / "mirror-tree").rename(given / "unknown")
    for problem, solutions in (("two-sum", "nowhere"), ("mirror-tree", given)):
        done = coderefine("score", problem, "--solutions", solutions, *LOCAL, "--home", "new")
        assert (done.code, done.err.splitlines()[-1].startswith("error: ")) == (2, True)
    assert coderefine("runs", "list", "--home", "new", "--format", "json").out == "[]\n"


@pytest.mark.parametrize(("rate", "code"), [(0.75, 0), (0.76, 1)])
def test_a_completion_rate_below_what_is_demanded_is_exit_code_1(coderefine, given, rate, code):
    done = coderefine("score", "two-sum", "mirror-tree", "--solutions", given, "--fail-under", rate, *LOCAL)
    assert done.code == code


def scored(coderefine, given, format_, *more):
    done = coderefine("score", "two-sum", "mirror-tree", "--solutions", given, *LOCAL, "--format", format_, *more)
    assert done.code == 0, done.err
    return done.out


def test_json_lines_have_a_line_an_attempt_and_one_for_the_whole(coderefine, given):
    *attempts, last = map(json.loads, scored(coderefine, given, "jsonl").splitlines())
    assert [(row["slug"], row["sample"], row["verdict_before"]) for row in attempts] == [
        ("two-sum", 1, "AC"),
        ("two-sum", 2, "WA"),
        ("mirror-tree", 1, "AC"),
    ]
    assert last["summary"]["problems"] == 2


def test_csv_has_a_line_an_attempt(coderefine, given):
    rows = list(csv.DictReader(io.StringIO(scored(coderefine, given, "csv"))))
    assert [row["right_before"] for row in rows] == ["True", "False", "True"]
    assert ["-" in row["cases_before"] for row in rows] == [False, True, False]
    rows = list(csv.DictReader(io.StringIO(scored(coderefine, given, "csv", "--all-tests"))))
    assert ["-" in row["cases_before"] for row in rows] == [False, False, False]


def test_junit_has_a_test_for_each_attempt(coderefine, given):
    suite = ET.fromstring(scored(coderefine, given, "junit"))
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
    }
    (failed,) = [case for case in suite if len(case)]
    assert failed.get("name") == "two-sum #2"
    assert failed[0].get("message").startswith("WA: fails visible tests")


def test_github_is_told_of_what_is_not_right(coderefine, given):
    lines = scored(coderefine, given, "github").splitlines()
    assert lines[0].startswith("::error title=two-sum #2::WA: fails visible tests (")
    assert lines[-1].startswith("::notice title=coderefine score::75.0%25 of 2 problems completed")
    assert len(lines) == 2


def test_a_result_can_be_written_to_a_file(coderefine, given, tmp_path):
    assert scored(coderefine, given, "json", "-o", "out.json") == ""
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["attempts"] == 3


def test_a_scoring_run_is_listed_shown_exported_and_compared(coderefine, given, tmp_path):
    home = ("--home", tmp_path / "home")
    first = run_id(coderefine("score", "two-sum", "mirror-tree", "--solutions", given, *LOCAL, *home).out)
    (given / "two-sum" / "off_by_one.py").unlink()
    second = run_id(coderefine("score", "two-sum", "mirror-tree", "--solutions", given, *LOCAL, *home).out)
    listed = coderefine("runs", "list", *home).out
    assert "75.0%" in listed
    assert "100.0%" in listed
    assert "completed         75.0 %" in coderefine("runs", "show", first, *home).out
    assert len(json.loads(coderefine("runs", "export", first, *home).out)["scores"]) == 3
    compared = coderefine("score", "compare", first, second, *home, "--format", "json")
    found = json.loads(compared.out)
    assert (found["first"], found["second"], found["better"], found["worse"]) == (0.75, 1.0, ["two-sum"], [])
    text = coderefine("score", "compare", first, second, *home).out
    assert "difference  +25.0 %" in text
    assert "agreement" in text
    table = coderefine("score", "compare", first, second, first, *home).out
    assert table.splitlines()[1].startswith(second)
    ranked = json.loads(coderefine("score", "compare", first, second, first, *home, "--format", "json").out)
    assert [it["run"] for it in ranked] == [second, first, first]
    assert coderefine("score", "compare", first, *home).code == 2


def test_a_scoring_run_is_resumed_by_its_own_command_only(coderefine, given, tmp_path):
    home = ("--home", tmp_path / "home")
    coderefine("score", "two-sum", "--solutions", given, *LOCAL, *home)
    done = coderefine("resume", "last", *home)
    assert done.code == 2
    assert "coderefine score --resume" in done.err
    again = coderefine("score", "--resume", "last", *home)
    assert again.code == 0
    assert "2 attempts" in again.out
    redone = coderefine("score", "--resume", "last", "--redo", "two-sum", *home, "--format", "json")
    assert json.loads(redone.out)["summary"]["attempts"] == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "name the PROBLEMS"),
        (["two-sum"], "no solution to any"),
        (["two-sum", "--generate"], "needs a language model"),
        (["two-sum", "--generate", "--model", "search"], "needs a language model"),
        (["two-sum", "-k", "3"], "-k is the number of drafts"),
        (["two-sum", "--solutions", "nowhere"], "no such folder or file"),
        (["two-sum", "--redo", "x"], "--redo needs --resume"),
        (["--resume", "last", "--all-tests"], "goes on with what the run was asked for"),
        (["nowhere"], "no such problem directory"),
        (["nowhere.jsonl"], "nowhere.jsonl: there is no such file"),
        (["empty.jsonl"], "empty.jsonl: there is no problem in it that can be read"),
        (["unknown.jsonl"], "unknown.jsonl: there is no problem in it that can be read"),
        (["two-sum", "--max-seconds", "abc"], "'abc' is not a valid number"),
    ],
)
def test_what_cannot_be_scored_is_a_usage_error(coderefine, tmp_path, args, message):
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "unknown.jsonl").write_text('{"a": 1}')
    done = coderefine("score", *args, *LOCAL)
    assert done.code == 2
    assert message in done.err


def test_rows_that_cannot_be_read_are_told_and_the_rest_are_scored(coderefine, tmp_path):
    (tmp_path / "set.jsonl").write_text("{}\n" + GENERIC.read_text().splitlines()[0])
    done = coderefine("score", "set.jsonl", *LOCAL)
    assert done.code == 0
    assert "set.jsonl, line 1: of no known format" in done.err
    assert "1 attempt " in done.out


def test_solutions_of_no_problem_are_told(coderefine, given):
    done = coderefine("score", "two-sum", "--solutions", given, *LOCAL)
    assert "left out" not in done.err
    (given / "other.py").write_text("x = 1")
    done = coderefine("score", "two-sum", "--solutions", given, *LOCAL)
    assert "solutions of no problem in the set are left out: other" in done.err


def test_a_failing_model_is_exit_code_3_and_ends_in_a_run_that_can_be_resumed(coderefine, scripted_server):
    refusal = {"status": 401, "body": {"error": {"message": "no"}}}
    with scripted_server([refusal]) as server:
        asked = ("--generate", "--model", "openai/scripted", "--api-base", server.url)
        done = coderefine("score", "two-sum", *asked, *LOCAL, env={"NO_PROXY": "127.0.0.1"})
    assert done.code == 3
    assert "1 failed" in done.out


def test_ctrl_c_leaves_a_run_that_can_be_resumed(tmp_path):
    import os
    import signal
    import subprocess
    import sys
    import time

    from coderefine.record.store import Store
    from tests.benchmarks.score import make_set

    problems, solutions = make_set(tmp_path, 40, 3)
    command = [sys.executable, "-m", "coderefine", "score"]
    home = ["--home", tmp_path / "home"]
    process = subprocess.Popen(
        [*command, problems, "--solutions", solutions, *home, *LOCAL],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    kept = 0
    while kept < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
        if (tmp_path / "home" / "runs.db").exists():
            with Store.open(tmp_path / "home") as store:
                kept = store.rows("SELECT COUNT(*) AS n FROM scores")[0]["n"]
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"to go on: coderefine score --resume" in err
    done = subprocess.run([*command, "--resume", "last", *home], capture_output=True, env=os.environ, check=False)
    assert done.returncode == 0
    assert b"120 attempts" in done.stdout


SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent.parent.parent / "docs" / "score.schema.json").read_text(encoding="utf-8"))
)
DOCUMENTS = {
    "given": ("two-sum", "mirror-tree"),
    "refined": (GENERIC, "--refine", "--iterations", 1, "--limit", 2),
    "examples": (GENERIC.with_name("humaneval.jsonl"), "--solutions", "oracle"),
    "base and plus": (GENERIC.with_name("evalplus.jsonl"), "--solutions", "oracle", "--all-tests"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_as_its_schema_says(coderefine, given, name):
    more = ("--solutions", given) if name == "given" else ()
    done = coderefine("score", *DOCUMENTS[name], *more, *LOCAL, "--format", "json")
    found = json.loads(done.out)
    SCHEMA.check_schema(SCHEMA.schema)
    assert [*SCHEMA.iter_errors(found)] == []
    lines = coderefine("score", *DOCUMENTS[name], *more, *LOCAL, "--format", "jsonl").out.splitlines()
    whole = json.loads(lines[-1]) | {"attempts": list(map(json.loads, lines[:-1]))}
    assert [*SCHEMA.iter_errors(whole)] == []
    for broken in (found | {"version": 2}, found | {"summary": found["summary"] | {"gain": None}}):
        assert [*SCHEMA.iter_errors(broken)]
    del found["attempts"][0]["cases_before"]
    assert [*SCHEMA.iter_errors(found)]


def test_questions_are_scored_with_votes(coderefine, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "prompt.txt").write_text("Be quick, $you {and} 100%.")
    answers = ["Answer: 10", "Answer: 9", "So:\nAnswer: 10", "Answer: 10", "none\nat all"]
    with serve(answers) as server:
        asked = (
            "--generate",
            "-k",
            5,
            "--prompt",
            "prompt.txt",
            "--model",
            "openai/scripted",
            "--api-base",
            server.url,
        )
        done = coderefine("score", GENERIC.with_name("gsm8k.jsonl"), "--limit", 1, *asked, *LOCAL, "--format", "json")
        table = coderefine("score", GENERIC.with_name("gsm8k.jsonl"), "--solutions", "oracle", *LOCAL)
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert [*SCHEMA.iter_errors(found)] == []
    votes = found["summary"]["votes"]
    assert (votes["majority_at"]["5"]["mean"], votes["consistency"]["mean"], votes["unread"]) == (1, 0.6, 1)
    assert found["summary"]["after"]["mean"] == pytest.approx(0.6)
    assert {request.system for request in server.requests} == {"Be quick, $you {and} 100%."}
    assert "completed         100.0 %" in table.out
    assert "self-consistency" in table.out
