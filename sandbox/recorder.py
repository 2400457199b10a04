"""The pytest plugin that records the outcome of every test, and the check that pytest was not tampered with.

All of it lives in the process of the code under test, which could rewrite it. The host compares its report with the
test files.

A row of a test is [id, outcome, phase, type, message, asserted, frames, printed, characters printed, CPU s, wall s,
what it was denied]. Outcomes: "passed", "failed", "skipped", "xfailed". Frames are [file, line, function], of the
project only, outermost first. "asserted" says that the error is a failed assertion, not another exception.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import builtins
import importlib
import os
import pathlib
import subprocess
import sys
import time
import types
from typing import Any, Callable, Dict, List, Optional, Tuple

from sandbox import configured

MAX_MESSAGE_CHARS = 4000
MAX_PRINTED_CHARS = 2000
MAX_FRAMES = 20
MAX_SAID_LINES = 6
_GUARDED = ("_pytest", "pytest", "pluggy", "unittest", "builtins")
_RANK = {"passed": 0, "xfailed": 1, "skipped": 2, "failed": 3}


class Recorder:
    """Given to pytest as a plugin. `tell` is called with ["start", id] and ["row", row] as the session goes.

    Ids are paths from the project's folder, wherever pytest is started. `header` is the request's (see suite.py).
    """

    def __init__(self, project: str, root: str, header: Dict[str, Any], tell: Callable[[List[Any]], None]) -> None:
        self._project = project + os.sep
        self._prefix = "" if root == project else os.path.relpath(root, project) + "/"
        self._is_configured = header["configured"]
        self._deselected = frozenset(header["deselected"])
        self._until = time.monotonic() + header["soft_s"] if header["soft_s"] else 0.0
        self._session: Any = None
        self._running = -1
        self._canary = os.path.join(project, header["canary"])
        self._tell = tell
        self.denials: Any = None
        """Notes what tests are denied (see denials.py); None where that is not asked for."""
        self._errors: Dict[Tuple[str, str], BaseException] = {}
        self._row: List[Any] = []
        self._is_marked = False
        self._started = (0.0, 0.0)
        self.collected: List[str] = []
        self.rows: List[List[Any]] = []
        self.left: List[str] = []
        """Tests that were not begun because the time was used up."""
        self._at: Dict[str, int] = {}
        self.failures: List[List[Any]] = []
        """What failed or was skipped outside of a test: [id, outcome, type, message, frames]."""

    def pytest_configure(self, config: Any) -> None:
        config.option.tbstyle = "no"  # the text of tracebacks takes long, and nothing reads it
        if self._is_configured:
            for text in configured.BLOCKED.values():
                config.addinivalue_line("markers", text)

    def pytest_load_initial_conftests(self) -> Any:
        outcome = yield
        if outcome.excinfo is not None:
            error = outcome.excinfo[1]
            self._failed("conftest.py", getattr(error, "cause", None) or error.__cause__ or error)

    def pytest_itemcollected(self, item: Any) -> None:
        if not self._is_configured:
            self.collected.append(self.id_of(item.nodeid))

    def pytest_collection_modifyitems(self, session: Any, items: List[Any]) -> Any:
        """Remove the tests that are not to be run, and add the canary after all other plugins, so that none
        removes it.
        """
        yield
        items[:] = [item for item in items if self.id_of(item.nodeid).partition("[")[0] not in self._deselected]
        canary = self._canary_items(session)
        items += canary
        added = canary
        if self._is_configured:  # a test that the project itself deselects does not count as one of its tests
            added, seen = [], set()
            for item in items:
                if item.nodeid not in seen:
                    seen.add(item.nodeid)
                    added.append(item)
        self.collected += [self.id_of(item.nodeid) for item in added]
        self._session, self._canaries = session, len(canary)

    def _canary_items(self, session: Any) -> List[Any]:
        pytest = importlib.import_module("pytest")
        module = pytest.Module.from_parent(session, path=pathlib.Path(self._canary))
        names = [name for name in vars(module.obj) if name.startswith("test_")]
        return [pytest.Function.from_parent(module, name=name) for name in names]

    def id_of(self, nodeid: str) -> str:
        """Return an id with its path from the project's folder; pytest gives it from the folder in which it was
        started.
        """
        if not self._prefix or not nodeid:
            return nodeid
        path, colons, rest = nodeid.partition("::")
        return os.path.normpath(self._prefix + path).replace(os.sep, "/") + colons + rest

    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> None:
        """Once the time is used up, leave out all but the next test, which is already set up for."""
        self._running += 1
        if not self._until or time.monotonic() < self._until:
            return
        items = self._session.items
        rest = slice(self._running + 2, len(items) - self._canaries)
        self.left += [self.id_of(it.nodeid) for it in items[rest]]
        del items[rest]

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        if not hasattr(report, "when") or report.when == "collect":
            error = call.excinfo.value
            self._failed(self.id_of(node.nodeid), error.__cause__ or error)

    def pytest_collectreport(self, report: Any) -> None:
        if report.outcome == "skipped":
            self.failures.append([self.id_of(report.nodeid), "skipped", "", _skipped(report), self._skipped_at(report)])

    def pytest_internalerror(self, excrepr: Any, excinfo: Any) -> None:
        self._failed("", excinfo.value)

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        self._failed("", excinfo.value)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._row = [self.id_of(nodeid), "passed", "", "", "", False, [], "", 0, 0.0, 0.0, ""]
        if self.denials is not None:
            self.denials.begin()
        self._started = (time.process_time(), time.perf_counter())
        self._tell(["start", self._row[0]])

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        owners = getattr(item, "obj", None), getattr(item, "cls", None)
        self._is_marked = any(getattr(owner, "__unittest_skip__", False) for owner in owners)
        if call.excinfo is not None:
            self._errors[item.nodeid, call.when] = call.excinfo.value

    def pytest_runtest_logreport(self, report: Any) -> None:
        error = self._errors.pop((report.nodeid, report.when), None)
        outcome = report.outcome
        if outcome == "skipped" and hasattr(report, "wasxfail"):
            outcome = "xfailed"
        printed = [text for title, text in report.sections if title.startswith(("Captured stdout", "Captured stderr"))]
        self._row[7:9] = "".join(printed)[-MAX_PRINTED_CHARS:], sum(map(len, printed))
        if self.id_of(report.nodeid) != self._row[0] or _RANK.get(outcome, 0) <= _RANK[self._row[1]]:
            return  # plugins have outcomes of their own, such as "rerun"
        # A test that unittest's decorators skip is skipped in the call, but before any code of it ran.
        is_early = outcome == "skipped" and self._is_marked
        self._row[1:3] = outcome, "setup" if is_early else report.when
        if outcome == "failed" and error is not None:
            self._row[3:7] = self._described(error)
        elif outcome == "failed":
            self._row[3:7] = ["Failed", str(report.longrepr)[:MAX_MESSAGE_CHARS], True, []]
        else:
            reason = getattr(report, "wasxfail", None)
            message = _skipped(report) if reason is None else str(reason)[:MAX_MESSAGE_CHARS]
            self._row[3:7] = ["", message, False, self._frames(error)]

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        cpu, wall = self._started
        self._row[9:11] = [round(time.process_time() - cpu, 6), round(time.perf_counter() - wall, 6)]
        if self.denials is not None:
            self.denials.end()
            self._row[11] = self.denials.said
        if self._row[0] in self._at:  # run again by a plugin: the last run counts
            self.rows[self._at[self._row[0]]] = self._row
        else:
            self._at[self._row[0]] = len(self.rows)
            self.rows.append(self._row)
        self._tell(["row", self._row])

    def _skipped_at(self, report: Any) -> List[List[Any]]:
        """Return the place where a file was skipped, if that is in the project."""
        place = report.longrepr
        if not (isinstance(place, tuple) and len(place) == 3):
            return []
        path = os.path.join(self._project, str(place[0]))
        return [[path[len(self._project) :], place[1] or 0, ""]] if path.startswith(self._project) else []

    def _failed(self, where: str, error: BaseException) -> None:
        name, message, _, frames = self._described(error)
        self.failures.append([where, "failed", name, message, frames])

    def _described(self, error: BaseException) -> List[Any]:
        asserted = isinstance(error, AssertionError) or type(error).__module__ == "_pytest.outcomes"
        try:
            # pytest's own error for a missing fixture says what is missing in its report only.
            missing = getattr(error, "argname", None) if type(error).__name__ == "FixtureLookupError" else None
            message = "no fixture %r" % missing if missing else str(error) + _of_a_process(error)
        except BaseException:  # a __str__ that raises
            message = ""
        return [type(error).__name__, message[:MAX_MESSAGE_CHARS], asserted, self._frames(error)]

    def _frames(self, error: Optional[BaseException]) -> List[List[Any]]:
        frames: List[List[Any]] = []
        trace = error.__traceback__ if error is not None else None
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file.startswith(self._project):
                frames.append([file[len(self._project) :], trace.tb_lineno, trace.tb_frame.f_code.co_name])
            trace = trace.tb_next
        if len(frames) > MAX_FRAMES:
            frames = frames[: MAX_FRAMES // 2] + frames[-MAX_FRAMES // 2 :]
        return frames


def _of_a_process(error: BaseException) -> str:
    """Return what an error does not say: a process's last output, or that a name is a variable's or not executable."""
    if isinstance(error, subprocess.SubprocessError):
        said = getattr(error, "stderr", None) or getattr(error, "output", None) or ""
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return "".join("\n" + line for line in text.rstrip().split("\n")[-MAX_SAID_LINES:] if line)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if type(error) is KeyError and trace is not None and trace.tb_frame.f_globals is vars(os):
        return " (an environment variable)"
    if isinstance(error, PermissionError) and trace is not None and trace.tb_frame.f_globals is vars(subprocess):
        name = error.filename or ""
        if os.path.isfile(name) and not os.access(name, os.X_OK):
            return " (not executable)"
    return ""


def mark_hooks(pytest: Any) -> None:
    """Tell pytest which of the recorder's hooks wrap others; called once, after pytest was imported."""
    wrap = pytest.hookimpl(hookwrapper=True, tryfirst=True)
    Recorder.pytest_load_initial_conftests = wrap(Recorder.pytest_load_initial_conftests)  # type: ignore[method-assign]
    Recorder.pytest_collection_modifyitems = wrap(Recorder.pytest_collection_modifyitems)  # type: ignore[method-assign]
    first = pytest.hookimpl(tryfirst=True)
    Recorder.pytest_runtest_protocol = first(Recorder.pytest_runtest_protocol)  # type: ignore[method-assign]


