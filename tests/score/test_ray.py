"""A Ray cluster gives the table of one machine: with two nodes, with one killed half-way, and after Ctrl-C."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from coderefine.scoring import node
from tests.benchmarks.score import make_set, table
from tests.conftest import need
from tests.processes import descendants
from tests.score.clusters import NODE, judging, kill_node, need_ray, of_node, read, two_nodes, wait_for

SECRET = "sk-canary-7741"


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """Scores a set as a user would."""
    return Scores(tmp_path_factory.mktemp("ray"))


class Scores:
    """A set of problems with solutions, and its table from one machine."""

    def __init__(self, folder):
        need("local")
        self.folder = folder
        problems, solutions = make_set(folder, 20, 3)
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
    """What a run that has ended said, without its id, the address of the cluster, and where it stood on the way."""
    out, err = done.communicate(timeout=60)
    lines = [line for line in err.splitlines() if not re.match(r"waiting|problem \d+ of ", line)]
    return out, [line.rpartition("run ")[0] or line for line in lines]


NODES = "problems  sandbox: local (2 Ray nodes, 2 processors)  "


def test_two_nodes_give_the_table_of_one_machine_and_ray_says_nothing(scores, cluster):
    done = scores.start(*scores.what, *on(cluster), home="two")
    assert said(done) == ("", [NODES])
    assert done.returncode == 0
    assert table(scores.out) == scores.expected


def test_an_interrupted_run_is_gone_on_with_by_the_other_engine(scores, cluster):
    done = scores.start(*scores.what, *on(cluster), home="interrupted")
    wait_for(lambda: scores.recorded("interrupted") >= 5)
    os.kill(done.pid, signal.SIGINT)
    out, err = said(done)
    assert (done.returncode, out) == (130, ""), err
    assert (err[0], err[2:]) == (NODES, ["", "interrupted"])
    assert 5 <= scores.recorded("interrupted") < 60
    done = scores.start("score", "--resume", "last", "--engine", "local", home="interrupted")
    assert done.wait() == 0
    assert table(scores.out) == scores.expected


def test_programs_are_repaired_and_scored_by_the_nodes(scores, cluster):
    row = {
        "id": "next",
        "statement": "Return x + 1.",
        "entry_point": "f",
        "buggy": "def f(x):\n    return x - 1\n",
        "visible_tests": [{"call": "f(1)", "expected": "2"}, {"call": "f(5)", "expected": "6"}],
        "hidden_tests": [{"call": "f(-3)", "expected": "-2"}],
    }
    file = scores.folder / "set.jsonl"
    file.write_text("".join(json.dumps({**row, "id": name}) + "\n" for name in ("one", "two", "three")))
    done = scores.start("score", file, "--refine", "--no-harden", *on(cluster), home="refined")
    assert said(done)[1] == ["set.jsonl  sandbox: local (2 Ray nodes, 2 processors)  "]
    *attempts, _ = table(scores.out)
    assert [(it["cases_before"], it["cases_after"]) for it in attempts] == [("WA - / -", "AC AC / AC")] * 3
    with sqlite3.connect(*(scores.folder / "refined").glob("*.db")) as database:
        searched = database.execute(
            "SELECT COUNT(DISTINCT run), MIN(base) FROM searches, reports USING (run)"
        ).fetchone()
    assert searched[0] == 3 and searched[1] > 0


def test_a_node_is_killed_half_way(scores, cluster):
    done = scores.start(*scores.what, *on(cluster), home="killed")
    (lost,) = cluster.worker_nodes
    wait_for(lambda: scores.recorded("killed") >= 5 and judging(of_node(lost)))
    kill_node(lost)
    assert scores.recorded("killed") < 60
    assert said(done) == ("", [NODES])
    assert done.returncode == 0
    assert table(scores.out) == scores.expected
    cluster.remove_node(lost, allow_graceful=False)
    cluster.add_node(**NODE)  # for the other tests, in whatever order


# A cluster that is started for the run


@pytest.fixture
def folder():
    need_ray()
    made = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # Ray's sockets need a short path
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_a_cluster_that_is_started_here_gets_no_keys_takes_orders_from_nobody_else_and_ends(scores, folder):
    done = scores.start(*scores.what, "--engine", "ray", home="here", env={"RAY_TMPDIR": folder})
    wait_for(lambda: scores.recorded("here"))
    pids = descendants(done.pid) - {done.pid}
    assert judging(pids)
    environments = {read(pid, "cmdline").partition(b"\0")[0].rpartition(b"/")[2]: read(pid, "environ") for pid in pids}
    out, err = said(done)
    assert (done.returncode, out, err[0]) == (0, "", "starting a Ray cluster here")
    assert b"RAY_AUTH_MODE=token" in environments[b"gcs_server"]
    assert not [name for name, found in environments.items() if SECRET.encode() in found]
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    assert table(scores.out) == scores.expected


# Where there is no cluster


def test_without_the_extra_it_says_what_to_install(scores, tmp_path):
    (tmp_path / "ray.py").write_text("raise ImportError")
    done = scores.start(*scores.what, "--engine", "ray", home="without", env={"PYTHONPATH": str(tmp_path)})
    assert said(done) == ("", ["error: --engine ray needs Ray: pip install 'coderefine[ray]'"])
    assert done.returncode == 3


def test_the_local_engine_does_not_import_ray(scores):
    done = scores.start(*scores.what, home="local", env={"PYTHONPROFILEIMPORTTIME": "1"})
    imported = [line.rpartition("|")[2].strip() for line in said(done)[1] if line.startswith("import time:")]
    assert "coderefine.scoring.scoring" in imported
    assert not [name for name in imported if name.split(".")[0] == "ray" or name == "coderefine.scoring.cluster"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [("127.0.0.1:1", "[Errno 111] Connection refused"), ("nowhere", "Invalid address format: nowhere")],
)
def test_an_address_where_there_is_no_cluster_is_an_error_of_the_environment(scores, address, reason):
    need_ray()
    done = scores.start(*scores.what, "--engine", "ray", "--ray-address", address, home="nowhere")
    assert said(done) == ("", [f"error: cannot connect to the Ray cluster at {address}: {reason}"])
    assert done.returncode == 3


def test_an_address_without_the_engine_is_a_usage_error(scores):
    done = scores.start(*scores.what, "--ray-address", "127.0.0.1:6379", home="usage")
    assert "--ray-address needs --engine ray" in said(done)[1][-1]
    assert done.returncode == 2


def test_a_node_with_another_version_judges_nothing():
    order = node.Order("local", None, version="0.0.0")
    assert "has coderefine" in node.sandbox(order)
    assert "install the same on all" in node.judge(order, None, "", False)
