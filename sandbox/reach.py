"""Which Python files of a project a session of pytest opened: what its tests can depend on, whatever imported them.

The interpreter itself tells (`sys.addaudithook`), so that it makes no difference how a file came to be read: by an
import statement, importlib, a lazy package, or `open`. What cannot be told apart makes the answer unknown. As with all
of the recorder, it is the word of the process in which the code under test ran.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any, List, Optional, Set

_STARTING = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec"})
"""Not all ways to start a process are reported, so its children are looked for as well."""


class Reach:
    """Begins to note when it is made; it cannot be ended, as the process is to end with the session."""

    def __init__(self, project: str, starts_processes: bool) -> None:
        """`starts_processes`: whether any can be started here; else to try it changes nothing."""
        self._project = os.path.join(os.path.realpath(project), "")
        self._starting = _STARTING if starts_processes else frozenset()
        self._found: Set[str] = set()
        self._is_known = True
        self._is_busy = False
        sys.addaudithook(self._hear)

    @property
    def files(self) -> Optional[List[str]]:
        """Paths below the project, or None where it is not known: a process that was started tells nothing."""
        return sorted(self._found) if self._is_known and not _had_children() else None

    def _hear(self, event: str, arguments: Any) -> None:
        if event in self._starting:
            self._is_known = False
        if event != "open" or self._is_busy:
            return
        path, mode = arguments[0], arguments[1]
        if not isinstance(path, (str, bytes)):
            return  # a descriptor, which somebody opened before
        self._is_busy = True
        try:
            path = os.fsdecode(path)
            if mode is None and not os.path.isabs(path):
                self._is_known = False  # os.open, perhaps relative to a folder's descriptor, which nobody tells
            elif path.endswith(".py"):
                path = os.path.realpath(path)
                if path.startswith(self._project):
                    self._found.add(path[len(self._project) :])
        except BaseException:
            self._is_known = False
        finally:
            self._is_busy = False


def _had_children() -> bool:
    """Whether this process ever started another, however it did."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # there are none now
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
    return True
