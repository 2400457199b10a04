"""The store: its file, its schema, several writers at once, and what it does where it cannot work."""

import contextlib
import multiprocessing
import os
import signal
import sqlite3
import stat
import threading
import time

import pytest

from coderefine.budget import Budget
from coderefine.engine import Engine, StepReport
from coderefine.errors import StoreError, UsageError
from coderefine.loop import refine
from coderefine.patch import Patch
from coderefine.record import store
from coderefine.record.journal import Journal
from coderefine.record.schema import MIGRATIONS
from coderefine.record.store import Store
from coderefine.record.writer import Recording
from coderefine.refining.options import RefineOptions
from coderefine.runs import listing
from tests.conftest import PROBLEMS
from tests.plain_judge import PlainJudge, criticise
from tests.samples import CODE, FIXED, PROBLEM


def problem(digest="d"):
    return {"digest": digest, "slug": "s", "data": "{}"}


def test_the_directory_and_the_file_are_the_users_alone(tmp_path):
    with Store.open(tmp_path / "home") as opened:
        opened.insert("problems", problem())
        files = list((tmp_path / "home").iterdir())
        assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert {file.name for file in files} == {"runs.db", "runs.db-wal", "runs.db-shm"}


def test_the_place_is_what_the_option_says_then_the_environment_then_the_platform(tmp_path, monkeypatch):
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "a"))
    assert store.home(tmp_path / "b") == tmp_path / "b"
    assert store.home() == tmp_path / "a"
    monkeypatch.delenv("CODEREFINE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store.home() == tmp_path / "coderefine"


def test_what_was_written_is_there_after_it_is_opened_again(tmp_path):
    with Store.open(tmp_path) as opened:
        opened.insert("problems", problem())
    with Store.open(tmp_path, create=False) as opened:
        assert opened.rows("SELECT * FROM problems") == [problem()]


def test_each_write_survives_a_power_cut(tmp_path):
    with Store.open(tmp_path) as opened:
        (mode,) = opened.rows("PRAGMA journal_mode")
        (sync,) = opened.rows("PRAGMA synchronous")
    assert (mode["journal_mode"], sync["synchronous"]) == ("wal", 2)


def test_a_store_that_is_not_there_is_not_made_by_looking(tmp_path):
    with pytest.raises(UsageError, match="no runs yet"):
        Store.open(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()


def test_a_row_cannot_belong_to_a_run_that_is_not_there(tmp_path):
    with Store.open(tmp_path) as opened, pytest.raises(StoreError, match="FOREIGN KEY"):
        opened.insert("steps", {"run": "nobody", "number": 1, "engine": "", "criticism": ""})


def test_a_store_of_a_newer_coderefine_is_refused_untouched(tmp_path):
    with Store.open(tmp_path) as opened:
        opened.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="newer coderefine"):
        Store.open(tmp_path)


def test_an_older_store_is_migrated_and_keeps_its_rows(tmp_path, monkeypatch):
    with Store.open(tmp_path) as opened:
        opened.insert("problems", problem())
    monkeypatch.setattr(store, "MIGRATIONS", (*MIGRATIONS, "ALTER TABLE problems ADD COLUMN title TEXT;\n"))
    with Store.open(tmp_path) as opened:
        assert opened.rows("SELECT * FROM problems") == [{**problem(), "title": None}]


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    with Store.open(tmp_path):
        pass
    monkeypatch.setattr(store, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE extra (x);\nnonsense;\n"))
    with pytest.raises(StoreError):
        Store.open(tmp_path)
    tables = sqlite3.connect(tmp_path / "runs.db").execute("SELECT name FROM sqlite_master").fetchall()
    assert ("extra",) not in tables


@pytest.mark.parametrize("obstacle", ["file", "garbage", "directory"])
def test_a_place_that_cannot_hold_a_store_is_an_error_of_ours(tmp_path, obstacle):
    if obstacle == "file":
        (tmp_path / "home").write_text("")
    elif obstacle == "garbage":
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "runs.db").write_text("this is no database " * 100)
    else:
        (tmp_path / "home" / "runs.db").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"runs\.db failed"):
        Store.open(tmp_path / "home")


def _write(directory, name, start):
    start.wait()
    with Store.open(directory) as opened:
        for i in range(50):
            opened.insert("problems", problem(f"{name}-{i}"))


def test_several_processes_make_and_write_one_store_at_once(tmp_path):
    context = multiprocessing.get_context("fork")
    start = context.Event()
    processes = [context.Process(target=_write, args=(tmp_path, name, start)) for name in range(6)]
    for process in processes:
        process.start()
    start.set()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 6
    with Store.open(tmp_path) as opened:
        assert opened.rows("SELECT COUNT(*) AS n FROM problems") == [{"n": 300}]


