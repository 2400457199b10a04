"""The local backend: Linux without Docker. The runner is a child of the host, confined by the kernel itself.

What protects the host is in `sandbox/confine.py`; a denial test (denial.py) must pass before any candidate runs.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coderefine.errors import SandboxUnavailable
from coderefine.interrupts import interruptible
from coderefine.judge import bundle, denial, packages
from coderefine.judge.starts import Starts
from coderefine.judge.worker import Worker, WorkerFault, WorkerRefused

NAME = "local"
UNREADABLE = ("/etc/passwd", "/proc/self/environ", "/etc/hostname")
"""Files that a local candidate must not be able to read: every Linux has them, and the interpreter needs none of them.
"""
_UNREADABLE_TO_SUITES = ("/etc/shadow", "/etc/group", "/proc/self/environ", "/etc/hostname")
"""Files that a local suite must not be able to read; its /etc/passwd is a list of users of its own."""
_OTHERWISE = "install Docker (on Debian: apt-get install docker.io)"


class LocalChannel:
    """A socket pair to a runner that was started as a child process."""

    def __init__(self, program: bytes, python: str) -> None:
        """Start `program` in the interpreter `python`; raises OSError where the machine has no memory or descriptors
        left.
        """
        # A file takes any number of messages without a reader; it has no name, needs no folder, and ends with us.
        self._stderr = os.fdopen(os.memfd_create("coderefine"), "w+b")
        try:
            self._socket, theirs = socket.socketpair()
            try:
                self._process = self._start([python, *bundle.arguments(program)], theirs.fileno())
            except BaseException:
                self._socket.close()
                raise
            finally:
                theirs.close()
        except BaseException:
            self._stderr.close()
            raise
        with contextlib.suppress(OSError):  # a runner that has ended has said why on its standard error
            self.send(program)

    def _start(self, command: list[str], end: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=end,
            stdout=end,
            stderr=self._stderr,
            cwd="/",
            env={**bundle.ENVIRONMENT, **_libraries()},
            start_new_session=True,  # Ctrl-C at the terminal is for the host alone
        )

    def send(self, data: bytes) -> None:
        """Send all of `data`; raises OSError."""
        self._socket.settimeout(30)
        self._socket.sendall(data)

    @interruptible
    def receive(self, timeout_s: float) -> bytes:
        """Return some bytes, none at the end; raises TimeoutError or OSError."""
        self._socket.settimeout(max(timeout_s, 0.001))
        return self._socket.recv(1 << 18)

    def close(self) -> str:
        """Kill the runner; its namespace and its candidates end with it. Return its standard error."""
        if self._stderr.closed:
            return ""
        self._socket.close()
        self._process.kill()
        self._process.wait()
        with self._stderr:
            self._stderr.seek(0)
            return self._stderr.read(1 << 16).decode("utf-8", "replace")


def open_worker(memory_mib: int, python: str = sys.executable, site: Mapping[str, Any] = bundle.NO_SITE) -> Worker:
    """Start a runner in a Python of 3.8 or newer; raises SandboxUnavailable where this machine cannot confine it.

    `site` says where packages for candidates are (see `site.py`).
    """
    try:
        return _open(None, memory_mib, python, site)
    except WorkerRefused as refusal:
        raise _unavailable(refusal) from None


def open_suite(
    memory_mib: int,
    python: str = sys.executable,
    allow: tuple[str, ...] = (),
    site: Mapping[str, Any] = bundle.NO_SITE,
    *,
    plugins: bool = False,
) -> Worker:
    """Start a runner in which pytest runs: that of `python`, or our own where it has none.

    Packages that are installed for `python` can be imported. `allow` names what tests may do (see `sandbox/suite.py`);
    `plugins` imports ahead the plugins of pytest that are installed there. Raises SandboxUnavailable.
    """
    config: dict[str, object] = {"scratch": "", "packages": "" if packages.are_installed(python) else packages.pack()}
    config.update(allow=list(allow), plugins=plugins)
    try:
        worker = _open(config, memory_mib, python, site)
    except WorkerRefused as refusal:
        where = "" if python == sys.executable else f" with {python}"
        remedy = _remedy(refusal) if refusal.errno else "try Docker"
        raise SandboxUnavailable(f"pytest cannot run in the local sandbox{where}: {refusal}; {remedy}") from None
    return denial.passed(worker, _UNREADABLE_TO_SUITES, allow, own_folder=True)


def open_evaluator(memory_mib: int, site: Mapping[str, Any], starts: Starts | None) -> Worker:
    """Start a runner for an evaluator with packages, and perhaps a program to start; raises SandboxUnavailable."""
    if starts is None:
        return open_worker(memory_mib, site=site)
    starts.has_32_bits  # noqa: B018 - raises UsageError for a file that is no program
    try:
        worker = _open(None, memory_mib, sys.executable, {**site, "evaluator": starts.config("")})
    except WorkerRefused as refusal:
        raise SandboxUnavailable(
            f"the evaluator cannot start {starts.program} in the local sandbox: {refusal}; try --sandbox docker"
        ) from None
    return denial.passed(worker, UNREADABLE, (denial.ONE_PROGRAM,), own_folder=True)


def _open(suite: dict[str, object] | None, memory_mib: int, python: str, site: Mapping[str, Any]) -> Worker:
    if platform.system() != "Linux":
        raise SandboxUnavailable(f"the local sandbox needs Linux, not {platform.system()}; install Docker")
    try:
        compiled = python == sys.executable
        program = bundle.program(compiled=compiled, separate=True, require_landlock=True, suite=suite, **site)
        return Worker(LocalChannel(program, python), memory_mib)
    except WorkerRefused:
        raise
    except (OSError, WorkerFault) as error:
        raise _unavailable(error) from None


def _libraries() -> dict[str, str]:
    """Return the variable by which an interpreter finds its own shared library; no other folder is in it."""
    folders = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    own = [folder for folder in folders if folder.startswith("/") and any(Path(folder).glob("libpython*.so*"))]
    return {"LD_LIBRARY_PATH": ":".join(own)} if own else {}


def _unavailable(error: Exception) -> SandboxUnavailable:
    return SandboxUnavailable(f"the local sandbox cannot start: {error}; {_remedy(error)}")


def _remedy(error: Exception) -> str:
    """Return what the user can do about a cause."""
    match getattr(error, "errno", None):
        case errno.EMFILE | errno.ENFILE:
            return "allow more open files (ulimit -n 1024), or have fewer sandboxes at once"
        case errno.EAGAIN:
            return "allow more processes (ulimit -u, or a container's own limit), or have fewer sandboxes at once"
        case errno.ENOMEM:
            return "free some memory, or have fewer sandboxes at once"
        case errno.ENOENT | errno.EACCES | errno.ENOEXEC if isinstance(error, OSError):
            return "check that this is an interpreter that you may run"
    text = str(error)
    if "shared libraries" in text:
        return "set LD_LIBRARY_PATH to the folder of that library"
    if "Landlock" in text or "landlock" in text:
        return f"use Linux 6.2 or newer with Landlock (cat /sys/kernel/security/lsm), or {_OTHERWISE}"
    return f"coderefine doctor shows what is missing; or {_OTHERWISE}"
