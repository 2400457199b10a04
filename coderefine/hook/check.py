"""Runs the tests that a commit calls for, in the sandbox, and says what became of them.

The tests see the next commit and nothing else of the repository. All of them together have one time limit.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coderefine.errors import UsageError
from coderefine.hook.git import EXECUTABLE_MODE
from coderefine.hook.plan import Plan
from coderefine.judge import versions
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.kinds.pytest import PYTEST
from coderefine.kinds.suite_files import MAX_BYTES
from coderefine.problem import declared
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite

MAX_FILES = 3000
"""The sandbox holds some more; tests make files, too."""
NO_MODULE = ".coderefine-no-module"
_SETTINGS = ("pytest.ini", ".pytest.ini", "pytest.toml", "pyproject.toml", "tox.ini", "setup.cfg")
_LEAST_S = 0.5
_ALONE = 0.25
"""The part of the time in which each file of tests has a session to itself, which shows the files that it reaches."""
_DENIED = re.compile(
    r"\[Errno (1|13)\]|\[Errno -3\]|Operation not permitted|Temporary failure in name resolution"
    r"|could not bind on any address"  # what asyncio makes of it
)
_OWN = re.compile(r"\[Errno 13\].*(/temporary/|\(not executable\)$)")
"""What tests may do but for the modes of their files, which they or git have set (see `sandbox/recorder.py`)."""
_ASSERTED = ("AssertionError", "Failed")
_NOT_RUN = "not run"


class SessionLimits(Limits):
    """Limits of a session whose wall clock counts like its CPU time."""

    __slots__ = ()

    @property
    def wall_s(self) -> float:
        """Seconds on the wall clock."""
        return self.time_s


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What became of the tests."""

    sessions: tuple[tuple[Problem, TestReport], ...] = ()
    late: tuple[str, ...] = ()
    """Test files for which no time was left."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """Test files that are no Python, and why."""

    @property
    def cases(self) -> tuple[CaseResult, ...]:
        """All tests."""
        return tuple(case for _, report in self.sessions for case in report.cases)

    @property
    def passed(self) -> tuple[CaseResult, ...]:
        """The tests that passed."""
        return tuple(case for case in self.cases if case.verdict is Verdict.AC)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The tests that failed by themselves."""
        return tuple(case for case in self.cases if is_failure(case))

    @property
    def denied(self) -> tuple[CaseResult, ...]:
        """The tests that asked for what the sandbox does not allow."""
        return tuple(case for case in self.cases if is_denied(case))

    @property
    def unfinished(self) -> tuple[CaseResult, ...]:
        """The tests that the time limit ended, or kept from being run."""
        return tuple(case for case in self.cases if case.verdict is Verdict.TLE)

    @property
    def is_red(self) -> bool:
        """Whether something failed."""
        return bool(self.failed or self.unreadable)

    @property
    def is_late(self) -> bool:
        """Whether the time limit kept something from being known."""
        return bool(self.unfinished or self.late)


def is_denied(case: CaseResult) -> bool:
    """Whether a test asked for a network, a process or a file that the sandbox does not give."""
    error = case.error
    if case.verdict is Verdict.AC or error is None or error.type in _ASSERTED:
        return False
    message = error.message[:1000]
    return _DENIED.search(message) is not None and _OWN.search(message) is None


def is_failure(case: CaseResult) -> bool:
    """Whether a test failed for a reason that is not the sandbox's or the clock's."""
    return case.verdict not in (Verdict.AC, Verdict.TLE) and not is_denied(case)