def test_threads_may_share_a_store(tmp_path):
    with Store.open(tmp_path) as opened:
        threads = [
            threading.Thread(target=lambda n=n: [opened.insert("problems", problem(f"{n}-{i}")) for i in range(20)])
            for n in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert opened.rows("SELECT COUNT(*) AS n FROM problems") == [{"n": 100}]


def test_text_that_no_database_can_hold_is_an_error_of_ours(tmp_path):
    with Store.open(tmp_path) as opened, pytest.raises(StoreError):
        opened.insert("problems", problem("\ud800"))


def test_every_column_is_documented():
    documented = (PROBLEMS.parent / "docs" / "store.md").read_text(encoding="utf-8")
    connection = sqlite3.connect(":memory:")
    for script in MIGRATIONS:
        connection.executescript(script)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        assert f"## {table}" in documented
        section = documented.split(f"## {table}")[1].split("\n## ")[0]
        for row in connection.execute(f"PRAGMA table_info({table})"):
            assert f"`{row[1]}`" in section, f"{table}.{row[1]}"


def test_rows_are_replaced_together_or_not_at_all(tmp_path):
    with Store.open(tmp_path) as opened:
        opened.insert("problems", problem("a"))
        opened.replace_all("problems", [{**problem("a"), "slug": "new"}, problem("b")])
        assert [row["slug"] for row in opened.stream("SELECT slug FROM problems ORDER BY digest")] == ["new", "s"]
        with pytest.raises(StoreError):
            opened.replace_all("problems", [problem("c"), {**problem("d"), "slug": None}])
        assert len(opened.rows("SELECT 1 FROM problems")) == 2


class Interrupted:
    """A connection at which Ctrl-C is noticed right after a statement."""

    def __init__(self, connection, after):
        self._connection, self._after = connection, after

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, sql, *parameters):
        found = self._connection.execute(sql, *parameters)
        if sql == self._after:
            raise KeyboardInterrupt
        return found


@pytest.mark.parametrize(("after", "written"), [("BEGIN IMMEDIATE", []), ("COMMIT", [problem("a")])])
def test_an_interrupt_beside_a_transaction_is_no_error_of_the_store(tmp_path, after, written):
    with Store.open(tmp_path) as opened:
        whole, opened._connection = opened._connection, Interrupted(opened._connection, after)
        with pytest.raises(KeyboardInterrupt):
            opened.replace_all("problems", [problem("a")])
        opened._connection = whole
        assert opened.rows("SELECT * FROM problems") == written
        opened.replace_all("problems", [problem("b")])


@contextlib.contextmanager
def locked(directory):
    """Have another connection hold the lock of writers."""
    other = sqlite3.connect(directory / "runs.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


def test_a_locked_store_is_waited_for_as_long_as_is_said(tmp_path):
    with Store.open(tmp_path, patience_s=0.3) as opened, locked(tmp_path) as other:
        with pytest.raises(StoreError, match="database is locked"):
            opened.insert("problems", problem("a"))
        with pytest.raises(StoreError, match="database is locked"):
            opened.replace_all("problems", [problem("a")])
        threading.Timer(0.5, other.execute, ["COMMIT"]).start()
        opened.insert("problems", problem("b"), patience_s=60)
        assert opened.rows("SELECT digest FROM problems") == [{"digest": "b"}]


def test_a_schema_that_cannot_be_made_tells_its_own_cause(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "MIGRATIONS", ("CREATE TABLE one (a);\nROLLBACK;\nCREATE TABLE one two",))
    with pytest.raises(StoreError, match="syntax error"):
        Store.open(tmp_path)


def recorded(home, budget, step):
    """Refine with a locked store and an engine whose patch is to be written down; return result, seconds, warnings."""
    warned = []

    class Steps:
        step_report = StepReport()

        def __init__(self, code):
            self.code = code

        def step(self):
            stack.enter_context(locked(home))
            return step(self.code)

    engine = Engine("mine", criticise, Steps)
    options = RefineOptions(budget=budget, harden=False)
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(Store.open(home))
        run = listing.begin(opened, PROBLEM, CODE, {}, backend="local")
        journal = Journal(Recording(opened, run, warned.append))
        began = time.monotonic()
        result = refine(
            PROBLEM,
            CODE,
            judge=PlainJudge(),
            engines=lambda bench: bench.journal.search(engine, bench.meter),
            options=options,
            journal=journal,
        )
        return result, time.monotonic() - began, warned


def test_a_store_that_is_locked_in_mid_run_costs_no_more_than_its_time(tmp_path):
    result, seconds, warned = recorded(tmp_path, Budget(max_seconds=1), lambda code: (Patch(CODE, FIXED),))
    assert result.source == FIXED
    assert seconds < 10
    assert "the run goes on" in warned[0]
    assert "database is locked" in warned[0]


def test_ctrl_c_while_a_patch_is_written_down_does_not_lose_it(tmp_path):
    def step(code):
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        return (Patch(CODE, FIXED),)

    result, seconds, _ = recorded(tmp_path, Budget(), step)
    assert (result.source, result.interrupted) == (FIXED, True)
    assert seconds < 10


def test_it_is_not_closed_under_what_another_thread_writes(tmp_path):
    opened = Store.open(tmp_path)
    closing = threading.Thread(target=opened.close)
    with opened._lock:
        closing.start()
        closing.join(0.1)
        assert opened.rows("SELECT 1 AS one") == [{"one": 1}]
    closing.join()
