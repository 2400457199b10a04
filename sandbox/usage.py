"""Measures what a candidate that may start processes uses together with all of them, from /proc of their PID namespace.

The kernel measures and limits one process, but not many together: each would have the memory and the time of one. So
the relay looks at all of them, twenty times a second.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import time
from typing import Tuple

from sandbox import profiles

INTERVAL_S = 0.05
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
# Memory of the process itself and not of a file, shared or not, and what the kernel needs for its page tables.
_MEMORY = (b"RssAnon:", b"RssShmem:", b"VmSwap:", b"VmPTE:")
_SOCKET_KIB = 256  # the most that one holds; no other limit counts it


class Usage:
    """The use of everything in this PID namespace but its first process and this one."""

    def __init__(self) -> None:
        self._ours = {"1", str(os.getpid())}
        # The candidate and the spare start with a copy of the nursery's memory.
        self._before_kib = 2 * _memory_kib("1") + _sockets_kib()
        self.begin(0)

    def begin(self, candidate: int) -> None:
        """Forget the figures so far: from now on they are about another candidate."""
        self._candidate, self._due, self._is_over = str(candidate), 0.0, False
        self.cpu_s = 0.0
        """CPU seconds used so far, without those of the candidate's own process."""
        self.peak_kib = 0
        """The most memory seen."""

    def look(self, memory_mib: int) -> str | None:
        """Return what should end the run: "memory", "processes" (too many), or "exit" (the candidate's process is
        gone).

        None where nothing should, or where the last look was a moment ago.
        """
        now = time.monotonic()
        if now < self._due:
            return None
        self._due = now + INTERVAL_S
        others = [pid for pid in os.listdir("/proc") if pid.isdecimal() and pid not in self._ours]
        if len(others) > profiles.MAX_PROCESSES:
            return "processes"
        cpu_s, kib, ended = 0.0, _sockets_kib() - self._before_kib, False
        for pid in others:
            state, own_s, reaped_s = _times(pid)
            kib += _memory_kib(pid)
            cpu_s += reaped_s
            if pid == self._candidate:
                ended = state == "Z"
            else:
                cpu_s += own_s
        self.cpu_s, self.peak_kib = max(self.cpu_s, cpu_s), max(self.peak_kib, kib)
        # Twice in a row: for a moment, a process that starts a program counts twice.
        was_over, self._is_over = self._is_over, kib > memory_mib << 10
        if was_over and self._is_over:
            return "memory"
        return "exit" if ended else None


def _times(pid: str) -> Tuple[str, float, float]:
    """Return the state of a process, the CPU time that it used, and that of its children that ended."""
    fields = _read("/proc/%s/stat" % pid).rpartition(b")")[2].split()
    if not fields:  # it ended meanwhile
        return "", 0.0, 0.0
    user, system, children_user, children_system = map(int, fields[11:15])
    return fields[0].decode(), (user + system) * _TICK_S, (children_user + children_system) * _TICK_S


def _memory_kib(pid: str) -> int:
    status = _read("/proc/%s/status" % pid)
    if b"RssAnon:" not in status:  # its first thread ended, but others may live on
        try:
            threads = os.listdir("/proc/%s/task" % pid)
        except OSError:
            return 0
        found = (_read("/proc/%s/task/%s/status" % (pid, thread)) for thread in threads)
        status = next((text for text in found if b"RssAnon:" in text), b"")
    return sum(int(line.split()[1]) for line in status.split(b"\n") if line.startswith(_MEMORY))


def _sockets_kib() -> int:
    """Return the memory that all sockets of this network namespace may hold, in KiB."""
    words = _read("/proc/self/net/sockstat").split(None, 3)  # sockets: used N
    return int(words[2]) * _SOCKET_KIB if len(words) > 2 else 0


def _read(path: str) -> bytes:
    """Return the contents of a file; nothing where it is gone."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