@dataclass(frozen=True, slots=True)
class Project:
    """The next commit, ready to be run."""

    plan: Plan
    files: dict[str, bytes]
    """What the sandbox is given."""
    tests: dict[str, str]
    """The test files to run, and their texts."""
    unreadable: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @classmethod
    def read(cls, plan: Plan) -> Project:
        """Read what the tests of a plan need; raises UsageError where that is too much for a sandbox."""
        paths, notes = _visible(plan)
        files = plan.snapshot.read(paths)
        tests, unreadable = {}, []
        for path in plan.tests:
            try:
                text = files[path].decode("utf-8-sig")
                declared.read(path, text)
            except SyntaxError as error:
                unreadable.append((path, f"SyntaxError: {error}{versions.newer(text)}"))
            except UnicodeDecodeError as error:
                unreadable.append((path, f"{type(error).__name__}: {error}"))
            else:
                tests[path] = text
        return cls(plan, files, tests, tuple(unreadable), tuple(notes))

    @property
    def modules(self) -> list[str]:
        """The changed modules, as they are now: those that can be at fault."""
        chosen = [it.changed for it in self.plan.chosen if it.changed in self.files and it.changed.endswith(".py")]
        return [path for path in chosen if not self.is_of_tests(path) and _text(self.files[path]) is not None]

    def is_of_tests(self, path: str) -> bool:
        """Whether a file belongs to the tests: it is one, or conftest.py, or lies in a folder of theirs."""
        name = path.rpartition("/")[2]
        parts = path.split("/")[:-1]
        return self.plan.chooser.is_test(path) or name == "conftest.py" or bool({"test", "tests"} & set(parts))

    def source(self, module: str) -> str:
        """Return the text of a module."""
        return _text(self.files.get(module, b"")) or ""

    def problem(self, module: str, tests: Iterable[str], time_s: float, deselected: Iterable[str] = ()) -> Problem:
        """Return the problem of a module: it, and files of tests to pass, without some of the tests."""
        settings = self.plan.settings
        chosen = [test for test in tests if test in self.tests]
        own, files = {module, *chosen}, self.plan.snapshot.files
        return Problem(
            slug=module.rpartition("/")[2],
            title=module,
            statement=f"The tests of the project must pass. The file to repair is {module}.",
            kind=PYTEST,
            entry="",
            visible=tuple(TestCase(path, code=self.tests[path]) for path in chosen),
            limits=SessionLimits(time_s=time_s, memory_mib=settings.memory_mib, output_kib=1024),
            suite=Suite(
                solution=module,
                files=tuple(ProjectFile(path, data) for path, data in self.files.items() if path not in own),
                import_paths=tuple(root for root in self.plan.chooser.roots if root != "."),
                plugins=settings.plugins,
                executables=tuple(path for path in self.files if files[path].mode == EXECUTABLE_MODE),
                deselected=tuple(sorted({name.partition("[")[0] for name in deselected})),
            ),
        )

    def changed(self, texts: dict[str, str]) -> Project:
        """Return the project with other texts for some files."""
        return replace(self, files={**self.files, **{path: text.encode() for path, text in texts.items()}})

    def run(self, judge: Judge, deadline: float) -> CheckOutcome:
        """Run all tests; `deadline` is a time of the monotonic clock."""
        module = next(iter(self.modules), NO_MODULE)
        sessions, late = [], []
        for tests in self._groups(time.monotonic() + _ALONE * (deadline - time.monotonic())):
            left = round(deadline - time.monotonic(), 1)
            if left < _LEAST_S:
                late += tests
                continue
            problem = self.problem(module, tests, left)
            problem = replace(problem, suite=replace(problem.suite, reach=True))
            sessions.append((problem, judge.run(problem, self.source(module))))
        return CheckOutcome(tuple(sessions), tuple(late), self.unreadable)

    def _groups(self, alone_until: float) -> Iterator[list[str]]:
        """Yield the tests of one session after the other: until some time each file whose reach is not
        known in a session of its own, then the others in as few sessions as possible.
        """
        waiting = list(self.tests)
        for test in self.tests:
            if time.monotonic() < alone_until and not self.plan.reach.holds(test):
                waiting.remove(test)
                yield [test]
        yield from _apart(waiting, self.files)


def _visible(plan: Plan) -> tuple[list[str], list[str]]:
    """Return which files the tests may see, and what to say of it: all, or of too many what they import and name."""
    sizes = plan.snapshot.sizes()
    if len(sizes) <= MAX_FILES and sum(sizes.values()) <= MAX_BYTES:
        return list(sizes), []
    from fnmatch import fnmatchcase

    wanted = plan.chooser.graph.reached([*plan.tests, *(it.changed for it in plan.chosen)]) & sizes.keys()
    wanted |= set(_SETTINGS) & sizes.keys()
    wanted |= {path for path in sizes if any(fnmatchcase(path, it) for it in plan.settings.include)}
    total = sum(sizes[path] for path in wanted)
    if len(wanted) > MAX_FILES or total > MAX_BYTES:
        raise UsageError(
            f"the tests import {len(wanted)} files of {total >> 20} MiB, and the sandbox takes {MAX_FILES} files of "
            f"{MAX_BYTES >> 20} MiB; narrow [tool.coderefine] tests, map or include"
        )
    note = (
        f"of {len(sizes)} files, the tests see the {len(wanted)} that they import; [tool.coderefine] include adds more"
    )
    return sorted(wanted), [note]


def _apart(tests: Iterable[str], files: dict[str, bytes]) -> list[list[str]]:
    """Return test files in as few groups as keep files of one name apart, which would be one module to pytest."""
    groups: list[dict[str, str]] = []
    for test in tests:
        folder, _, name = test.rpartition("/")
        key = test if (f"{folder}/__init__.py" if folder else "__init__.py") in files else name
        group = next((group for group in groups if key not in group), None)
        if group is None:
            groups.append({key: test})
        else:
            group[key] = test
    return [list(group.values()) for group in groups]


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def not_run(cases: Sequence[CaseResult]) -> list[CaseResult]:
    """Return those of unfinished tests that were not even begun."""
    return [case for case in cases if case.reason.startswith(_NOT_RUN)]
