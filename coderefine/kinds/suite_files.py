"""The files of a problem of kind "pytest": its tests, and the other files that exist when pytest runs.

The problem's folder is the project: when pytest runs, it finds each file at the same path. Nothing is executed while
reading; test files are parsed, so that a broken one is refused here and not by a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coderefine.errors import ProblemError
from coderefine.judge import versions
from coderefine.problem import declared
from coderefine.problem.folder import Folder
from coderefine.problem.problem import TestCase
from coderefine.problem.suite import ProjectFile

MAX_BYTES = 16 << 20
"""The most bytes of all files together; the folder that they are written to holds four times as much."""
MAX_FILES = 3000
_IGNORED = ("__pycache__", ".pytest_cache")


@dataclass(frozen=True, slots=True)
class SuiteFiles:
    """What `read_suite` found."""

    visible: tuple[TestCase, ...]
    hidden: tuple[TestCase, ...]
    files: tuple[ProjectFile, ...]
    hidden_files: tuple[ProjectFile, ...]


def read_suite(folder: Folder, solution: str, patterns: Iterable[str]) -> SuiteFiles:
    """Read `tests/`, and the files that `patterns` select, without the solution; raises ProblemError."""
    directory = folder.path
    paths: dict[str, None] = {}
    for pattern in patterns:
        matching = _below(directory, pattern)
        if not matching:
            raise ProblemError(directory / "problem.toml", "files", f"expected files, but none match {pattern!r}")
        paths |= dict.fromkeys(path for path in matching if path.split("/")[0] != "submissions")
    paths |= dict.fromkeys(_below(directory, "tests/**/*"))
    paths.pop(solution, None)
    found, total = {}, 0
    for path in paths:
        found[path] = folder.data(path)
        total += len(found[path])
        if total > MAX_BYTES or len(found) > MAX_FILES:
            raise ProblemError(directory, "", f"expected at most {MAX_BYTES >> 20} MiB and {MAX_FILES:,} files")
    hidden_paths = [path for path in found if path.startswith("tests/hidden/")]
    rest = [path for path in found if not path.startswith("tests/hidden/")]
    visible, hidden = _tests(directory, found, rest), _tests(directory, found, hidden_paths)
    if not visible:
        raise ProblemError(directory / "tests", "", "expected at least one file test_*.py")
    _refuse_clashes(directory, found, visible + hidden)
    return SuiteFiles(visible, hidden, _others(found, rest), _others(found, hidden_paths))


def _tests(directory: Path, found: dict[str, bytes], paths: Iterable[str]) -> tuple[TestCase, ...]:
    tests = []
    for path in filter(_is_test, paths):
        if "[" in path or "::" in path:
            raise ProblemError(
                directory / path, "", "expected a name without brackets and colons, for the ids of tests"
            )
        try:
            text = found[path].decode("utf-8")
            declares = declared.read(path, text).tests
        except SyntaxError as error:
            needs = versions.newer(text)
            raise ProblemError(directory / path, "", f"expected a Python file: {error}{needs}") from None
        except UnicodeDecodeError as error:
            raise ProblemError(directory / path, "", f"expected a Python file: {error}") from None
        if not declares:
            raise ProblemError(directory / path, "", "expected at least one function test_... or class Test...")
        tests.append(TestCase(path, code=text))
    return tuple(tests)


def _others(found: dict[str, bytes], paths: Iterable[str]) -> tuple[ProjectFile, ...]:
    return tuple(ProjectFile(path, found[path]) for path in sorted(paths) if not _is_test(path))


def _is_test(path: str) -> bool:
    name = PurePosixPath(path).name
    return path.startswith("tests/") and name.startswith("test_") and name.endswith(".py")


def _refuse_clashes(directory: Path, found: dict[str, bytes], tests: Iterable[TestCase]) -> None:
    """Raise ProblemError for test files of one name outside of packages, which would be one module to pytest."""
    seen: dict[str, str] = {}
    for test in tests:
        path = PurePosixPath(test.name)
        if str(path.parent / "__init__.py") in found:
            continue
        if path.name in seen:
            other = seen[path.name]
            raise ProblemError(directory / test.name, "", f"expected another name than that of {other}, for pytest")
        seen[path.name] = test.name


def _below(directory: Path, pattern: str) -> list[str]:
    paths = sorted(path.relative_to(directory) for path in directory.glob(pattern) if path.is_file())
    return [path.as_posix() for path in paths if not set(path.parts) & set(_IGNORED)]
