"""The relay's side of the nursery: hands out children, with a spare always ready, and sees them to their end.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import array
import os
import signal
import socket

from sandbox import nursery
from sandbox.child import Child
from sandbox.host import Host


class Children:
    """Takes one child at a time and ends it before the next."""

    def __init__(self, host: Host, nursery_: socket.socket, alone: bool) -> None:
        """`alone`: in a PID namespace of our own."""
        self._host, self._nursery, self._alone = host, nursery_, alone
        self._taken: Child | None = None
        self._spare: Child | None = None
        self._forking = False
        self.peak_kib = 0
        """The most that a child has used since this was last set."""
        self.clean = True
        """False once a child left a process behind: this sandbox must not be used again."""
        self._ask_fork()

    def take(self) -> Child:
        """Return a child, and have the next one forked meanwhile; raises OSError where none can be forked."""
        self._receive_spare()
        if self._spare is None:  # when it was asked for, there were too many tasks
            self._ask_fork()
            self._receive_spare()
        if self._spare is None:
            raise OSError("no process can be started")
        self._taken, self._spare = self._spare, None
        self._ask_fork()
        return self._taken

    def end(self, child: Child, leaving: bool = False) -> int | None:
        """Kill and reap it; return its exit status, negative for a signal, or None if it had to be killed.

        `leaving`: its channel closed, so that it deserves a moment to be gone by itself and to leave a status.
        """
        self.begin_end(child, leaving)
        return self.finish_end()

    def begin_end(self, child: Child, leaving: bool = False) -> None:
        """Begin what `finish_end` waits for."""
        child.close()
        if not leaving:
            os.kill(child.pid, signal.SIGKILL)  # the pid is not free until the nursery reaps it
        order = nursery.WAIT if leaving else nursery.KILL
        self._nursery.send(nursery.ORDER.pack(order, child.pid))

    def finish_end(self) -> int | None:
        """Wait until the child is gone, and all that it started; return its exit status as `end` does."""
        self._receive_spare()
        status = self._receive_end()
        if self._alone and not self._nothing_started():
            if self._spare is not None:
                spare, self._spare = self._spare, None
                self.begin_end(spare)
                self._receive_end()
            self.clean = self.clean and _sweep()
            self._ask_fork()
        return status

    def _nothing_started(self) -> bool:
        """Whether the child that is gone started no task, not even a thread: pids count up, and none is missing."""
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
        self._forking = False
        ends = array.array("i")
        data, control, _, _ = self._nursery.recvmsg(nursery.FORKED.size, socket.CMSG_SPACE(3 * ends.itemsize))
        for level, kind, content in control:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                ends.frombytes(content[: 3 * ends.itemsize])
        (pid,) = nursery.FORKED.unpack(data)
        if pid > 0:
            self._spare = Child(self._host, pid, *ends)
        else:
            for end in ends:
                os.close(end)

    def _receive_end(self) -> int | None:
        by_itself, status, peak_kib = nursery.ENDED.unpack(self._nursery.recv(nursery.ENDED.size))
        self.peak_kib = max(self.peak_kib, peak_kib)
        if not by_itself:
            return None
        return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _last_pid() -> int:
    """Return the pid that was given out last in our namespace; 0 where the kernel does not say."""
    try:
        with open("/proc/loadavg", "rb") as file:
            return int(file.read().split()[-1])
    except (OSError, ValueError):
        return 0


def _sweep() -> bool:
    """Kill all of this PID namespace but its first process and this one; return whether there was nothing."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False
