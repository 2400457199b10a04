"""A real Ray cluster of two nodes on this machine, small, with its files in a folder of its own."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from tests.conftest import REQUIRED
from tests.processes import descendants

QUICK = {
    # How soon the cluster believes that a node is lost.
    "RAY_health_check_initial_delay_ms": "500",
    "RAY_health_check_period_ms": "300",
    "RAY_health_check_failure_threshold": "3",
    "RAY_USAGE_STATS_ENABLED": "0",
}
NODE = {"num_cpus": 1, "object_store_memory": 80 << 20, "include_dashboard": False}


def need_ray():
    """Skip where Ray is missing, or fail if CODEREFINE_REQUIRE names it."""
    try:
        import ray  # noqa: F401
    except ImportError as error:
        if "ray" in REQUIRED:
            pytest.fail(f"CODEREFINE_REQUIRE names ray, but {error}")
        pytest.skip("ray is not installed: pip install 'coderefine[ray]'")


@contextlib.contextmanager
def two_nodes():
    """Yield a cluster of two nodes with a processor each; the second one may be killed."""
    from ray.cluster_utils import Cluster

    before = dict(os.environ)
    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # its sockets need a short path
    os.environ.update(QUICK, RAY_TMPDIR=folder)
    try:
        cluster = Cluster(initialize_head=True, connect=False, head_node_args=NODE)
        try:
            cluster.add_node(**NODE)
            yield cluster
        finally:
            cluster.shutdown()
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)


def read(pid, name):
    """A file of a process in /proc; nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def judging(pids):
    """Those that judge, or wait for the next program."""
    return [pid for pid in pids if read(pid, "cmdline").startswith((b"ray::judge", b"ray::IDLE"))]


def of_node(node):
    """The processes of a node, without those of the head."""
    (raylet,) = node.all_processes["raylet"]
    return descendants(raylet.process.pid)


def kill_node(node):
    """kill -9 a node with all its processes."""
    for pid in of_node(node):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_for(condition, timeout_s=30):
    """Wait until `condition()` is true."""
    end = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
    return found
