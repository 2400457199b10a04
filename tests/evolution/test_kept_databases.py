"""kill -9 in the middle of an evolution loses the programs in flight: what is resumed comes to the same database."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

from coderefine import resources
from tests.conftest import need

ASKED = ["--sandbox", "local", "--format", "json", "--quiet"]
MOMENTS = (3, 21)
"""Programs that are recorded when it is killed."""


def run(home, *args, **more):
    command = [sys.executable, "-m", "coderefine", *args, *ASKED]
    return subprocess.Popen(command, env={**os.environ, "CODEREFINE_HOME": str(home)}, stdout=subprocess.PIPE, **more)


def database(result):
    """Return the digest of the database at the end, and the best program."""
    last = json.loads(result)["iterations"][-1]
    told = last["account"]["ended"] or last["tested"][0]["note"]
    return told.rpartition("database ")[2], json.loads(result)["source"]


def evolve(home):
    problem = resources.problems_dir() / "tour-heuristic"
    return run(home, "evolve", str(problem), "--programs", "32", "--batch", "8", stderr=subprocess.DEVNULL)


def await_reports(home, count):
    """Wait until so many programs are in the store."""
    while True:
        try:
            with contextlib.closing(sqlite3.connect(f"file:{home}/runs.db?mode=ro", uri=True)) as store:
                if store.execute("SELECT count(*) FROM reports").fetchone()[0] >= count:
                    return
        except sqlite3.Error:
            pass
        time.sleep(0.02)


def test_a_killed_evolution_goes_on_to_the_same_database(tmp_path):
    need("local")
    whole = database(evolve(tmp_path / "whole").communicate(timeout=120)[0])
    assert len(whole[0].strip(")")) == 16
    for count in MOMENTS:
        home = tmp_path / str(count)
        process = evolve(home)
        await_reports(home, count)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        resumed = run(home, "resume", "last", stderr=subprocess.PIPE)
        out, told = resumed.communicate(timeout=120)
        assert out, told
        assert database(out) == whole
