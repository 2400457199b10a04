"""The next commit as a project to run in the sandbox, and the outcome of its tests.

The tests see the next commit and nothing else of the repository. All of them together have one time limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coderefine.hook.git import EXECUTABLE_MODE
from coderefine.hook.plan import Plan
from coderefine.hook.visible import visible
from coderefine.judge import versions
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.kinds.pytest import PYTEST
from coderefine.problem import declared
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite

NO_MODULE = ".coderefine-no-module"
_DENIED = re.compile(
    r"\[Errno (1|13|24|27|28|30)\]|\[Errno -[23]\]|Operation not permitted|Temporary failure in name resolution"
    r"|could not bind on any address"  # asyncio's words for it
    r"|can't start new thread|out of pty devices|Read-only file system|No space left on device"
)
_OWN = re.compile(r"\[Errno 13\].*(/temporary/|\(not executable\)$)")
"""What a test may do but for the modes of its own files, which it or git has set (see `sandbox/recorder.py`)."""
_ASSERTED = ("AssertionError", "Failed")
_NOT_RUN = "not run"
_OUTPUT_KIB = 16 << 10
"""How much a session may print besides what pytest captures; the sandbox reports the end of it."""


class SessionLimits(Limits):
    """Limits of a session whose wall clock counts like its CPU time."""

    __slots__ = ()

    @property
    def wall_s(self) -> float:
        """Seconds on the wall clock."""
        return self.time_s


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The outcome of the tests of a commit."""

    sessions: tuple[tuple[Problem, TestReport], ...] = ()
    late: tuple[str, ...] = ()
    """Test files near to the changed files for which no time was left."""
    left: tuple[str, ...] = ()
    """Tests further away for which no time was left, or files of which no test was begun."""
    spared: int = 0
    """How many tests, without parameters, passed before and run nothing that changed, so that they were not run."""
    before: frozenset[str] = frozenset()
    """Tests that fail in the same way without the commit."""
    excused: frozenset[str] = frozenset()
    """Tests that fail after they were denied something; whether they ever passed is not known."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """Test files that are not valid Python, with the reasons."""

    @property
    def cases(self) -> tuple[CaseResult, ...]:
        """All tests."""
        return tuple(case for _, report in self.sessions for case in report.cases)

    @property
    def passed(self) -> tuple[CaseResult, ...]:
        """The tests that were run and passed."""
        return tuple(case for case in self.cases if case.verdict is Verdict.AC and not case.reason)

    @property
    def skipped(self) -> tuple[CaseResult, ...]:
        """The tests that were skipped, or failed as expected; the reason says which."""
        return tuple(case for case in self.cases if case.verdict is Verdict.AC and case.reason)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The tests that failed by themselves, and do not fail in the same way without the commit."""
        return tuple(case for case in self.cases if self._is_failure(case))

    def _is_failure(self, case: CaseResult) -> bool:
        return is_failure(case) and case.name not in self.before | self.excused

    @property
    def failed_before(self) -> tuple[CaseResult, ...]:
        """The tests that fail in the same way without the commit."""
        return tuple(case for case in self.cases if is_failure(case) and case.name in self.before)

    @property
    def denied(self) -> tuple[CaseResult, ...]:
        """The tests that asked for something that the sandbox denies."""
        return tuple(case for case in self.cases if is_denied(case) or case.name in self.excused)

    @property
    def unfinished(self) -> tuple[CaseResult, ...]:
        """The tests that the time limit ended, or kept from being run."""
        return tuple(case for case in self.cases if case.verdict is Verdict.TLE and not is_denied(case))

    @property
    def is_red(self) -> bool:
        """Whether a test failed or a test file cannot be read."""
        return bool(self.failed or self.unreadable)

    @property
    def is_empty(self) -> bool:
        """Whether no test says anything about the commit."""
        return not (self.passed or self.spared or self.is_red or self.unfinished)

    @property
    def is_late(self) -> bool:
        """Whether the time limit left an outcome unknown."""
        return bool(self.unfinished or self.late)


def is_denied(case: CaseResult) -> bool:
    """Whether a test failed because the sandbox denied it a network, a process or a file."""
    error = case.error
    if case.verdict is Verdict.TLE:  # it waits for what it was denied
        return bool(case.denied)
    if error is not None and error.type == "Denied":
        return True
    if case.verdict is Verdict.AC or error is None or error.type in _ASSERTED:
        return False
    message = error.message[:1000]
    return _DENIED.search(message) is not None and _OWN.search(message) is None


def is_failure(case: CaseResult) -> bool:
    """Whether a test failed by itself, and not because of the sandbox or the time limit."""
    return case.verdict not in (Verdict.AC, Verdict.TLE) and not is_denied(case)


