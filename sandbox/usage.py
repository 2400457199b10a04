"""What a candidate that may start processes uses together with all of them: read from /proc of their PID namespace.

One process is measured and limited by the kernel, many are not: each would have the memory and the time of one. So the
relay looks at all of them, twenty times a second.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import time
from typing import Tuple

from sandbox import profiles

INTERVAL_S = 0.05
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_MEMORY = (b"RssAnon:", b"RssShmem:", b"VmSwap:")  # what is of the process and not of a file; shared or not


class Usage:
    """Of everything in this PID namespace but its first process and this one."""

    def __init__(self) -> None:
        self._ours = {"1", str(os.getpid())}
        # The candidate and the spare start with a copy of what the nursery has.
        self._before_kib = 2 * _memory_kib("1")
        self.begin(0)

    def begin(self, candidate: int) -> None:
        """Forget what was seen: from now on it is about another candidate."""
        self._candidate, self._due = str(candidate), 0.0
        self.cpu_s = 0.0
        """Used so far, but for what the candidate's own process did itself."""
        self.peak_kib = 0
        """The most memory seen."""

    def look(self, memory_mib: int) -> str | None:
        """Return what should end the run: "memory", "processes" (too many), "exit" (the candidate's own is no more).

        None where nothing should, or where the last look was a moment ago.
        """
        now = time.monotonic()
        if now < self._due:
            return None
        self._due = now + INTERVAL_S
        others = [pid for pid in os.listdir("/proc") if pid.isdecimal() and pid not in self._ours]
        if len(others) > profiles.MAX_PROCESSES:
            return "processes"
        cpu_s, kib, ended = 0.0, -self._before_kib, False
        for pid in others:
            state, own_s, reaped_s = _times(pid)
            kib += _memory_kib(pid)
            cpu_s += reaped_s
            if pid == self._candidate:
                ended = state == "Z"
            else:
                cpu_s += own_s
        self.cpu_s, self.peak_kib = max(self.cpu_s, cpu_s), max(self.peak_kib, kib)
        if kib > memory_mib << 10:
            return "memory"
        return "exit" if ended else None


def _times(pid: str) -> Tuple[str, float, float]:
    """Return the state of a process, the CPU time that it used, and that of its children that ended."""
    try:
        with open("/proc/%s/stat" % pid, "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:  # it ended meanwhile
        return "", 0.0, 0.0
    user, system, children_user, children_system = map(int, fields[11:15])
    return fields[0].decode(), (user + system) * _TICK_S, (children_user + children_system) * _TICK_S


def _memory_kib(pid: str) -> int:
    try:
        with open("/proc/%s/status" % pid, "rb") as file:
            lines = file.read().split(b"\n")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(_MEMORY))
