"""A candidate that is a file of a project, tested by pytest in its own process.

`load` only compiles it, so that a syntax error is one. A request is a whole session: a frame whose header has "files"
(relative paths, one part each), "tests" (what pytest is given), "canary" (a file of tests that are added to those that
are collected, in "root"), "max_failures" (0: no limit), "paths" (folders from which modules are imported, besides the
project itself), "plugins" (modules for pytest to load), "deselected" (ids of tests not to run, without parameters),
"executables" (which of the files can be started), "reach" (whether to note the files of each test), "soft_s" (seconds
after which no further test is begun; 0: no such limit), "root" (the folder in which pytest is started), "configured"
(whether the project's settings hold, see configured.py), "autoload" (whether installed plugins are loaded), "sealed"
(whether the project's folder can no longer be written) and "seal" (a key). The files are written to a fresh scratch
folder, and pytest runs in it. The answer is ["session", exit status, collected ids, rows, failures outside of tests,
what was tampered with, what tests reached, what was not begun] (see recorder.py and reach.py), or ["compile", ...]. As
the session goes, each test is also reported on standard output, a line each; of a session that does not end, nothing
else is known. A line is JSON, a blank, and a code that only the key can make, since the code under test can write there
as well.

Standard library only (but for pytest), Python 3.8 or newer.
"""

from __future__ import annotations

import hmac
import importlib
import json
import os
import shlex
import sys
import tempfile
from typing import Any, Callable, Dict, List, Optional, Sequence

from sandbox import (
    candidate,
    configured,
    confine,
    denials,
    landlock,
    owners,
    profiles,
    programs,
    reach,
    recorder,
    scratch,
    starting,
    warm,
    wire,
)

MAX_TOLD_BYTES = 1 << 18
"""Bytes of rows that are reported in full as the session goes; after that only how each test ended."""
RECURSION_LIMIT = 1000  # Python's own: what pytest runs with outside
ALLOWED = ("network-loopback", "processes")
"""What a suite may ask for besides reading and writing files."""


def prepare(config: Dict[str, Any], namespaces: List[str]) -> profiles.Profile:
    """Prepare this nursery for suites, with pytest imported and a scratch; return the profile.

    Raises OSError or WarmError.

    `config` holds "scratch", the folder of a scratch that is mounted already, or "" to mount one; "packages", pytest
    for an interpreter without one; "plugins", whether the installed plugins of pytest are imported ahead; "allow",
    names of ALLOWED. `namespaces` are those that this process has to itself.
    """
    if not config["scratch"] and "mnt" not in namespaces:
        raise OSError("this kernel grants no mount namespace, so tests cannot have a scratch folder of their own")
    unknown = [name for name in config["allow"] if name not in ALLOWED]
    if unknown:
        raise OSError("a suite cannot be allowed %s" % ", ".join(unknown))
    loopback = "network-loopback" in config["allow"]
    if loopback and not config["scratch"]:  # a container comes with a loopback interface, and with no other
        if "net" not in namespaces:
            raise OSError("this kernel grants no network namespace, so tests cannot have a loopback network")
        confine.bring_loopback_up()
    readable = warm.import_pytest(config["packages"])
    Suite.site = list(readable)
    if config.get("plugins"):
        warm.import_plugins(readable)
    readable += config.get("site", [])
    recorder.mark_hooks(importlib.import_module("pytest"))
    owners.mark_hooks(importlib.import_module("pytest"))
    begun: Dict[str, Any] = {}
    if "processes" in config["allow"]:
        folders = programs.folders()
        starting.check(namespaces, [*readable, *folders], bool(config["scratch"]))
        begun = {"programs": folders, "shared": profiles.SHARED}
    names_hosts = os.path.exists(scratch.HOSTS) and (loopback or not config["scratch"])
    root = config["scratch"]
    is_own = not root
    if is_own:
        avoid = [*sys.path, sys.executable, sys.prefix, sys.base_prefix, profiles.SHARED]
        root = scratch.mount(avoid)
        scratch.mount_shared()
        begun.update(shared=profiles.SHARED)
        if names_hosts:
            scratch.mount_hosts(root)
        if os.path.exists(scratch.USERS):
            Suite.users = scratch.mount_users(root)
            readable.append(scratch.USERS)
    project, temporary = scratch.folders(root)
    if is_own:
        for place in ("/tmp", "/var/tmp"):
            if place != root:
                scratch.cover(place, temporary, avoid)
    tempfile.tempdir = None  # looked up again, in the child
    Suite.guard = recorder.Guard()
    Suite.search_path = programs.search_path()
    readable += [scratch.HOSTS] if names_hosts else []
    readable += programs.plain()
    readable += programs.readable() if begun.get("programs") else []
    signals = landlock.abi() >= landlock.SIGNALS_ABI
    return profiles.Profile(readable, project, temporary, loopback, signals=signals, **begun)


def introduce(uid: Optional[int]) -> None:
    """Name the user that tests run as in their list of users, where they have a list of their own."""
    if Suite.users:
        uid = os.getuid() if uid is None else uid
        with open(Suite.users, "a") as file:
            file.write("tester:x:%d:%d:tester:/tmp:/bin/sh\n" % (uid, uid))


