"""What a project says about its own tests: pytest's settings at its root and in its parts, read without running
anything.

A part is a folder that holds a project of its own, such as `backend/` or `packages/core/`: its tests are run from
there, as its developers do. Settings that cannot be read count as none; pytest says why when it runs.
"""

from __future__ import annotations

import configparser
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any, Self

from coderefine.errors import UnreadableError
from coderefine.outside import read_toml

NAMES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
_SECTIONS = {"tox.ini": "pytest", "setup.cfg": "tool:pytest"}
_PROJECTS = ("pyproject.toml", "setup.py", "setup.cfg")
_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
_USUAL = ("test_*.py", "*_test.py")
_PASSED_BY = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
"""The folders that pytest does not enter by default."""
MAX_PARTS = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A folder in which pytest is started, and the settings that it finds there."""

    folder: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of test files' names."""
        return _words(self.settings.get("python_files")) or _USUAL

    @property
    def is_plain(self) -> bool:
        """Whether the settings do not mention the names of test files."""
        return "python_files" not in self.settings

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders from which modules are imported, as the settings name them."""
        return tuple(self._below(path) for path in _words(self.settings.get("pythonpath")))

    @property
    def has_doctests(self) -> bool:
        """Whether the examples in modules are tests."""
        return "--doctest-modules" in _words(self.settings.get("addopts"))

    @property
    def doctest_patterns(self) -> tuple[str, ...]:
        """The patterns of text files whose examples are tests."""
        words = _words(self.settings.get("addopts"))
        given = [word.partition("=")[2] for word in words if word.startswith("--doctest-glob=")]
        given += [after for word, after in pairwise(words) if word == "--doctest-glob"]
        return tuple(given)

    def is_in_testpaths(self, path: str) -> bool:
        """Whether pytest, started without a path, collects a file."""
        wanted = [self._below(it) for it in _words(self.settings.get("testpaths"))]
        starts = [it for it in wanted if _matches_path(path, it)]
        if wanted and not starts:
            return False
        folder = max((it for it in starts if not _is_pattern(it)), key=len, default=self.folder)
        return not any(self._is_passed_by(it) for it in _between(folder, path)) and not self._is_ignored(path)

    def _is_passed_by(self, folder: str) -> bool:
        """Whether pytest does not enter a folder."""
        name = folder.rpartition("/")[2]
        return any(
            fnmatchcase(f"/{folder}", f"*/{it}") if "/" in it else fnmatchcase(name, it)
            for it in map(_without_slash, _words(self.settings.get("norecursedirs")) or _PASSED_BY)
        )

    def _is_ignored(self, path: str) -> bool:
        words = _words(self.settings.get("addopts"))
        given = [tuple(word.split("=", 1)) for word in words if "=" in word] + list(pairwise(words))
        paths = [self._below(_without_slash(value)) for option, value in given if option == "--ignore"]
        globs = [self._below(value) for option, value in given if option == "--ignore-glob"]
        places = [path, *_above(path)]
        return any(it in paths or any(fnmatchcase(it, glob) for glob in globs) for it in places if it)

    def is_named_as_test(self, path: str) -> bool:
        """Whether a file is named like a test file."""
        name = path.rpartition("/")[2]
        return any(fnmatchcase(f"/{path}", f"*/{it}") if "/" in it else fnmatchcase(name, it) for it in self.patterns)

    def _below(self, path: str) -> str:
        path = path.removeprefix("./").rstrip("/")
        if path in ("", "."):
            return self.folder
        return f"{self.folder}/{path}" if self.folder else path


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a project; the root is one of them."""

    parts: tuple[Part, ...] = (Part(),)

    @classmethod
    def read(cls, files: Collection[str], contents: Callable[[Collection[str]], Mapping[str, bytes]]) -> Self:
        """Find the parts of a project among its files; `contents` reads some of the files."""
        names = [path for path in files if path.rpartition("/")[2] in NAMES][: MAX_PARTS * len(NAMES)]
        tests = {folder for path in files if _may_be_test(path) for folder in _above(path)}
        wanted = [path for path in names if path.rpartition("/")[0] in tests or "/" not in path]
        data = contents(wanted)
        settings: dict[str, Mapping[str, Any]] = {}
        for name in NAMES:
            for path in wanted:
                folder, _, last = path.rpartition("/")
                found = _settings(last, data.get(path, b"")) if last == name and folder not in settings else None
                if found is not None:
                    settings[folder] = found
        projects = {path.rpartition("/")[0] for path in files if path.rpartition("/")[2] in _PROJECTS}
        own = (projects | settings.keys()) & tests
        folders = [it for it in sorted(own) if it and (it in projects or it.rpartition("/")[2] not in _TEST_FOLDERS)]
        return cls(tuple(Part(it, _inherited(it, settings)) for it in ("", *folders[:MAX_PARTS])))

    @property
    def roots(self) -> tuple[str, ...]:
        """All folders from which modules are imported: those that the settings name, and those of the parts."""
        found = [root for part in self.parts for root in (*part.roots, part.folder)]
        return tuple(dict.fromkeys(root for root in found if root))

    def part_of(self, path: str) -> Part:
        """Return the part that a test file belongs to; the root, where the root's settings name the file's folder."""
        root = self.parts[0]
        if _words(root.settings.get("testpaths")) and root.is_in_testpaths(path):
            return root
        inside = [part for part in self.parts if path.startswith(f"{part.folder}/")]
        return max(inside, key=lambda part: len(part.folder), default=root)

    def is_test(self, path: str) -> bool:
        """Whether a file is a test file, by its name and the settings."""
        part = self.part_of(path)
        return path.endswith(".py") and part.is_named_as_test(path) and part.is_in_testpaths(path)

    def may_be_unittest(self, path: str) -> bool:
        """Whether unittest or Django would look into a file by its name, and no settings say otherwise."""
        name = path.rpartition("/")[2]
        part = self.part_of(path)
        return name.startswith("test") and name.endswith(".py") and part.is_plain and part.is_in_testpaths(path)

    def has_doctests(self, path: str) -> bool:
        """Whether examples in a file, if there are any, are tests."""
        part = self.part_of(path)
        if path.endswith(".py"):
            return part.has_doctests and part.is_in_testpaths(path)
        name = path.rpartition("/")[2]
        return part.is_in_testpaths(path) and any(fnmatchcase(name, it) for it in part.doctest_patterns)


