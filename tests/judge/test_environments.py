"""Machines that grant less than others: what the sandbox does without, and what it says where it cannot."""

import gc
import os
import resource
import shlex
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from coderefine.errors import SandboxUnavailable
from coderefine.judge import bundle, docker, image, local
from coderefine.judge.doctor import diagnose
from tests.conftest import need

START = b'sys.modules["sandbox.runner"].main'


def inside(code):
    """Run code in an interpreter that has the sandbox's modules; return what it prints."""
    program, start, _ = bundle.program().partition(START)
    assert start
    ran = subprocess.run([sys.executable, "-"], check=False, input=program + code.encode(), capture_output=True)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode().strip()


SEPARATED = """
import ctypes, os
from sandbox import confine, landlock

def nothing():
    pass

def outer_landlock():
    confine._prctl(38, 1, "no_new_privs")
    landlock.enter(landlock.seal(()), "landlock")  # no file can be written

def read_only_proc():
    confine.check(landlock.libc.unshare(0x20000), "mnt")
    none = ctypes.c_char_p(b"none")
    confine.check(landlock.libc.mount(none, b"/", None, ctypes.c_ulong(0x44000), None), "private")
    confine.check(landlock.libc.mount(b"proc", b"/proc", b"proc", ctypes.c_ulong(1), None), "read-only")

{hindrance}()
if os.getuid() == 0:
    confine._become(65534)
    confine._prctl(4, 1, "dumpable")  # as a user's own process is
granted = confine.separate()
pid = os.fork()
if pid == 0:
    os._exit(0 if os.getpid() == 1 or not granted else 1)
assert os.waitpid(pid, 0)[1] == 0
print(*granted)
"""


def test_namespaces_that_are_granted_but_not_their_users_are_done_without():
    if not inside(SEPARATED.format(hindrance="nothing")):
        pytest.skip("users get no namespaces here")
    assert inside(SEPARATED.format(hindrance="outer_landlock")) == ""
    if os.geteuid() == 0:
        assert inside(SEPARATED.format(hindrance="read_only_proc")) == ""


ORPHAN = """
import os, select, socket, time
from sandbox import nursery

class Late:
    handle = 40
    def enter(self):
        while os.getppid() == parent:
            time.sleep(0.01)

ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
pid = os.fork()
if pid == 0:
    parent = os.getpid()
    nursery.Nursery(theirs, Late(), {})._fork()
    os._exit(0)
os.waitpid(pid, 0)
_, (commands, results, *_), _, _ = socket.recv_fds(ours, 64, 4)
assert select.select([results], [], [], 30)[0]
print(len(os.read(results, 64)))
"""


def test_a_spare_process_whose_nursery_ended_before_it_could_ask_for_it_ends_as_well():
    assert inside(ORPHAN) == "0"


@pytest.fixture
def interpreter(tmp_path):
    """Return `interpreter(first)`: this interpreter, started by a script that does something first."""

    def make(first):
        script = tmp_path / "python"
        script.write_text(f'#!/bin/sh\n{first}\nexec {shlex.quote(sys.executable)} "$@"\n')
        script.chmod(0o755)
        return str(script)

    return make


NEEDS_A_LIBRARY = """
[ -n "$LD_LIBRARY_PATH" ] || {
    echo "$0: error while loading shared libraries: libpython3.99.so.1.0: cannot open shared object file" >&2
    exit 127
}
"""


def test_an_interpreter_finds_its_own_library_where_the_host_does_and_nothing_else(interpreter, monkeypatch, tmp_path):
    for name in ("other", "own"):
        (tmp_path / name).mkdir()
    (tmp_path / "own/libpython3.99.so.1.0").touch()
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{tmp_path}/other:{tmp_path}/own:")
    python = interpreter(NEEDS_A_LIBRARY + f'[ "$LD_LIBRARY_PATH" = {tmp_path}/own ] || exit 126')
    local.open_worker(64, python).close()