@dataclass(frozen=True, slots=True)
class Project:
    """The next commit, ready to run its tests."""

    plan: Plan
    files: dict[str, bytes]
    """The files that the sandbox gets, by their paths."""
    tests: dict[str, str]
    """The test files to run, and their texts."""
    unreadable: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    spared: frozenset[str] = frozenset()
    """Tests that are not run, without parameters: they passed before, and run nothing that changed."""
    autoload: bool = True
    """Whether pytest loads the installed plugins: False where the environment is coderefine's own."""
    is_whole: bool = True
    """Whether tests see all Python files, and not only those that this commit concerns."""

    @classmethod
    def read(cls, plan: Plan, *, autoload: bool = True) -> Project:
        """Read the files that the tests of a plan need; raises UsageError where they are too much for a sandbox."""
        paths, notes, is_whole = visible(plan)
        files = plan.snapshot.read(paths)
        tests, unreadable = {}, []
        for path in plan.tests:
            if not path.endswith(".py"):
                tests[path] = files[path].decode("utf-8", "replace")
                continue
            try:
                text = files[path].decode("utf-8-sig")
                declared.read(path, text)
            except SyntaxError as error:
                unreadable.append((path, f"SyntaxError: {error}{versions.newer(text)}"))
            except UnicodeDecodeError as error:
                unreadable.append((path, f"{type(error).__name__}: {error}"))
            else:
                tests[path] = text
        return cls(plan, files, tests, tuple(unreadable), tuple(notes), plan.spared, autoload, is_whole)

    @property
    def modules(self) -> list[str]:
        """The changed modules that can be at fault."""
        chosen = [it.changed for it in self.plan.chosen if it.changed in self.files and it.changed.endswith(".py")]
        return [path for path in chosen if not self.is_of_tests(path) and _text(self.files[path]) is not None]

    def is_of_tests(self, path: str) -> bool:
        """Whether a file belongs to the tests: a test file, a conftest.py, or a file in a folder `test` or `tests`."""
        name = path.rpartition("/")[2]
        parts = path.split("/")[:-1]
        return self.plan.chooser.is_test(path) or name == "conftest.py" or bool({"test", "tests"} & set(parts))

    def source(self, module: str) -> str:
        """Return the text of a module."""
        return _text(self.files.get(module, b"")) or ""

    def problem(
        self,
        module: str,
        tests: Iterable[str],
        time_s: float,
        deselected: Iterable[str] = (),
        skippable: Iterable[str] | None = None,
    ) -> Problem:
        """Return a problem whose solution is a module and whose tests are files of tests, without the `deselected`
        tests.

        `skippable`, where given, names the only tests that may be skipped.
        """
        settings = self.plan.settings
        chosen = [test for test in tests if test in self.tests]
        own, files = {module, *chosen}, self.plan.snapshot.files
        root = self.part(chosen[0]) if chosen else ""
        return Problem(
            slug=module.rpartition("/")[2],
            title=module,
            statement=f"The tests of the project must pass. The file to repair is {module}.",
            kind=PYTEST,
            entry="",
            visible=tuple(TestCase(path, code=self.tests[path]) for path in chosen),
            limits=SessionLimits(time_s=time_s, memory_mib=settings.memory_mib, output_kib=_OUTPUT_KIB),
            suite=Suite(
                solution=module,
                files=tuple(ProjectFile(path, data) for path, data in self.files.items() if path not in own),
                import_paths=self._import_paths(root),
                root=root,
                plugins=settings.plugins,
                executables=tuple(path for path in self.files if files[path].mode == EXECUTABLE_MODE),
                deselected=_functions((*deselected, *(it for it in self.spared if it.partition("::")[0] in chosen))),
                configured=True,
                autoload=self.autoload,
                sealed=skippable is not None,  # True where the module is a candidate's
                skips="any" if skippable is None else "listed",
                skippable=_functions(skippable or ()),
            ),
        )

    def changed(self, texts: dict[str, str]) -> Project:
        """Return the project with other texts for some files."""
        return replace(self, files={**self.files, **{path: text.encode() for path, text in texts.items()}})

    def part(self, test: str) -> str:
        """Return the folder in which pytest is started for a file of tests."""
        return self.plan.chooser.layout.part_of(test).folder

    def _import_paths(self, root: str) -> tuple[str, ...]:
        """Return the folders from which modules are imported, those of a part first."""
        roots = [path for path in self.plan.chooser.roots if path != "."]
        return tuple(sorted(roots, key=lambda path: not (root and f"{path}/".startswith(f"{root}/"))))

    def groups(self) -> Iterator[list[str]]:
        """Yield the test files of each session, in few sessions: the near ones, then the others."""
        near = self.plan.near
        yield from _apart((it for it in self.tests if it in near), self)
        yield from _apart((it for it in self.tests if it not in near), self)


def _apart(tests: Iterable[str], project: Project) -> list[list[str]]:
    """Return test files in as few groups as possible.

    Files of different parts of a project are kept apart, and files of the same name, which would be one module to
    pytest.
    """
    groups: list[tuple[str, dict[str, str]]] = []
    for test in tests:
        folder, _, name = test.rpartition("/")
        key = test if (f"{folder}/__init__.py" if folder else "__init__.py") in project.files else name
        part = project.part(test)
        group = next((group for of, group in groups if of == part and key not in group), None)
        if group is None:
            groups.append((part, {key: test}))
        else:
            group[key] = test
    return [list(group.values()) for _, group in groups]


def _functions(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name.partition("[")[0] for name in names}))


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def not_run(cases: Sequence[CaseResult]) -> list[CaseResult]:
    """Return the unfinished tests that were not begun."""
    return [case for case in cases if case.reason.startswith(_NOT_RUN)]