def _may_be_test(path: str) -> bool:
    return path.endswith(".py") and "test" in path


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _between(folder: str, path: str) -> Iterator[str]:
    """Yield the folders that contain a file, below another folder."""
    for above in _above(path):
        if len(above) <= len(folder):
            return
        yield above


def _is_pattern(text: str) -> bool:
    return any(char in text for char in "*?[")


def _without_slash(path: str) -> str:
    return path.removeprefix("./").rstrip("/")


def _inherited(folder: str, settings: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the settings of the nearest folder that has some; the paths in them start from that folder."""
    if folder in settings:
        return settings[folder]
    above = next((it for it in _above(folder) if it in settings), None)
    if above is None:
        return {}
    return {key: value for key, value in settings[above].items() if key not in ("testpaths", "pythonpath")}


def _settings(name: str, data: bytes) -> Mapping[str, Any] | None:
    """Return pytest's settings in a file; None where the file is not one with such settings."""
    if name.endswith(".toml"):
        try:
            read = read_toml(data)
        except UnreadableError:
            return None
        table: Any = read.get("pytest", {}) if "pytest.toml" in name else _table(read)
        return table if isinstance(table, dict) else None
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(data.decode("utf-8", "replace"))
    except configparser.Error:
        return None
    section = _SECTIONS.get(name, "pytest")
    if not parser.has_section(section):
        return {} if name.endswith("pytest.ini") else None
    return dict(parser.items(section))


def _table(read: Mapping[str, Any]) -> Any:
    tools = read.get("tool", {})
    found = tools.get("pytest") if isinstance(tools, dict) else None
    if not isinstance(found, dict):
        return None
    return found.get("ini_options", found)


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def _matches_path(path: str, wanted: str) -> bool:
    if _is_pattern(wanted):
        return any(fnmatchcase(it, wanted) for it in (path, *_above(path)))
    return wanted in ("", path) or path.startswith(f"{wanted}/")
