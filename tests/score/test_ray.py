"""A Ray cluster gives the table of one machine: with two nodes, with one killed half-way, and after Ctrl-C."""

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from coderefine.loading import load_problem
from coderefine.scoring import node
from coderefine.scoring.outcome import Outcome
from tests.benchmarks.score import make_set, table
from tests.conftest import PROBLEMS, open_or_skip
from tests.score.clusters import descendants, kill_node, need_ray, read, two_nodes, wait_for

SECRET = "sk-canary-7741"


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """Scores a set as a user would."""
    return Scores(tmp_path_factory.mktemp("ray"))


class Scores:
    """A set of problems with solutions, and its table from one machine."""

    def __init__(self, folder):
        open_or_skip("local").close()
        self.folder = folder
        problems, solutions = make_set(folder, 40, 3)
        self.what = ("score", problems, "--solutions", solutions)
        self.out = folder / "out.jsonl"
        done = self.start(*self.what, home="alone")
        assert done.wait() == 0
        self.expected = table(self.out)

    def start(self, *what, home, env=None):
        more = ("--sandbox", "local", "--home", self.folder / home, "-o", self.out, "--format", "jsonl")
        command = [sys.executable, "-m", "coderefine", *map(str, what + more)]
        environment = {**os.environ, "OPENAI_API_KEY": SECRET, **(env or {})}
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def recorded(self, home):
        """How many attempts are written."""
        files = list((self.folder / home).glob("*.db"))
        if not files:
            return 0
        with sqlite3.connect(files[0]) as database:
            try:
                return database.execute("SELECT COUNT(*) FROM scores").fetchone()[0]
            except sqlite3.OperationalError:
                return 0


@pytest.fixture(scope="module")
def cluster():
    need_ray()
    with two_nodes() as cluster:
        yield cluster


def on(cluster):
    return ("--engine", "ray", "--ray-address", cluster.address)


def said(done):
    """What a run that has ended said, without its id."""
    out, err = done.communicate(timeout=60)
    return out, [line.rpartition("run ")[0] or line for line in err.splitlines()]


STORY = ["waiting for a Ray cluster", "problems  sandbox: local (2 Ray nodes, 2 processors)  "]


def test_two_nodes_give_the_table_of_one_machine_and_ray_says_nothing(scores, cluster):
    done = scores.start(*scores.what, *on(cluster), home="two")
    assert said(done) == ("", STORY)
    assert done.returncode == 0
    assert table(scores.out) == scores.expected


def test_an_interrupted_run_is_gone_on_with_by_the_other_engine(scores, cluster):
    done = scores.start(*scores.what, *on(cluster), home="interrupted")
    wait_for(lambda: scores.recorded("interrupted") >= 20)
    os.kill(done.pid, signal.SIGINT)
    out, err = said(done)
    assert (done.returncode, out) == (130, ""), err
    assert err[:2] == STORY
    assert err[3:] == ["", "interrupted"]
    assert 20 <= scores.recorded("interrupted") < 120
    done = scores.start("score", "--resume", "last", "--engine", "local", home="interrupted")
    assert done.wait() == 0
    assert table(scores.out) == scores.expected


def test_a_node_is_killed_half_way(scores, cluster):
    done = scores.start(*scores.what, *on(cluster), home="killed")
    wait_for(lambda: scores.recorded("killed") >= 20)
    (lost,) = cluster.worker_nodes
    names = kill_node(lost)
    assert any(name.startswith(b"ray::") for name in names), names
    assert scores.recorded("killed") < 120
    assert said(done) == ("", STORY)
    assert done.returncode == 0
    assert table(scores.out) == scores.expected
