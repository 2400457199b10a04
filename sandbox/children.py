"""The relay's side of the nursery: hands out children, with a spare always ready, and sees them to their end.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import array
import os
import resource
import signal
import socket
import time
from typing import Tuple

from sandbox import nursery
from sandbox.child import Child
from sandbox.host import Host
from sandbox.usage import Usage

_CLEARING_S = 2.0  # for killed processes to be gone


class NurseryGone(Exception):
    """The nursery ended."""


class Children:
    """Takes one child at a time and ends it before the next."""

    def __init__(self, host: Host, nursery_: socket.socket, alone: bool, usage: Usage | None = None) -> None:
        """`alone`: this sandbox has a PID namespace of its own. `usage`: measures children that may start processes."""
        self._host, self._nursery, self._alone, self._usage = host, nursery_, alone, usage
        self._taken: Child | None = None
        self._spare: Child | None = None
        self._forking = False
        self._reaping = False
        self._known_kib = 0
        self._sees_itself = alone and _sees_itself()
        self.peak_kib = 0
        """The most memory that a child has used since this was last reset."""
        self._before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.used_kib = 0
        """The most memory that the child that ended last has used beyond what it was forked with."""
        self.clean = True
        """False once a child left a forbidden process behind: this sandbox must not be used again."""
        self._ask_fork()

    def take(self) -> Child:
        """Return a child; `prepare` must be called next. Raises OSError where none can be forked."""
        self._receive_spare()
        if self._spare is None:  # there were too many tasks when it was asked for
            self._ask_fork()
            self._receive_spare()
        if self._spare is None:
            raise OSError("no process can be started")
        self._taken, self._spare = self._spare, None
        if self._usage is not None:
            self._usage.begin(self._taken.pid)
        return self._taken

    def prepare(self) -> None:
        """Have the next child forked while the current one is busy."""
        self._ask_fork()

    def end(self, child: Child, leaving: bool = False) -> int | None:
        """Kill and reap a child; return its exit status, negative for a signal, or None if it had to be killed.

        `leaving` says that its channel is closed, so that it gets a moment to end by itself and to leave a status.
        """
        self._begin_end(child, leaving)
        return self._finish_end()

    def read_peak(self, child: Child) -> bool:
        """Update `peak_kib`; return False where the value is only known at the end of the child."""
        self._known_kib = _peak_kib(child.pid) if self._sees_itself and self._usage is None else 0
        self.peak_kib = max(self.peak_kib, self._known_kib)
        return self._known_kib > 0

    def release(self, child: Child) -> None:
        """End a child that has answered all; afterwards neither it nor anything that it started can do anything.

        A killed process stops at once but takes a while to be gone. That is waited for only where something is still to
        be known: its peak memory, or whether it started a task.
        """
        self._begin_end(child)
        self._receive_spare()
        if self._known_kib and self._nothing_started():
            self._reaping = True
        else:
            self._finish_end()

    def _begin_end(self, child: Child, leaving: bool = False) -> None:
        child.ended = True
        child.close()
        if self._usage is not None and not leaving:
            self._receive_spare()
            if not self._nothing_started():  # all at once, before they go on multiplying
                _sweep()
        if not leaving:
            os.kill(child.pid, signal.SIGKILL)  # the pid is not free until the nursery reaps it
        order = nursery.WAIT if leaving else nursery.KILL
        self._nursery.send(nursery.ORDER.pack(order, child.pid))

    def _finish_end(self) -> int | None:
        self._receive_spare()
        status, peak_kib = self._receive_end()
        self.used_kib = peak_kib - self._before_kib
        self.peak_kib = max(self.peak_kib, peak_kib, self._usage.peak_kib if self._usage else 0)
        if self._alone and not self._nothing_started():
            if self._spare is not None:
                spare, self._spare = self._spare, None
                self._begin_end(spare)
                self._receive_end()
            self.clean = self.clean and (_sweep() if self._usage is None else self._clear())
            self._ask_fork()
        return status

    def _clear(self) -> bool:
        """Kill what a child started and left behind; return whether all of it is gone."""
        deadline = time.monotonic() + _CLEARING_S
        while not _sweep():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.0005)
            self._nursery.send(nursery.ORDER.pack(nursery.REAP, 0))
            _there(self._nursery.recv(len(nursery.REAPED)))
        return True

    def _nothing_started(self) -> bool:
        """Whether the killed child started no task, not even a thread: pids count up, and none is missing."""
        return (
            self._taken is not None
            and self._spare is not None
            and self._spare.pid == self._taken.pid + 1 == _last_pid()
        )

    def _ask_fork(self) -> None:
        self._forking = True
        self._nursery.send(nursery.ORDER.pack(nursery.FORK, 0))

    def _receive_spare(self) -> None:
        if not self._forking:
            return
        if self._reaping:
            self._reaping = False
            self._receive_end()
        self._forking = False
        ends = array.array("i")
        data, control, _, _ = self._nursery.recvmsg(nursery.FORKED.size, socket.CMSG_SPACE(4 * ends.itemsize))
        for level, kind, content in control:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                ends.frombytes(content[: 4 * ends.itemsize])
        (pid,) = nursery.FORKED.unpack(_there(data))
        if pid > 0:
            self._spare = Child(self._host, pid, *ends, self._usage, pid if self._sees_itself else 0)
        else:
            for end in ends:
                os.close(end)

    def _receive_end(self) -> Tuple[int | None, int]:
        by_itself, status, peak_kib = nursery.ENDED.unpack(_there(self._nursery.recv(nursery.ENDED.size)))
        if not by_itself:
            return None, peak_kib
        return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), peak_kib


def _there(data: bytes) -> bytes:
    if not data:
        raise NurseryGone
    return data


def _sees_itself() -> bool:
    """Whether /proc shows our own namespace, so that what it says of a pid is said of our child."""
    try:
        return os.readlink("/proc/self") == str(os.getpid())
    except OSError:
        return False


def _peak_kib(pid: int) -> int:
    """Return the most memory that a process has used; 0 where the kernel does not say."""
    try:
        with open("/proc/%d/status" % pid, "rb") as file:
            status = file.read()
        return int(status[status.index(b"VmHWM:") + 6 :].split(None, 1)[0])
    except (OSError, ValueError):  # the process may have ended by itself
        return 0


def _last_pid() -> int:
    """Return the last pid that was given out in our namespace; 0 where the kernel does not say."""
    try:
        with open("/proc/loadavg", "rb") as file:
            return int(file.read().split()[-1])
    except (OSError, ValueError):
        return 0


def _sweep() -> bool:
    """Kill everything in this PID namespace but its first process and this one; return whether there was nothing."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False
