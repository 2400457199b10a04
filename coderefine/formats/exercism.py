"""Exercises of Exercism's Python track, as in its repository, its downloads, and Aider's polyglot benchmark.

A folder holds the program to write and its tests. `.docs/` holds the statement, `.meta/` the settings and a right
example. The tests are run by pytest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from coderefine.errors import UnreadableError, UsageError
from coderefine.folder.loading import decode_source
from coderefine.formats import places
from coderefine.formats.needs import needed
from coderefine.formats.record import Fault, Record, RowError, slug_of
from coderefine.kinds.pytest import PYTEST
from coderefine.outside import read_json
from coderefine.problem import declared
from coderefine.problem.folder import Folder
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite

LIMITS = Limits(time_s=30.0, memory_mib=1024)
"""For all tests of an exercise together."""
LAYOUT = "exercism: folders with NAME.py, NAME_test.py and .meta/ or .docs/"
_EXAMPLES = (".meta/example.py", ".meta/exemplar.py")
_STATEMENT = (".docs/introduction.md", ".docs/instructions.md", ".docs/instructions.append.md")
MAX_BYTES = 8 << 20
"""The most bytes of the other files of an exercise."""


def fits(path: Path) -> bool:
    """Whether a folder is an exercise, or there is one below it."""
    return next(_exercises(path), None) is not None


def count(path: Path) -> int:
    """Return how many exercises there are."""
    return sum(1 for _ in _exercises(path))


def records(folder: Folder) -> Iterator[Record | Fault]:
    """Yield the exercises in the order of their folders, or the reason why one cannot be read."""
    for place in _exercises(folder.path):
        try:
            yield _record(Folder(place, folder.follows_links), place.relative_to(folder.path).as_posix())
        except UsageError as error:
            yield Fault(str(place), 0, str(error))


def _exercises(path: Path) -> Iterator[Path]:
    for place in places.folders(path) if path.is_dir() else ():
        is_described = (place / ".meta").is_dir() or (place / ".docs").is_dir()
        if is_described and (places.files(place, "*_test.py") or places.files(place, "test_*.py")):
            yield place


def _record(folder: Folder, where: str) -> Record:
    settings = _settings(folder)
    tests = _listed(folder, settings, "test")
    tests = tests or [it.name for pattern in ("*_test.py", "test_*.py") for it in places.files(folder.path, pattern)]
    solution = _solution(folder, settings, tests)
    example = _example(folder, settings)
    name = Path(where).name if where != "." else folder.path.resolve().name
    cases = tuple(_case(folder, test) for test in tests)
    texts = [folder.optional(part).strip() for part in _STATEMENT]
    stub = folder.optional(solution)
    problem = Problem(
        slug=slug_of(name),
        title=name.replace("-", " ").replace("_", " ").title(),
        statement="\n\n".join(filter(None, texts)) or str(settings.get("blurb") or name),
        kind=PYTEST,
        entry="",
        visible=cases,
        limits=LIMITS,
        starter=stub,
        suite=Suite(solution, tuple(_beside(folder, {solution, *tests}))),
    )
    own = {Path(it.path).stem for it in problem.suite.files} | {Path(solution).stem, "pytest"}
    modules = set(needed(example, *(it.code for it in cases))) - own
    return Record(where if where != "." else name, "", problem, stub, example, needs=tuple(sorted(modules)))


def _settings(folder: Folder) -> dict[str, Any]:
    text = folder.optional(".meta/config.json")
    try:
        found = read_json(text) if text.strip() else {}
    except UnreadableError as error:
        raise RowError(f"expected JSON in .meta/config.json: {error}") from None
    return found if isinstance(found, dict) else {}


def _listed(folder: Folder, settings: dict[str, Any], name: str) -> list[str]:
    """Return the files that the settings name and that exist."""
    files = settings.get("files")
    found = files.get(name) if isinstance(files, dict) else None
    names = [it for it in found if isinstance(it, str) and it.endswith(".py")] if isinstance(found, list) else []
    return [it for it in names if folder.has(it)]


def _solution(folder: Folder, settings: dict[str, Any], tests: list[str]) -> str:
    files = settings.get("files")
    named = files.get("solution") if isinstance(files, dict) else None
    names = [it for it in named if isinstance(it, str) and it.endswith(".py")] if isinstance(named, list) else []
    if len(names) > 1:
        raise RowError(f"expected one file to write, not {', '.join(names[:5])}")
    by_test = tests[0].removesuffix(".py").removesuffix("_test").removeprefix("test_") + ".py"
    name = names[0] if names else by_test
    folder.inside(name)
    return name


def _example(folder: Folder, settings: dict[str, Any]) -> str:
    names = [*_listed(folder, settings, "example"), *_listed(folder, settings, "exemplar"), *_EXAMPLES]
    name = next((it for it in names if folder.has(it)), None)
    return decode_source(folder.data(name), name) if name else ""


def _case(folder: Folder, name: str) -> TestCase:
    """Return a file of tests; it lies where pytest problems have their tests, and imports from the folder above."""
    code = folder.text(name)
    path = f"tests/test_{PurePosixPath(name).stem.removesuffix('_test').removeprefix('test_')}.py"
    try:
        if not declared.read(path, code).tests:
            raise RowError(f"{name}: expected tests of unittest or pytest")
    except SyntaxError as error:
        raise RowError(f"{name}: expected Python: {error}") from None
    return TestCase(path, code=code)


def _beside(folder: Folder, known: set[str]) -> Iterator[ProjectFile]:
    """Yield the other files of the exercise: modules that it provides, and data that its tests read."""
    yield ProjectFile("conftest.py", b"")  # makes pytest import modules from this folder
    left = MAX_BYTES
    for place in places.files(folder.path, "*"):
        if place.name in known or place.name == "conftest.py" or place.name[0] == "." or place.suffix == ".md":
            continue
        data = folder.data(place.name, left)
        left -= len(data)
        yield ProjectFile(place.name, data)
