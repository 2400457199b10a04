"""Runs are found by what people type, and listed with what they want to know."""

import json
import subprocess
import sys

import pytest

from coderefine.errors import StoreError, UsageError
from coderefine.record.store import Store
from coderefine.runs import listing
from tests.samples import PROBLEM


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        yield opened


def begin(store, **more):
    return listing.begin(store, PROBLEM, "x = 1", {"models": ["search"]}, backend="local", **more)


def test_an_id_is_short_and_typeable_and_no_number(store):
    for run in [begin(store) for _ in range(50)]:
        assert len(run) == 6
        assert run[0].isalpha()
        assert not set(run) - set("abcdefghjkmnpqrstuvwxyz23456789")


def test_a_run_is_found_by_its_id_its_first_letters_and_as_the_last(store, monkeypatch):
    ids = iter(["aabbcc", "aaxxyy"])
    monkeypatch.setattr(listing, "_new_id", lambda: next(ids))
    begin(store), begin(store)
    assert listing.find(store, "aabbcc") == listing.find(store, "aab") == "aabbcc"
    assert listing.find(store, "last") == "aaxxyy"


@pytest.mark.parametrize(("name", "says"), [("aa", "begins 2 runs: aaxxyy, aabbcc"), ("b", "no run 'b'"), ("", "no run"), ("%", "no run"), ("______", "no run")])  # fmt: skip
def test_what_names_no_one_run_says_so(store, monkeypatch, name, says):
    ids = iter(["aabbcc", "aaxxyy"])
    monkeypatch.setattr(listing, "_new_id", lambda: next(ids))
    begin(store), begin(store)
    with pytest.raises(UsageError, match=says):
        listing.find(store, name)


def test_an_id_is_given_once(store, monkeypatch):
    ids = iter(["aabbcc", "aabbcc", "other2"])
    monkeypatch.setattr(listing, "_new_id", lambda: next(ids))
    assert (begin(store), begin(store)) == ("aabbcc", "other2")
    monkeypatch.setattr(listing, "_new_id", lambda: "aabbcc")
    with pytest.raises(StoreError):
        begin(store)


def test_the_problem_is_kept_once_and_without_its_hidden_tests(store):
    runs_of_it = [begin(store), begin(store)]
    assert store.rows("SELECT COUNT(*) AS n FROM problems") == [{"n": 1}]
    assert {listing.problem_of(store, run) for run in runs_of_it} == {PROBLEM.without_hidden()}


def test_the_parts_of_a_run_are_not_listed_beside_it_and_go_with_it(store):
    whole = begin(store)
    begin(store, parent=whole, label="sample 1")
    assert [row["id"] for row in listing.overviews(store, 10)] == [whole]
    assert listing.find(store, "last") == whole
    store.execute("DELETE FROM runs WHERE id = ?", whole)
    assert store.rows("SELECT * FROM runs") == []


def test_the_newest_runs_are_listed_first_and_by_problem(store):
    first, second = begin(store), begin(store)
    assert [row["id"] for row in listing.overviews(store, 10)] == [second, first]
    assert [row["id"] for row in listing.overviews(store, 1)] == [second]
    assert listing.overviews(store, 10, "another") == []


def test_a_run_that_no_process_works_on_was_killed(store):
    run = begin(store)
    assert listing.overview(store, run)["status"] == "killed"
    with listing.lock_run(store, run):
        assert listing.overview(store, run)["status"] == "running"
    assert listing.overview(store, run)["status"] == "killed"
    assert list((store.path.parent / "running").iterdir()) == []


def test_a_killed_process_holds_no_run(store):
    run = begin(store)
    code = (
        "import os, signal, sys; from coderefine.record.store import Store; from coderefine.runs import listing\n"
        f"with listing.lock_run(Store.open(sys.argv[1]), {run!r}): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, store.path.parent], check=False).returncode == -9
    with listing.lock_run(store, run):
        pass


def test_an_export_is_json_with_every_table(store):
    exported = json.loads(json.dumps(listing.export(store, begin(store))))
    assert exported.keys() == {"run", "problem", "steps", "calls", "searches", "checks", "reports"}
    assert exported["run"]["options"] == {"models": ["search"]}
    assert exported["problem"]["data"]["slug"] == "add"