def _skipped(report: Any) -> str:
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) and len(longrepr) == 3 else longrepr
    return str(text)[:MAX_MESSAGE_CHARS]


class Guard:
    """Remembers the functions of pytest, unittest and the builtins, and reports which of them were replaced."""

    def __init__(self) -> None:
        self._known: List[Tuple[Any, str, str, Any, Any]] = []
        for name, module in sorted(sys.modules.items()):
            if name.partition(".")[0] in _GUARDED and isinstance(module, types.ModuleType):
                self._remember(module, name)
        self._path = (list(sys.meta_path), list(sys.path_hooks))

    def _remember(self, module: Any, name: str) -> None:
        for key, value in list(vars(module).items()):
            if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, type)):
                self._note(module, name, key, value)
            if isinstance(value, type) and value.__module__ == name and module is not builtins:
                for attribute, member in list(vars(value).items()):
                    if isinstance(member, (types.FunctionType, staticmethod, classmethod, property)):
                        self._note(value, name + "." + key, attribute, member)

    def _note(self, owner: Any, where: str, key: str, value: Any) -> None:
        self._known.append((owner, where, key, value, getattr(value, "__code__", None)))

    def changes(self) -> List[str]:
        """Return the names of functions that were replaced; at most ten."""
        changed = [
            where + "." + key
            for owner, where, key, value, code in self._known
            if vars(owner).get(key) is not value or getattr(value, "__code__", None) is not code
        ]
        # Finders that libraries append (six does) are asked last, and find no module that a file has.
        for now, before in zip((sys.meta_path, sys.path_hooks), self._path):
            if list(now[: len(before)]) != before:
                changed.append("the import system")
        return changed[:10]
