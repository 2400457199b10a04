"""How long a process has waited for a processor, as the kernel counts it: on a busy machine that is not its own fault.

It is read from /proc/PID/task/TID/schedstat, whose second number is the time (ns) that a thread was ready to run and
did not run. Where the kernel does not count, the wait is 0.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
from typing import Dict

SOON_S = 0.1
"""For a run shorter than this, the wait need not be read."""


class Delay:
    """The wait of one process since `begin`: that of the thread that waited longest, since threads wait at the same
    time.
    """

    def __init__(self, pid: int) -> None:
        """`pid` is the process's number in /proc, 0 where it is not known."""
        self._pid = pid
        self._before: Dict[str, float] | None = None if pid else {}

    @property
    def begun(self) -> bool:
        """Whether `begin` was called, or has nothing to read."""
        return self._before is not None

    def begin(self) -> None:
        """Count from now on."""
        self._before = _delays_s(self._pid)

    @property
    def s(self) -> float:
        """Seconds since `begin`, 0.0 before it."""
        if not self._before:
            return 0.0
        before = self._before
        return max((delay - before.get(thread, 0.0) for thread, delay in _delays_s(self._pid).items()), default=0.0)


def _delays_s(pid: int) -> Dict[str, float]:
    """Return how many seconds each thread has waited since it started."""
    found = {}
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/schedstat" % (pid, thread), "rb") as file:
                found[thread] = int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):  # it ended, or the kernel does not count
        pass
    return found
