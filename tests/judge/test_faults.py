"""Faults of ours or of the environment are never verdicts: one retry on a fresh worker, then an error that helps."""

import dataclasses
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from unittest import mock

import pytest

from coderefine.errors import JudgeError, SandboxUnavailable
from coderefine.judge import docker, image
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.problem.problem import Limits, TestCase
from tests.conftest import need
from tests.problems_for_tests import function_problem
from tests.processes import descendants

SLOW = function_problem([((5,), 5)], limits=Limits(time_s=10))
SLEEPER = "import time\ndef f(x):\n    time.sleep(0.8)\n    return x\n"


class Watched:
    """A judge whose workers can be killed from outside."""

    def __init__(self, judge):
        self._open = judge.sandboxes.candidates._open_worker
        self.backend, self.workers = judge.backend, []
        self.judge = Judge(judge.backend, self._open_and_remember, workers=1)

    def _open_and_remember(self, memory_mib):
        self.workers.append(self._open(memory_mib))
        return self.workers[-1]

    def kill(self, worker):
        channel = worker._channel
        if self.backend == "docker":
            channel._client.kill(channel.container)
        else:
            os.kill(channel._process.pid, signal.SIGKILL)


@pytest.fixture
def watched(judge):
    watched = Watched(judge)
    with watched.judge:
        yield watched


def in_the_middle_of(watched, times):
    """Kill the worker at work, `times` in a row, while a candidate runs on it."""

    def kill():
        for index in range(times):
            while len(watched.workers) <= index:
                time.sleep(0.01)
            time.sleep(0.3)
            watched.kill(watched.workers[index])

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_a_worker_killed_in_the_middle_of_a_run_is_replaced_and_the_run_repeated(watched):
    killer = in_the_middle_of(watched, 1)
    report = watched.judge.run(SLOW, SLEEPER)
    killer.join()
    assert report.accepted
    assert len(watched.workers) == 2


def interrupting(watched, at):
    """Have the wait number `at` for an answer of the sandbox end in Ctrl-C, once."""
    waits = itertools.count(1)

    def wrap(channel):
        receive = channel.receive

        def interrupted(timeout_s):
            data = receive(timeout_s)
            if next(waits) == at:
                raise KeyboardInterrupt  # what came is lost
            return data

        channel.receive = interrupted

    opened = watched._open_and_remember

    def open_worker(memory_mib):
        worker = opened(memory_mib)
        wrap(worker._channel)
        return worker

    watched.judge.sandboxes.candidates._open_worker = open_worker


