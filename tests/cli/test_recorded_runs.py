"""Recorded runs on the command line: refine, resume, replay, runs."""

import json
import re

import pytest

from tests.conftest import PROBLEMS

TWO_SUM = PROBLEMS / "two-sum"
OFF_BY_ONE = TWO_SUM / "submissions" / "wrong_answer" / "off_by_one.py"
LOCAL = ("--sandbox", "local")
HOPELESS = "class Solution:\n    def two_sum(self, nums, target):\n        raise NotImplementedError\n"


@pytest.fixture
def home(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("store") / "home"
    monkeypatch.setenv("CODEREFINE_HOME", str(folder))
    return folder


def refine(coderefine, *more):
    return coderefine("refine", "two-sum", OFF_BY_ONE, *LOCAL, *more)


def test_a_run_ends_with_its_id_which_the_list_shows(coderefine, home):
    run = re.search(r"· run (\w+)", refine(coderefine).err)[1]
    done = coderefine("runs", "list")
    assert done.code == 0
    header, row = done.out.splitlines()
    assert header.split() == ["run", "verdict", "problem", "models", "calls", "cost", "when"]
    assert row.startswith(f"{run}  WA → AC  two-sum  search")


def test_show_tells_each_step(coderefine, home):
    refine(coderefine)
    done = coderefine("runs", "show", "last")
    assert done.code == 0
    for part in ("two-sum", "before  WA  2 of 4", "iteration 1  search", "2 of 4 tests pass", "patch", "done  WA → AC"):
        assert part in done.out
    assert "-        for i in range(len(nums) - 1):" in done.out


def test_show_escapes_what_models_wrote(coderefine, home, scripted_server):
    with scripted_server(["\x1b[2Jgone", "nothing"]) as server:
        model = ("--model", "openai/scripted", "--api-base", server.url, "--max-calls", "2")
        coderefine("refine", "two-sum", "-", *LOCAL, *model, stdin=HOPELESS)
    done = coderefine("runs", "show", "last")
    assert "\x1b[2J" not in done.out


def test_a_replay_prints_the_same_diff_and_exits_alike(coderefine, home):
    first = refine(coderefine)
    again = coderefine("replay", "last")
    assert (again.code, again.out) == (first.code, first.out)
    assert "warning" not in again.err


def test_a_replay_writes_no_file(coderefine, home, tmp_path):
    target = tmp_path / "solution.py"
    target.write_text(OFF_BY_ONE.read_text())
    coderefine("refine", "two-sum", target, "-i", *LOCAL)
    target.write_text("x = 1\n")
    assert coderefine("replay", "last").code == 0
    assert target.read_text() == "x = 1\n"


def test_a_replay_says_where_it_differs_from_the_record(coderefine, home):
    import sqlite3

    refine(coderefine)
    with sqlite3.connect(home / "runs.db") as connection:
        connection.execute("UPDATE runs SET result = json_set(result, '$.candidates', 99)")
    connection.close()
    assert "the replay differs from what is recorded in: candidates" in coderefine("replay", "last").err


def test_a_failed_run_is_shown_and_resumed_with_a_larger_budget(coderefine, home, scripted_server, tmp_path):
    (tmp_path / "mine.py").write_text(HOPELESS)
    fixed = "```python\n" + (TWO_SUM / "submissions/accepted/hash_map.py").read_text() + "```"
    with scripted_server(["It is empty.", fixed]) as server:
        model = ("--model", "openai/scripted", "--api-base", server.url)
        first = coderefine("refine", "two-sum", "mine.py", "-i", *LOCAL, *model, "--max-calls", "1")
        assert (first.code, "the budget of 1 model call is spent" in first.err) == (1, True)
        assert "to go on: coderefine resume" in coderefine("runs", "show", "last").out
        done = coderefine("resume", "last", "--max-calls", "2")
    assert done.code == 0, done.err
    assert "1 call, 0 searches and 2 test reports are recorded" in done.err
    assert len(server.requests) == 2
    assert (tmp_path / "mine.py").read_text() == (TWO_SUM / "submissions/accepted/hash_map.py").read_text()


def test_a_resumed_run_leaves_a_file_alone_that_changed_meanwhile(coderefine, home, tmp_path):
    (tmp_path / "mine.py").write_text(OFF_BY_ONE.read_text())
    refine(coderefine)
    (tmp_path / "mine.py").write_text(OFF_BY_ONE.read_text())
    assert coderefine("refine", "two-sum", "mine.py", *LOCAL).code == 0
    (tmp_path / "mine.py").write_text("changed = 1\n")
    done = coderefine("resume", "last", "--in-place")
    assert "has changed since the run began; it is left alone" in done.err
    assert (tmp_path / "mine.py").read_text() == "changed = 1\n"
    assert done.out.startswith("--- a/mine.py")


def test_each_command_has_a_json_form(coderefine, home):
    first = json.loads(refine(coderefine, "--format", "json").out)
    run = first["run"]
    assert [row["id"] for row in json.loads(coderefine("runs", "list", "--format", "json").out)] == [run]
    assert json.loads(coderefine("runs", "show", run, "--format", "json").out)["steps"][0]["engine"] == "search"
    assert json.loads(coderefine("runs", "path", "--format", "json").out) == {"path": str(home / "runs.db")}
    assert json.loads(coderefine("runs", "export", run[:5], "--format", "json").out)["run"]["id"] == run
    for command in ("replay", "resume"):
        again = json.loads(coderefine(command, run, "--format", "json").out)
        assert {**again, "seconds": 0} == {**first, "seconds": 0}


def test_path_prints_where_the_store_is_or_will_be(coderefine, home, tmp_path):
    assert coderefine("runs", "path").out == f"{home / 'runs.db'}\n"
    assert coderefine("runs", "path", "--home", tmp_path / "x").out == f"{tmp_path / 'x' / 'runs.db'}\n"


def test_a_list_of_no_runs_is_empty_and_makes_no_store(coderefine, home):
    done = coderefine("runs", "list")
    assert (done.code, done.out, "no runs yet" in done.err) == (0, "", True)
    assert not home.exists()


@pytest.mark.parametrize("args", [["resume", "zzz"], ["replay", "zzz"], ["runs", "show", "zzz"], ["runs", "export", "zzz"]])  # fmt: skip
@pytest.mark.parametrize("any_runs", [False, True])
def test_an_unknown_run_is_a_usage_error(coderefine, home, args, any_runs):
    if any_runs:
        refine(coderefine)
    done = coderefine(*args)
    assert done.code == 2
    assert "runs" in done.err or "no run" in done.err


def test_a_store_that_cannot_be_made_is_told_once_and_loses_no_run(coderefine, tmp_path):
    (tmp_path / "file").write_text("")
    done = refine(coderefine, "--home", tmp_path / "file" / "home")
    assert (done.code, done.out[:4]) == (0, "--- ")
    assert done.err.count("warning") == 1
    assert "recording failed; the run goes on" in done.err
    assert "· run" not in done.err


@pytest.mark.parametrize("args", [["resume", "last"], ["replay", "last"], ["runs", "show", "last"], ["runs", "list"]])
def test_a_store_that_cannot_be_read_is_an_error_of_the_environment_where_it_is_needed(coderefine, home, args):
    home.mkdir()
    (home / "runs.db").write_text("this is no database " * 100)
    done = coderefine(*args)
    assert done.code == 3
    assert "runs.db failed" in done.err
    assert "Traceback" not in done.err


def test_a_replay_that_would_need_more_says_what_to_type(coderefine, home):
    import sqlite3

    refine(coderefine)
    with sqlite3.connect(home / "runs.db") as connection:
        connection.execute("DELETE FROM searches")
    connection.close()
    done = coderefine("replay", "last")
    assert done.code == 3
    assert "a search would be needed" in done.err
    assert "coderefine resume" in done.err


def test_the_cache_option_answers_from_earlier_runs(coderefine, home, scripted_server, tmp_path):
    fixed = "```python\n" + (TWO_SUM / "submissions/accepted/hash_map.py").read_text() + "```"
    with scripted_server(["It is empty.", fixed]) as server:
        args = ("refine", "two-sum", "-", *LOCAL, "--model", "openai/scripted", "--api-base", server.url, "--cache")
        assert coderefine(*args, stdin=HOPELESS).code == 0
        again = coderefine(*args, stdin=HOPELESS)
    assert (again.code, "0 calls + 2 cached · $0" in again.err) == (0, True)
    assert "0 + 2 cached" in coderefine("runs", "list").out


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 3000, "3" * 5000, "[" * 990 + "]" * 990, '{"a": 1e999, "b": ' + "9" * 5000 + "}"]
)
def test_a_record_that_cannot_be_read_is_an_error_in_a_line(coderefine, home, recorded, tmp_path, text):
    import sqlite3

    with sqlite3.connect(home / "runs.db") as connection:
        connection.execute("UPDATE reports SET report = ?", (text,))
        connection.execute("UPDATE runs SET result = ?, options = ?", (text, text))
    connection.close()
    for command in (
        ["runs", "show", "last"],
        ["replay", "last"],
        ["report", "last", "-o", tmp_path / "page.html"],
        ["resume", "last"],
    ):
        done = coderefine(*command)
        assert done.code in (2, 3), (command, done)
        assert "Traceback" not in done.err
        assert "error: " in done.err


@pytest.fixture
def recorded(coderefine, home):
    refine(coderefine)
