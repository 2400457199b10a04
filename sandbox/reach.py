"""What the tests of a session reached: which functions of the project they ran, and which of its files they read.

Functions of imported modules have probes (probes.py). The interpreter itself reports that a file is opened
(`sys.addaudithook`), whether a helper of pytest, `open` or the printing of a traceback opens it. Where the reader
cannot be known, the answer is unknown. As with all of the recorder, the code under test runs in the same process, so
the report is only its word.

A place is [path, line]: the line at which a function begins, 0 for what a module runs when it is imported, -1 for a
file as a whole. Places belong to an owner: a test (without parameters), a file of tests (what runs when it is
imported), or "" for all tests: what runs when other modules are imported, and in fixtures that tests share.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import resource
import sys
from typing import Any, Dict, List, Optional, Set, Tuple

from sandbox import probes

MAX_CHARS = 4 << 20
WHOLE, MODULE = -1, 0
_STARTING = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec"})
"""Events of started processes. Not every way to start one is reported, so children are looked for as well."""


class Reach:
    """Notes what is reached from the moment it is made. It cannot be stopped: the process ends with the session."""

    def __init__(self, project: str, starts_processes: bool, ignored: str) -> None:
        """`starts_processes` says whether a process can be started here; else an attempt changes nothing.

        `ignored` is a file whose opening does not count.
        """
        self._project = os.path.join(os.path.realpath(project), "")
        self._starting = _STARTING if starts_processes else frozenset()
        self._hits = probes.Hits()
        self._places: List[Tuple[str, int]] = []
        self._at: Dict[Tuple[str, int], int] = {}
        self._owner = ""
        self._found: Dict[str, Set[int]] = {}
        self._unknown: Set[str] = set()
        self._has_started = False
        self._loading = [ignored]
        self._is_busy = False
        sys.addaudithook(self._hear)
        self._watch_imports()

    def switch(self, owner: str) -> str:
        """Have what is reached from now on belong to `owner`; return the owner so far."""
        taken = self._hits.take()
        if taken:
            self._found.setdefault(self._owner, set()).update(taken)
        before, self._owner = self._owner, owner
        return before

    def told(self) -> Optional[str]:
        """Return {"places", "owners": {owner: numbers of places}, "unknown": owners} as JSON; None where not known."""
        self.switch("")
        if "" in self._unknown or (not self._has_started and _had_children()):
            return None
        owners = {owner: sorted(found) for owner, found in self._found.items()}
        record = {"places": self._places, "owners": owners, "unknown": sorted(self._unknown)}
        text = json.dumps(record, separators=(",", ":"))
        return text if len(text) <= MAX_CHARS else None

    def _place(self, path: str, line: int) -> int:
        key = (path, line)
        if key not in self._at:
            self._at[key] = len(self._places)
            self._places.append(key)
            self._hits.append(0)
        return self._at[key]

    def _within(self, path: str) -> str:
        """Return the path of a file from the project's folder; "" for a file outside."""
        path = os.path.realpath(path)
        return path[len(self._project) :] if path.startswith(self._project) else ""

    def _watch_imports(self) -> None:
        loader: Any = importlib.machinery.SourceFileLoader
        run, compile_ = loader.exec_module, loader.source_to_code

        def exec_module(self_: Any, module: Any) -> None:
            path = self._within(self_.path)
            if not path:
                return run(self_, module)  # type: ignore[no-any-return]
            before = self.switch("")
            self._loading.append(path)
            try:
                run(self_, module)
            finally:
                self._loading.pop()
                if (path, MODULE) not in self._at:  # it was not loaded by `source_to_code`
                    self._hits[self._place(path, WHOLE)] = 1
                self.switch(before)

        def source_to_code(self_: Any, data: Any, path: Any, *more: Any, **options: Any) -> Any:
            inside = self._within(os.fsdecode(path)) if isinstance(path, (str, bytes)) else ""
            if not inside or inside not in self._loading:
                return compile_(self_, data, path, *more, **options)
            try:
                code = probes.compiled(data, path, self._hits, lambda line: self._place(inside, line))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return compile_(self_, data, path, *more, **options)
            self._hits[self._place(inside, MODULE)] = 1
            return code

        loader.exec_module, loader.source_to_code = exec_module, source_to_code

    def _hear(self, event: str, arguments: Any) -> None:
        if event in self._starting:
            self._unknown.add(self._owner)
            self._has_started = True
        if event != "open" or self._is_busy:
            return
        path, mode = arguments[0], arguments[1]
        if not isinstance(path, (str, bytes)):
            return  # a descriptor, which was opened before
        self._is_busy = True
        try:
            path = os.fsdecode(path)
            if mode is None and not os.path.isabs(path):
                # os.open, perhaps relative to a folder's descriptor, which is not reported
                self._unknown.add(self._owner)
                return
            inside = self._within(path)
            if not inside or inside in self._loading:
                return
            if inside.endswith(".pyc"):
                if os.path.exists(path):  # it is read instead of a source, which is then not opened
                    self._unknown.add("")
                return
            place = self._place(inside, WHOLE)
            # other files import it without opening it again
            if self._owner and "::" not in self._owner and inside != self._owner:
                self._found.setdefault("", set()).add(place)
            else:
                self._hits[place] = 1
        except BaseException:
            self._unknown.add("")
        finally:
            self._is_busy = False


def _had_children() -> bool:
    """Whether this process ever started another, by any means."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # there are none now
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
    return True
