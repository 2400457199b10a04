"""Notes what a test asks for and the sandbox denies, as the interpreter itself reports it.

A test may catch the error, go on with half of what it needs, and fail later for a reason that looks like its own. Or it
may wait for ever for a server that could not be started. So a denial is noted when it happens, and a test is
interrupted that still runs some seconds after it was denied something that other parts of it may wait for.

Nothing here protects anything. Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from typing import Any, Callable, Optional, Sequence, Tuple

PATIENCE_S = 5.0
"""Seconds that a test may run after it was denied a socket or a process."""
_PROCESS = frozenset({"subprocess.Popen", "os.posix_spawn", "os.system", "os.fork", "os.forkpty", "os.exec"})
_NAMES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
_CHANGES = frozenset(
    {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "os.utime"}
)
_LISTS = frozenset({"os.listdir", "os.scandir"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_INTERNET = (2, 10)


class Denied(BaseException):
    """Raised in a test that seems to wait for something that it was denied."""


class Denials:
    """Listens from the moment it is made. `begin` and `end` mark a test; `said` is the first denial in it, in words."""

    def __init__(
        self,
        readable: Sequence[str],
        writable: Sequence[str],
        loopback: bool,
        processes: bool,
        tell: Callable[[str], None],
    ) -> None:
        self._readable = _prefixes([*readable, *writable, os.devnull])
        self._writable = _prefixes([*writable, os.devnull])
        self._loopback, self._processes = loopback, processes
        self._tell = tell
        self._is_on = self._is_busy = False
        self._timer: Optional[threading.Timer] = None
        self.said = ""
        sys.addaudithook(self._hear)

    def begin(self) -> None:
        """Note that a test begins."""
        self.said, self._is_on = "", True

    def end(self) -> None:
        """Note that it ended."""
        self._is_on = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hear(self, event: str, arguments: Tuple[Any, ...]) -> None:
        if not self._is_on or self._is_busy or self.said:
            return
        self._is_busy = True
        try:
            said, waits = self._denied(event, arguments)
            if said:
                self.said = said
                self._tell(said)
                if waits:
                    self._watch()
        except Exception:  # an argument of an unexpected kind
            pass
        finally:
            self._is_busy = False

    def _denied(self, event: str, arguments: Tuple[Any, ...]) -> Tuple[str, bool]:
        """Return what an event is denied, in words ("" for nothing), and whether something may wait for it."""
        if event == "open":
            path, mode, flags = arguments
            is_write = bool(flags & _WRITES) if isinstance(flags, int) else bool(mode and set(mode) & set("wax+"))
            return self._path(path, is_write), False
        if event in _CHANGES:
            return self._path(arguments[0], True), False
        if event in _LISTS:
            return self._path(arguments[0], False), False
        if event in _PROCESS and not self._processes:
            return "starting a process", True
        if event == "socket.__new__" and not self._loopback and arguments[1] in _INTERNET:
            return "a socket", True
        if event in _NAMES and not self._loopback:
            return "looking up the name of a host", False
        return "", False

    def _path(self, path: Any, is_write: bool) -> str:
        if not isinstance(path, (str, bytes)):
            return ""
        text = os.path.join(os.getcwd(), os.fsdecode(path))
        allowed = self._writable if is_write else self._readable
        if text.startswith(allowed) or (os.path.realpath(text) + os.sep).startswith(allowed):
            return ""
        if not is_write and not os.path.exists(text):
            return ""
        return "%s %s" % ("writing" if is_write else "reading", text)

    def _watch(self) -> None:
        main, said = threading.main_thread().ident, self.said

        def interrupt() -> None:
            if self._is_on and self.said == said:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main or 0), ctypes.py_object(Denied))

        if threading.current_thread() is threading.main_thread():
            self._timer = threading.Timer(PATIENCE_S, interrupt)
            self._timer.daemon = True
            self._timer.start()


def _prefixes(paths: Sequence[str]) -> Tuple[str, ...]:
    found = []
    for path in paths:
        for it in (os.path.abspath(path), os.path.realpath(path)):
            found.append(it + os.sep if os.path.isdir(it) else it)
            found.append(it + os.sep)
    return tuple(dict.fromkeys(found))
