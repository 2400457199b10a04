"""How long a process has waited for a processor, as the kernel counts it: on a busy machine that is not its own doing.

Read from /proc/PID/task/TID/schedstat, of which the second number is the time (ns) that a thread was ready to run and
did not. Where the kernel does not say, it is nothing.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
from typing import Dict

SOON_S = 0.1
"""For what takes less, nobody has to look."""


class Delay:
    """Of one process, since `begin`: the most that one of its threads has waited. They wait at the same time."""

    def __init__(self, pid: int) -> None:
        """`pid`: as /proc has it, 0 where it has another."""
        self._pid = pid
        self._before: Dict[str, float] | None = None if pid else {}

    @property
    def begun(self) -> bool:
        """Whether `begin` was called, or need not be."""
        return self._before is not None

    def begin(self) -> None:
        """Count from now on."""
        self._before = _delays_s(self._pid)

    @property
    def s(self) -> float:
        """Seconds since then, 0.0 before it."""
        if not self._before:
            return 0.0
        before = self._before
        return max((delay - before.get(thread, 0.0) for thread, delay in _delays_s(self._pid).items()), default=0.0)


def _delays_s(pid: int) -> Dict[str, float]:
    """Return what each thread has waited since it began."""
    found = {}
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/schedstat" % (pid, thread), "rb") as file:
                found[thread] = int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):  # it ended, or the kernel does not count
        pass
    return found
