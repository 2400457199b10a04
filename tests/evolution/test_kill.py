"""kill -9 in the middle of an evolution loses the programs in flight: what is resumed comes to the same database."""

import json
import os
import random
import signal
import subprocess
import sys
import time

from coderefine import resources
from tests.conftest import need

ASKED = ["--sandbox", "local", "--format", "json", "--quiet"]
MOMENTS = 3


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
    return run(home, "evolve", str(problem), "--programs", "64", "--batch", "8", stderr=subprocess.DEVNULL)


def test_a_killed_evolution_goes_on_to_the_same_database(tmp_path):
    need("local")
    began = time.monotonic()
    whole = database(evolve(tmp_path / "whole").communicate(timeout=120)[0])
    takes_s = time.monotonic() - began
    assert len(whole[0].strip(")")) == 16
    rng = random.Random(0)
    for moment in range(MOMENTS):
        home = tmp_path / str(moment)
        process = evolve(home)
        time.sleep(takes_s * rng.uniform(0.3, 0.9))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        resumed = run(home, "resume", "last", stderr=subprocess.PIPE)
        out, told = resumed.communicate(timeout=120)
        assert out, told
        assert database(out) == whole
