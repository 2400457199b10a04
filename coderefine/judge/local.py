"""The local backend: Linux without Docker. The runner is a child of the host, confined by the kernel itself.

What protects the host is in `sandbox/confine.py`; a denial test (denial.py) must pass before any candidate runs.
"""

from __future__ import annotations

import platform
import socket
import subprocess
import sys
import tempfile

from coderefine.errors import SandboxUnavailable
from coderefine.judge import bundle, denial, packages
from coderefine.judge.worker import Worker, WorkerFault, WorkerRefused

NAME = "local"
UNREADABLE = ("/etc/passwd", "/proc/self/environ", "/etc/hostname")
"""What a local candidate must not read: files that every Linux has and that are none of the interpreter's."""
REMEDY = "install Docker (on Debian: apt-get install docker.io), or use Linux 6.2 or newer with Landlock"


class LocalChannel:
    """A socket pair to a runner that was started as a child process."""

    def __init__(self, program: bytes, python: str) -> None:
        self._socket, theirs = socket.socketpair()
        # A file takes any amount of messages without a reader; it has no name and ends with us.
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [python, *bundle.arguments(program)],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=self._stderr,
                cwd="/",
                env=dict(bundle.ENVIRONMENT),
                start_new_session=True,  # Ctrl-C at the terminal is for the host alone
            )
        finally:
            theirs.close()
        self.send(program)

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._socket.settimeout(30)
        self._socket.sendall(data)

    def receive(self, timeout_s: float) -> bytes:
        """Return some bytes, none at the end."""
        self._socket.settimeout(max(timeout_s, 0.001))
        return self._socket.recv(1 << 18)

    def close(self) -> str:
        """Kill the runner; its namespace and its candidates end with it."""
        if self._stderr.closed:
            return ""
        self._socket.close()
        self._process.kill()
        self._process.wait()
        with self._stderr:
            self._stderr.seek(0)
            return self._stderr.read(1 << 16).decode("utf-8", "replace")


def open_worker(memory_mib: int, python: str = sys.executable) -> Worker:
    """Start a runner in a Python of 3.8 or newer; raises SandboxUnavailable where this machine cannot confine it."""
    try:
        return _open(bundle.program(separate=True, require_landlock=True), memory_mib, python)
    except WorkerRefused as refusal:
        raise _unavailable(refusal) from None


def open_suite(memory_mib: int, python: str = sys.executable, allow: tuple[str, ...] = ()) -> Worker:
    """Start a runner in which pytest runs: that of this Python, or where it has none, our own.

    What is installed for `python` can be imported. `allow` is what tests may do (see `sandbox/suite.py`). Raises
    SandboxUnavailable.
    """
    config: dict[str, object] = {"scratch": "", "packages": "" if python == sys.executable else packages.pack()}
    config["allow"] = list(allow)
    try:
        worker = _open(bundle.program(separate=True, require_landlock=True, suite=config), memory_mib, python)
    except WorkerRefused as refusal:
        where = "" if python == sys.executable else f" with {python}"
        raise SandboxUnavailable(f"pytest cannot run in the local sandbox{where}: {refusal}; try Docker") from None
    return denial.passed(worker, UNREADABLE, allow)


def _open(program: bytes, memory_mib: int, python: str) -> Worker:
    if platform.system() != "Linux":
        raise SandboxUnavailable(f"the local sandbox needs Linux, not {platform.system()}; install Docker")
    try:
        return Worker(LocalChannel(program, python), memory_mib)
    except WorkerRefused:
        raise
    except (OSError, WorkerFault) as error:
        raise _unavailable(error) from None


def _unavailable(error: Exception) -> SandboxUnavailable:
    return SandboxUnavailable(f"the local sandbox cannot start: {error}; {REMEDY}")