@pytest.mark.parametrize(
    ("first", "cause", "remedy"),
    [
        (NEEDS_A_LIBRARY, "libpython3.99.so", "set LD_LIBRARY_PATH"),
        ("ulimit -n 30", "a process may open 30 files here", "ulimit -n"),
        ("exit 3", "the sandbox ended", "coderefine doctor"),
    ],
)
def test_each_cause_of_a_start_that_fails_has_a_remedy_of_its_own(interpreter, monkeypatch, first, cause, remedy):
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    with pytest.raises(SandboxUnavailable) as raised:
        local.open_worker(64, interpreter(first))
    assert cause in str(raised.value)
    assert remedy in str(raised.value)
    assert "Landlock" not in str(raised.value)


@pytest.mark.parametrize(
    ("where", "text", "remedy"),
    [
        ("    pid = os.fork()\n    if pid == 0:\n        try:\n            _unshare", "Errno 11", "ulimit -u"),
        ("        confinement = confine.Confinement(", "Errno 12", "free some memory"),
    ],
)
def test_what_the_kernel_refuses_to_the_runner_has_its_remedy_too(changed_sandbox, where, text, remedy):
    code = text.rpartition(" ")[2]
    space = where[: len(where) - len(where.lstrip())]
    changed_sandbox(where, f"{space}raise OSError({code}, 'no more')\n{where}")
    with pytest.raises(SandboxUnavailable, match=remedy) as raised:
        local.open_worker(64)
    assert text in str(raised.value)


def test_an_interpreter_that_is_none_is_said_so(tmp_path):
    with pytest.raises(SandboxUnavailable, match="check that this is an interpreter"):
        local.open_worker(64, str(tmp_path / "python"))


def test_the_limit_of_open_files_is_named_and_a_failed_start_leaks_none():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []
    try:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (max(int(it.name) for it in Path("/proc/self/fd").iterdir()) + 9, hard)
        )
        with suppress(OSError):
            while True:
                taken.append(os.dup(0))
        for _ in range(5):  # whichever of its descriptors is the first that is too many
            before = free_descriptors()
            with pytest.raises(SandboxUnavailable, match="ulimit -n"):
                local.open_worker(64)
            assert free_descriptors() == before
            os.close(taken.pop())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for handle in taken:
            os.close(handle)


def free_descriptors():
    """Return how many files can still be opened."""
    opened = []
    with suppress(OSError):
        while True:
            opened.append(os.dup(0))
    for handle in opened:
        os.close(handle)
    return len(opened)


def test_no_temporary_folder_is_needed(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._candidate_tempdir_list", list)
    with closing(local.open_worker(64)) as worker:
        assert worker.hello["status"] == "ready"


def test_a_container_is_closed_without_a_word(monkeypatch):
    need("docker")
    ignored = []
    monkeypatch.setattr("sys.unraisablehook", ignored.append)
    with closing(docker.connect()) as client:
        worker = docker.open_worker(client, image.DEFAULT, 64)
        response = worker._channel._stream._response
        worker.close()
        assert response.raw.closed, "its end would flush what is closed by then"
        del worker, response
        gc.collect()
    # What other tests left behind warns here as well.
    assert [it for it in ignored if it.exc_type is not ResourceWarning] == []


def test_the_doctor_says_which_limits_are_not_enforced(changed_sandbox, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    changed_sandbox("    if os.waitpid(pid, 0)[1] != 0:", "    if os.waitpid(pid, 0):")
    changed_sandbox("        self.uid = usable_uid(", "        self.uid = None and usable_uid(")
    (found,) = [backend for backend in diagnose().backends if backend.name == "local"]
    weaker = {check.name: check.detail for check in found.checks if check.state == "weaker"}
    assert found.usable
    assert "not by number" in weaker["threads"]
    assert "no process" in weaker["processes of pytest"]
    assert "together" in weaker["memory of a sandbox"]


def test_an_interpreter_that_was_replaced_while_coderefine_runs_gets_no_compiled_modules(monkeypatch):
    need("local")
    monkeypatch.setattr(sys, "hexversion", 0)
    with pytest.raises(SandboxUnavailable, match="start it anew"):
        local.open_worker(512)
