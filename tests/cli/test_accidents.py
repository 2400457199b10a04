"""Whatever fails beside the repair, the result is handed over, with the exit code that it deserves and one line."""

import contextlib
import errno
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from coderefine.cli import live, narrator, outcome, show
from coderefine.judge.judge import Judge
from coderefine.progress import ProgressReporter
from coderefine.record.store import Store
from coderefine.refining import hardening, workbench
from coderefine.runs import listing
from coderefine.search.engine import SearchLoss, SearchOptimizer
from tests.conftest import PROBLEMS

TWO_SUM = PROBLEMS / "two-sum" / "submissions"
WRONG = TWO_SUM / "wrong_answer" / "off_by_one.py"
RIGHT = TWO_SUM / "accepted" / "hash_map.py"
WHOLE = f"```python\n{RIGHT.read_text('utf-8')}```\n"
REPAIRED = "+        for i in range(len(nums)):"
ERRORS = {
    "a bug": RuntimeError("something is odd"),
    "a database": sqlite3.OperationalError("database is locked"),
    "a full disk": OSError(errno.ENOSPC, "No space left on device"),
    "deep recursion": RecursionError("maximum recursion depth exceeded"),
}
two_errors = pytest.mark.parametrize("error", [ERRORS["a bug"], ERRORS["deep recursion"]], ids=str)

# Where it fails: what is replaced, and how the line names it.
STAGES = {
    "hardening": (hardening, "compare", "hardening"),
    "a choice of hardening": (hardening.Hardening, "tests", "hardening"),
    "warming up": (Judge, "prefetch", "warming up the sandbox"),
    "the start of the story": (narrator.Narrator, "start", "reporting the start"),
    "an iteration of the story": (narrator.Narrator, "iteration", "reporting an iteration"),
    "the end of the story": (narrator.Narrator, "_end", "reporting the end"),
    "the live display": (narrator, "live", "the live display"),
    "opening the store": (Store, "open", "recording"),
    "beginning the record": (listing, "begin", "recording"),
    "locking the run": (listing, "lock_run", "recording"),
    "adding to the record": (Store, "insert", "recording"),
    "changing the record": (Store, "execute", "recording"),
    "closing the store": (Store, "close", "closing the store of runs"),
    "showing the change": (show, "print_diff", "showing the change"),
}


@pytest.fixture
def refine(coderefine, monkeypatch, any_judge):
    """Return `run(*arguments)`, which refines in this process, with a home of its own and a sandbox that stays open."""
    from coderefine.cli import refining as command

    def run(*arguments, program=WRONG, judge=None):
        opened = judge or contextlib.nullcontext(any_judge)
        monkeypatch.setattr(command, "open_judge", lambda *_: opened)
        return coderefine("refine", "two-sum", program, "--home", "home", *arguments)

    return run


def fail(monkeypatch, where, name, error):
    def failing(*_, **__):
        raise type(error)(*error.args)  # a new one, which was raised nowhere else

    monkeypatch.setattr(where, name, failing)


def one_line(text, stage):
    """Return the line that names the stage; there is one warning, and no traceback."""
    assert "Traceback" not in text
    (line,) = [line for line in text.splitlines() if line.startswith("warning: ")]
    assert line.startswith(f"warning: {stage} failed; "), line
    return line


@pytest.mark.parametrize(
    ("stage", "error"),
    # Each stage, and each error: what catches them is the same everywhere.
    [
        *((stage, ERRORS["a bug"]) for stage in STAGES),
        *(("locking the run", error) for error in [*ERRORS.values()][1:]),
    ],
)
def test_a_stage_that_fails_costs_nothing_but_itself(refine, monkeypatch, stage, error):
    where, name, named = STAGES[stage]
    fail(monkeypatch, where, name, error)
    done = refine()
    assert done.code == 0, done.err
    assert REPAIRED.removeprefix("+") in done.out
    line = one_line(done.err, named)
    assert type(error).__name__ in line or "database is locked" in line or "No space left" in line


@two_errors
def test_evidence_that_cannot_be_had_is_done_without(refine, monkeypatch, scripted_server, error):
    fail(monkeypatch, workbench, "with_evidence", error)
    with scripted_server(["The last number is left out.", WHOLE]) as server:
        done = refine("--model", "openai/scripted", "--api-base", server.url, "--no-harden")
    assert (done.code, bool(done.out)) == (0, True)
    one_line(done.err, "gathering evidence")


@two_errors
@pytest.mark.parametrize(("where", "name"), [(SearchLoss, "__call__"), (SearchOptimizer, "step")])
def test_after_an_engine_that_breaks_the_next_one_goes_on(refine, monkeypatch, scripted_server, where, name, error):
    fail(monkeypatch, where, name, error)
    with scripted_server(["The last number is left out.", WHOLE]) as server:
        done = refine("--model", "search", "--model", "openai/scripted", "--api-base", server.url, "--no-harden")
    assert (done.code, bool(done.out)) == (0, True)
    one_line(done.err, "the engine search")


def test_an_engine_that_breaks_alone_leaves_the_program_as_it_is(refine, monkeypatch):
    fail(monkeypatch, SearchOptimizer, "step", ERRORS["a bug"])
    done = refine()
    assert (done.code, done.out) == (1, "")
    assert "not accepted: the engine search failed; the program is unchanged" in done.err