@pytest.mark.parametrize("stop", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_ctrl_c_in_a_wait_for_the_sandbox_is_no_fault_of_it(watched, at, stop):
    interrupting(watched, at)
    several = function_problem([((1,), 2), ((2,), 2), ((3,), 3)], limits=Limits(time_s=10))
    echo = "import time\ndef f(x):\n    time.sleep(0.05)\n    return x\n"
    with pytest.raises(KeyboardInterrupt):
        while True:  # the answers come in as many pieces as they like
            watched.judge.run(several, echo, stop_at_first_failure=stop)
    assert len(watched.workers) == 1
    assert watched.judge.run(SLOW, "def f(x): return x").accepted
    assert len(watched.workers) == 2


def test_ctrl_c_in_a_test_that_is_code_is_no_fault_either(watched):
    coded = dataclasses.replace(SLOW, visible=(TestCase("code", code="assert f(5) == 5"),))
    watched.judge.run(coded, "def f(x): return x")
    interrupting(watched, 0)
    for worker in watched.workers:
        worker._channel.receive = mock.Mock(side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        watched.judge.run(coded, "def f(x): return x")
    assert watched.judge.run(coded, "def f(x): return x").accepted


def test_ctrl_c_in_the_middle_of_many_leaves_a_judge_that_works(watched):
    reports = watched.judge.run_many(SLOW, [SLEEPER] * 5)
    timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        list(reports)
    assert watched.judge.run(SLOW, "def f(x): return x").accepted


def test_a_second_failure_is_an_error_and_no_verdict(watched):
    killer = in_the_middle_of(watched, 2)
    with pytest.raises(JudgeError, match="failed twice"):
        watched.judge.run(SLOW, SLEEPER)
    killer.join()
    assert watched.judge.run(SLOW, "def f(x): return x").accepted


@pytest.mark.parametrize(
    "ours",
    [
        "    random.seed(0)  # the same candidate",
        "    channel = Channel()\n",
        "                _take_descriptors(",
    ],
)
def test_a_failure_of_our_own_in_a_candidates_process_is_an_error_and_no_verdict(judge, ours, changed_sandbox):
    changed_sandbox(ours, ours.replace(ours.lstrip(), "1 / 0; ") + ours.lstrip())
    with (
        Judge(judge.backend, judge.sandboxes.candidates._open_worker, workers=1) as broken,
        pytest.raises(JudgeError, match="failed twice"),
    ):
        broken.run(SLOW, "def f(x): return x")


def starved(judge, changed_sandbox):
    """A judge whose kernel says that a process has waited for a processor ever since it began."""
    changed_sandbox("int(file.read().split()[1]) / 1e9", "__import__('time').monotonic()")
    return Judge(judge.backend, judge.sandboxes.candidates._open_worker, workers=1)


def test_the_time_that_a_program_waits_for_a_processor_is_not_its_own(judge, changed_sandbox):
    limits = Limits(time_s=0.1, memory_mib=128)
    problem = function_problem([((limits.wall_s + 0.2,), 1), ((0.0,), 1)], limits=limits)
    with starved(judge, changed_sandbox) as starving:
        report = starving.run(problem, "import time\ndef f(x):\n    time.sleep(x)\n    return 1")
    assert report.accepted
    assert report.cases[0].wall_s < limits.wall_s


def test_it_is_not_waited_for_without_end(judge, changed_sandbox):
    problem = function_problem([((1,), 1)], limits=Limits(time_s=0.01, memory_mib=128))
    with starved(judge, changed_sandbox) as starving:
        assert starving.run(problem, "import time\ndef f(x):\n    time.sleep(100)").verdict == "TLE"


def test_an_idle_worker_that_died_is_replaced(watched):
    assert watched.judge.run(SLOW, "def f(x): return x").accepted
    watched.kill(watched.workers[0])
    time.sleep(0.2)
    assert watched.judge.run(SLOW, "def f(x): return x").accepted


def test_a_candidate_that_was_timed_out_does_not_cost_the_worker(watched):
    problem = function_problem([((5,), 5)])
    for _ in range(3):
        assert watched.judge.run(problem, "def f(x):\n    while True: pass").verdict == "TLE"
    assert len(watched.workers) == 1


def test_a_process_that_was_started_in_the_sandbox_is_found_killed_and_costs_the_worker(watched):
    """No candidate can start one, so it comes from outside: what `clean` rests on is the kernel's count of pids."""
    if watched.backend == "local" and os.geteuid() != 0:
        pytest.skip("only root can enter the sandbox's namespace")
    assert watched.judge.run(SLOW, "def f(x): return x").accepted
    start = threading.Timer(0.3, start_inside, (watched,))
    start.start()
    assert watched.judge.run(SLOW, SLEEPER).accepted
    start.join()
    assert watched.judge.run(SLOW, "def f(x): return x").accepted
    assert len(watched.workers) == 2


def start_inside(watched):
    channel = watched.workers[0]._channel
    if watched.backend == "docker":
        client = channel._client
        created = client.exec_create(channel.container, ["python3", "-c", "import time; time.sleep(100)"])
        client.exec_start(created["Id"], detach=True)
        return
    first = min(descendants(channel._process.pid) - {channel._process.pid})
    command = ["nsenter", "--target", str(first), "--pid", sys.executable, "-c", "import time; time.sleep(100)"]
    subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_threads_of_a_candidate_do_not_cost_the_worker(watched):
    source = (
        "import threading\ndef f(x):\n    thread = threading.Thread(target=print)\n    thread.start()\n    return x\n"
    )
    for _ in range(3):
        assert watched.judge.run(SLOW, source).accepted
    assert len(watched.workers) == 1


@pytest.mark.parametrize("sandbox", ["local", "docker"])
def test_many_sandboxes_work_side_by_side(sandbox):
    """What they share is the engine, the kernel, and the limits that the kernel counts by user."""
    need(sandbox)
    with open_judge(sandbox, workers=24) as judge:
        sleeper = "import time\ndef f(x):\n    time.sleep(2)\n    return x\n"
        assert all(report.accepted for report in judge.run_many(SLOW, [sleeper] * 48))


def test_a_worker_is_replaced_after_so_many_runs(watched, monkeypatch):
    monkeypatch.setattr("coderefine.judge.pool.MAX_RUNS", 3)
    for _ in range(7):
        assert watched.judge.run(SLOW, "def f(x): return x").accepted
    assert [worker.runs for worker in watched.workers] == [3, 3, 1]
    assert not watched.workers[0].clean, "it was closed"
    assert watched.workers[0]._channel._socket.fileno() == -1, "and its descriptor given back"


def test_a_frozen_clock_of_the_candidate_changes_no_limit(watched):
    source = "import time\ntime.monotonic = time.time = lambda: 0\ndef f(x):\n    while time.time() < 1: pass"
    assert watched.judge.run(function_problem([((5,), 5)]), source).verdict == "TLE"


def test_an_image_that_is_not_there_is_named_with_the_next_step():
    need("docker")
    with pytest.raises(SandboxUnavailable, match="docker pull no/such:image"):
        open_judge("docker", image_name="no/such:image")


def test_an_image_without_python_is_an_error_and_no_verdict():
    need("docker")
    client = docker.connect()
    container = client.create_container(image.DEFAULT, entrypoint=["/bin/rm"], command=["/usr/bin/python3"])["Id"]
    client.start(container)
    client.wait(container)
    client.commit(container, "coderefine-test-no-python")
    client.remove_container(container)
    try:
        with pytest.raises(SandboxUnavailable, match="does not start"):
            open_judge("docker", image_name="coderefine-test-no-python")
    finally:
        client.remove_image("coderefine-test-no-python", force=True)


@pytest.mark.parametrize("address", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])
def test_an_engine_that_does_not_answer_is_said_so(monkeypatch, address):
    monkeypatch.setenv("DOCKER_HOST", address)
    with pytest.raises(SandboxUnavailable, match="does not answer"):
        open_judge("docker")


def test_without_any_sandbox_nothing_is_run(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    with pytest.raises(SandboxUnavailable, match="no sandbox can run here"):
        open_judge("auto")


def test_a_judge_that_is_closed_twice_waits_for_nobody(any_judge):
    with Judge("local", any_judge.sandboxes.candidates._open_worker, workers=1) as judge:
        assert judge.run(function_problem([((5,), 5)]), "def f(x): return x").accepted
        judge.close()