class Suite:
    """One session of pytest, in a process that is already confined."""

    guard: Any = None  # made in the nursery
    site: Sequence[str] = ()
    """The folders of installed packages."""
    search_path = ""
    users = ""
    """The file with the tests' list of users; "" where they have none of their own."""

    def __init__(self, confinement: confine.Confinement) -> None:
        self._confinement = confinement
        self._writable = confinement.profile.writable
        self._project, self._temporary = self._writable[:2]
        self._told, self._pid = 0, os.getpid()
        self._seal: Any = None

    def load(self, prelude: bytes, source: bytes) -> List[Any]:
        """Empty the scratch and compile the candidate; the prelude is not used."""
        try:
            for folder in self._writable:
                scratch.wipe(folder)
        except OSError:
            os._exit(confine.UNCLEAN)
        return candidate.compiled(source)[1]

    def answer(self, request: bytes) -> List[Any]:
        """Write the files, seal them, run pytest on the tests, and return the message with the outcome of each."""
        header, contents = wire.unpack(request)
        self._seal = hmac.new(bytes.fromhex(header.pop("seal")), digestmod="sha256")
        executables = set(header["executables"])
        for path, data in zip(header["files"], contents):
            scratch.write(self._project, path, data, executable=path in executables)
        root = os.path.join(self._project, header["root"]).rstrip(os.sep)
        self._enter(root, header["paths"], autoload=header["autoload"])
        if header["sealed"]:
            self._confinement.seal()
        output = os.dup(1)  # pytest redirects the descriptors of the output
        reached: Optional[reach.Reach] = None
        if header["reach"]:
            reached = reach.Reach(self._project, bool(self._confinement.profile.programs), header["canary"])
        noted = recorder.Recorder(self._project, root, header, lambda told: self._tell(output, told))
        plugins: List[Any] = [noted]
        if reached:
            plugins.append(owners.Owners(reached, noted.id_of, header["tests"]))
        if header["configured"]:
            noted.denials = self._denials(lambda said: self._tell(output, ["denied", said]))
        # Nobody sees pytest's terminal output, but many of its parts ask for the options of the terminal.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
        status = importlib.import_module("pytest").main(self._arguments(header, root), plugins=plugins)
        if os.getpid() != self._pid:  # a test forked, and the child returned into the session
            os._exit(int(status))
        changes = self.guard.changes()
        return [
            "session",
            int(status),
            noted.collected,
            noted.rows,
            noted.failures,
            changes,
            reached.told() if reached else None,
            noted.left,
        ]

    def _denials(self, tell: Callable[[str], None]) -> denials.Denials:
        profile = self._confinement.profile
        readable = [*profile.readable, *profile.programs, *landlock.library_paths()]
        writable = [*self._writable, *(("/tmp", "/var/tmp") if self.users else ())]
        return denials.Denials(readable, writable, profile.loopback, bool(profile.programs), tell)

    def _enter(self, root: str, paths: List[str], autoload: bool) -> None:
        os.chdir(root)
        os.environ.update(
            HOME=self._temporary,
            TMPDIR=self._temporary,
            USER="tester",
            LOGNAME="tester",
            LANG="C.UTF-8",
            PATH=self.search_path,
            PYTHONDONTWRITEBYTECODE="1",
            HYPOTHESIS_STORAGE_DIRECTORY=os.path.join(self._temporary, "hypothesis"),
        )
        if not autoload:
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        # As for `python -m pytest` with these in PYTHONPATH.
        sources = [root, self._project, *(os.path.join(self._project, path) for path in paths)]
        sources = list(dict.fromkeys(sources))
        sys.path[:0] = sources
        warm.give_way(sources, self.site)
        if self._confinement.profile.programs:
            os.environ.update(PYTHONPATH=os.pathsep.join(sources), PYTHONHASHSEED="0", GIT_CONFIG_NOSYSTEM="1")
        sys.argv = ["pytest"]
        sys.setrecursionlimit(RECURSION_LIMIT)

    def _arguments(self, header: Dict[str, Any], root: str) -> List[str]:
        plugins = list(header["plugins"])
        tests = [os.path.join(self._project, test) for test in header["tests"]]
        if header["configured"]:
            file, found = configured.settings(root, self._project, header["tests"])
            set_ = ["addopts=" + shlex.join(configured.options(found, root))]
            set_.append("cache_dir=" + os.path.join(self._temporary, "cache"))
            plugins += ["no:" + name for name in configured.BLOCKED]
        else:
            name = next((name for name in configured.SETTINGS if name in header["files"]), os.devnull)
            file = os.path.join(self._project, name)
            plugins += ["no:cacheprovider", "no:faulthandler"]
            # What counts as a test is fixed here, because the host reads it from the files by these rules.
            set_ = ["addopts=", "required_plugins=", "python_files=test_*.py", "python_classes=Test"]
            set_.append("python_functions=test")
        options = [word for name in plugins for word in ("-p", name)]
        options += [word for it in set_ for word in ("-o", it)]
        options += ["-c", file, "--rootdir", root, "--confcutdir", self._project]
        options += ["--basetemp", os.path.join(self._temporary, "pytest"), "--tb=no", "--no-summary", "--no-header"]
        return [*options, "--maxfail=%d" % header["max_failures"], "--continue-on-collection-errors", *tests]

    def _tell(self, output: int, told: List[Any]) -> None:
        if os.getpid() != self._pid:
            return
        if told[0] == "row" and self._told > MAX_TOLD_BYTES:
            told = ["row", [*told[1][:4], "", *told[1][5:6], [], "", *told[1][8:]]]
        text = json.dumps([self._told, told], separators=(",", ":")).encode("ascii")
        seal = self._seal.copy()
        seal.update(text)
        data = b"\n" + text + b" " + seal.hexdigest().encode("ascii") + b"\n"
        self._told += len(data)
        while data:
            data = data[os.write(output, data) :]