def test_the_line_says_what_failed_and_where(refine, monkeypatch):
    fail(monkeypatch, hardening, "compare", ERRORS["a bug"])
    line = one_line(refine().err, "hardening")
    assert line.endswith(": something is odd")
    assert "RuntimeError in test_accidents.py:" in line
    assert "called in refining/hardening.py:" in line


@two_errors
def test_a_sandbox_that_does_not_close_costs_no_result(refine, any_judge, error):
    @contextlib.contextmanager
    def opened():
        yield any_judge
        raise error

    done = refine(judge=opened())
    assert done.code == 0
    assert REPAIRED in done.out
    one_line(done.err, "closing the sandbox")


@two_errors
def test_progress_that_cannot_be_told_is_told_of_once(refine, monkeypatch, error):
    def failing(moment):
        raise error

    @contextlib.contextmanager
    def broken(*_):
        yield failing

    monkeypatch.setattr(narrator, "live", broken)
    done = refine()
    assert (done.code, REPAIRED in done.out) == (0, True)
    one_line(done.err, "reporting progress")


def test_a_live_display_that_cannot_be_taken_down_costs_no_result(refine, monkeypatch):
    @contextlib.contextmanager
    def broken(*_):
        yield lambda _: None
        raise ERRORS["a bug"]

    monkeypatch.setattr(narrator, "live", broken)
    done = refine()
    assert (done.code, REPAIRED in done.out) == (0, True)
    one_line(done.err, live.LIVE)


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_a_run_that_is_not_recorded_says_that_it_cannot_be_resumed(refine, monkeypatch, error):
    fail(monkeypatch, Store, "insert", error)
    assert "it cannot be resumed" in one_line(refine().err, "recording")


def test_a_result_that_has_no_json_keeps_its_main_fields(refine, monkeypatch):
    from coderefine.result import Result

    fail(monkeypatch, Result, "to_json", ERRORS["deep recursion"])
    done = refine("--format", "json")
    data = json.loads(done.out)
    assert (done.code, data["accepted"]) == (0, True)
    assert REPAIRED in data["diff"]
    assert "writing the result in full failed" in done.err


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_program_that_cannot_be_written_to_its_file_is_printed(refine, monkeypatch, format_):
    fail(monkeypatch, outcome, "write_whole", ERRORS["a full disk"])
    done = refine("-o", "there.py", "--format", format_)
    assert (done.code, "No space left" in done.err, "Traceback" in done.err) == (3, True, False)
    assert "for i in range(len(nums)):" in (json.loads(done.out)["source"] if format_ == "json" else done.out)


def test_what_failed_is_in_the_json_result(refine, monkeypatch):
    fail(monkeypatch, hardening, "compare", ERRORS["a bug"])
    (line,) = json.loads(refine("--format", "json").out)["accidents"]
    assert line.startswith("hardening failed; the result stands as it is: RuntimeError")


@pytest.mark.parametrize("where", [(hardening, "compare"), (narrator.Narrator, "iteration")])
def test_ctrl_c_in_a_stage_is_still_ctrl_c(refine, monkeypatch, where):
    fail(monkeypatch, *where, KeyboardInterrupt())
    done = refine()
    assert (done.code, REPAIRED in done.out) == (130, True)


def test_an_exit_asked_for_in_a_stage_is_still_one(refine, monkeypatch):
    fail(monkeypatch, hardening, "compare", SystemExit(7))
    assert refine().code == 7


def test_a_run_whose_hardening_failed_is_replayed_and_resumed(refine, coderefine, monkeypatch):
    fail(monkeypatch, hardening, "compare", ERRORS["a bug"])
    first = refine()
    monkeypatch.undo()
    for command in (("replay", "last"), ("resume", "last", "--sandbox", "local")):
        done = coderefine(*command, "--home", "home")
        assert (done.code, done.out) == (0, first.out), done.err
        assert "differs" not in done.err


def test_a_run_whose_search_broke_is_replayed_as_it_went(refine, coderefine, monkeypatch, scripted_server):
    fail(monkeypatch, SearchOptimizer, "step", ERRORS["a bug"])
    with scripted_server(["The last number is left out.", WHOLE]) as server:
        first = refine("--model", "search", "--model", "openai/scripted", "--api-base", server.url, "--no-harden")
    done = coderefine("replay", "last", "--home", "home")
    assert (done.code, done.out) == (0, first.out)
    one_line(done.err, "the engine search")


def test_a_bug_before_there_is_any_result_is_an_error_in_one_line(refine, monkeypatch):
    fail(monkeypatch, ProgressReporter, "doing", ERRORS["a bug"])
    done = refine()
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[-1].startswith("error: RuntimeError in ")
    assert "Traceback" not in done.err


@pytest.mark.parametrize("where", ["/dev/full", "a pipe that nobody reads"])
def test_a_story_that_cannot_be_told_at_all_costs_no_result(tmp_path, where):
    if where == "/dev/full":
        err = os.open(where, os.O_WRONLY)
    else:
        read, err = os.pipe()
        os.close(read)
    command = [sys.executable, "-m", "coderefine", "refine", "two-sum", WRONG, "--sandbox", "local"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=err, cwd=tmp_path, text=True, check=False)
    os.close(err)
    assert (done.returncode, REPAIRED in done.stdout) == (0, True)
