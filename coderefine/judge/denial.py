"""The denial test: before a backend runs untrusted code, a probe tries what a candidate must not be able to do.

A sandbox in which any of these attempts succeeds is refused.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from coderefine.errors import SandboxUnavailable
from coderefine.judge.worker import SandboxProgram, Worker, WorkerFault, plain_spec
from coderefine.problem import values

PROBE = """
import ctypes, os, socket, subprocess

def attempt(name, action, done):
    try:
        action()
    except OSError:
        return
    done.append(name)

def reach():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        handle.connect(("192.0.2.1", 9))  # sends nothing; there must be no route

def probe(paths, allowed, written):
    done = []
    for path in paths:
        attempt("read " + path, lambda: open(path).close(), done)
    attempt("write a file", lambda: open(written, "w").close(), done)
    attempt("change the mode of a file", lambda: os.chmod(os.__file__, os.stat(os.__file__).st_mode), done)
    attempt("open a socket", socket.socket, done)
    attempt("open a unix socket", lambda: socket.socket(socket.AF_UNIX), done)
    attempt("start a process", lambda: os.waitpid(os.fork() or os._exit(0), 0), done)
    attempt("signal its parent", lambda: os.kill(os.getppid(), 0), done)
    attempt("raise a limit", lambda: __import__("resource").prlimit(os.getppid(), 0), done)
    libc = ctypes.CDLL(None, use_errno=True)
    for name, number in (("ptrace", 101), ("keyctl", 250), ("bpf", 321), ("io_uring", 425)):
        ctypes.set_errno(0)
        if libc.syscall(number, 0, 0, 0, 0) >= 0:
            done.append(name)
    attempt("reach a network", reach, done)
    done = [name for name in done if name not in allowed]
    if not done and "run a program" not in allowed:
        attempt("run a program", lambda: os.execv("/bin/true", ["true"]), done)  # replaces us: no answer is a failure
    return done
"""
_LIMITS = {
    "wall_s": 10.0,
    "cpu_s": 5.0,
    "memory_mib": 256,
    "output_bytes": 4096,
    "kept_bytes": 4096,
    "answer_bytes": 4096,
}


ONE_PROGRAM = "one-program"
"""What an evaluator with a program may do: start processes, but no other program."""
_OF = {
    "network-loopback": ("open a socket",),
    "processes": ("start a process", "run a program"),
    ONE_PROGRAM: ("start a process",),
}
"""The attempts of the probe that succeed where something is allowed."""


def passed(
    worker: Worker, unreadable: tuple[str, ...], allow: tuple[str, ...] = (), *, own_folder: bool = False
) -> Worker:
    """Return a worker that passed the denial test; closes it and raises SandboxUnavailable where it does not.

    `allow` names what a suite may do (see `sandbox/suite.py`). `own_folder` says that the sandbox may have its own
    folder for temporary files; then a file that is written there must not appear on this machine.
    """
    try:
        allowed = [it for name in allow for it in _OF[name]]
        check(worker, unreadable=unreadable, allowed=(*allowed, *(("write a file",) if own_folder else ())))
    except BaseException:
        worker.close()
        raise
    return worker


def check(worker: Worker, *, unreadable: tuple[str, ...], allowed: tuple[str, ...] = ()) -> None:
    """Run the probe; raises SandboxUnavailable where it did not run, or where an attempt that is not `allowed`
    succeeded.
    """
    written = Path(f"/tmp/coderefine-denial-{secrets.token_hex(8)}")  # noqa: S108 - a path that anybody may write
    try:
        (event,) = worker.run(
            SandboxProgram(plain_spec("probe", 3), _LIMITS, PROBE),
            [values.encode([list(unreadable), list(allowed), str(written)]).encode()],
        )
        message = values.decode(event.message) if event.message else [event.status, event.exit]
    except (WorkerFault, values.Malformed, ValueError) as error:
        raise SandboxUnavailable(f"the sandbox failed its denial test: {error}") from None
    if written.exists():
        written.unlink(missing_ok=True)
        message = [*message[:1], [*message[1:], "write a file"]]
    if message != ["value", []]:
        raise SandboxUnavailable(f"the sandbox failed its denial test, so nothing is run in it: {message}")
