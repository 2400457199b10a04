"""Checks whether confined programs may start processes here: only where all of them can be ended, and counted.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
from typing import List, Sequence

from sandbox import confine, profiles


def check(namespaces: List[str], needed: Sequence[str], is_container: bool) -> None:
    """Raise OSError where processes could not be ended or limited in number; `needed` are the folders that they
    read.
    """
    if not is_container and "pid" not in namespaces:
        raise OSError("this kernel grants no PID namespace, so nothing here can start processes")
    if os.readlink("/proc/self") != str(os.getpid()):
        raise OSError("/proc does not show the processes of this sandbox alone, so nothing here can start any")
    if os.geteuid() == 0 and confine.usable_uid(needed) is None:  # no other limit holds for root
        confine.limit_tasks(profiles.MAX_TASKS)
