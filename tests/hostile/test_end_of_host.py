"""However the host ends, nothing of its sandboxes is there a few seconds later."""

import os
import subprocess
import sys
import time

import pytest

from tests.conftest import need, open_or_skip
from tests.processes import descendants

HOST = """
import sys
from coderefine.judge.opening import open_judge
from coderefine.problem.problem import Limits
from tests.problems_for_tests import function_problem
judge = open_judge(sys.argv[1], workers=1)
with judge.sandboxes.candidates.lease(0) as worker:
    channel = worker._channel
    print(channel.container if sys.argv[1] == 'docker' else channel._process.pid, flush=True)
problem = function_problem([((5,), 5)] * 3, limits=Limits(time_s=100, memory_mib=128))
if sys.argv[2]:
    print('running', flush=True)
    judge.run(problem, sys.argv[2])
sys.stdin.read()
"""
SOURCES = {
    "an idle sandbox": "",
    "a busy candidate": "def f(x):\n  while True: pass",
    "a sleeping candidate that ignores signals": "import signal, time\nfor s in range(1, 65):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\ndef f(x): time.sleep(1000)",
    "a candidate that loads for ever": "while True: pass",
    "a candidate that floods": "import os\ndef f(x):\n  while True: os.write(4, b'') ; os.write(1, b'')",
    "a candidate with threads": "import threading, time\ndef f(x):\n  for _ in range(5): threading.Thread(target=time.sleep, args=(1000,)).start()\n  while True: pass",
}  # fmt: skip


PATIENCE_S = 30
"""A few seconds, as a busy machine counts them."""


@pytest.fixture(params=["local", "docker"])
def backend(request):
    need(request.param)
    return request.param


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_killed_host_leaves_no_process_and_no_container(backend, engine, source):
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, backend, source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        sandbox = host.stdout.readline().strip()
        if source:
            assert host.stdout.readline() == "running\n"
        time.sleep(0.4)
        first = engine.inspect_container(sandbox)["State"]["Pid"] if backend == "docker" else int(sandbox)
        pids = descendants(first)
        assert backend == "docker" or len(pids) >= 3
    finally:
        host.kill()
        host.communicate()
    deadline = time.monotonic() + PATIENCE_S
    while left(pids) or contains(engine, backend, sandbox):
        assert time.monotonic() < deadline, (left(pids), sandbox)
        time.sleep(0.05)


def left(pids):
    return [pid for pid in pids if os.path.exists(f"/proc/{pid}")]


def contains(engine, backend, sandbox):
    return backend == "docker" and engine.containers(all=True, filters={"id": sandbox}) != []


def test_a_judge_that_is_closed_leaves_no_process_and_no_container(backend, engine):
    with open_or_skip(backend) as judge:
        with judge.sandboxes.candidates.lease(0) as worker:
            channel = worker._channel
        sandbox = channel.container if backend == "docker" else channel._process.pid
        pids = descendants(engine.inspect_container(sandbox)["State"]["Pid"] if backend == "docker" else sandbox)
    deadline = time.monotonic() + PATIENCE_S
    while left(pids) or contains(engine, backend, sandbox):
        assert time.monotonic() < deadline
        time.sleep(0.05)
