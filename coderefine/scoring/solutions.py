"""Where given solutions come from: a folder, JSON lines, or the programs that came with the problems.

Any number of them is held on disk, not in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from coderefine.errors import UsageError
from coderefine.folder.loading import read_source
from coderefine.formats.record import Fault, Record, RowError, slug_of
from coderefine.formats.rows import program, rows, text


class Solutions(Protocol):
    """Programs by problem."""

    def of(self, record: Record) -> list[str]:
        """Return the programs that are given for a problem, in order."""
        ...

    def unused(self) -> list[str]:
        """Return the names of problems for which there are programs, but which nobody asked for; some of them."""
        ...


class Brought:
    """The programs that came with the problems."""

    def of(self, record: Record) -> list[str]:
        """Return the program to repair."""
        return [record.buggy] if record.buggy else []

    def unused(self) -> list[str]:
        """Return nothing."""
        return []


class SolutionFolder:
    """`DIR/<slug>.py`, or `DIR/<slug>/*.py` in the order of their names."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asked: set[str] = set()

    def of(self, record: Record) -> list[str]:
        """Return the files' texts; raises UsageError for one that is no program."""
        slug = record.problem.slug
        self._asked.add(slug)
        single = self._path / f"{slug}.py"
        files = [single] if single.is_file() else sorted((self._path / slug).glob("*.py"))
        return [read_source(file) for file in files]

    def unused(self) -> list[str]:
        """Return what else the folder has programs for."""
        return sorted({file.stem for file in self._path.glob("*.py")} - self._asked)


class SolutionLines:
    """JSON lines of `slug` (or `task_id`, or `id`) and `source`, in the order of the file."""

    def __init__(self, path: Path, on_fault: Callable[[Fault], None]) -> None:
        self._database = sqlite3.connect("", check_same_thread=False)  # a temporary file, gone with it
        self._database.execute("CREATE TABLE given (slug TEXT, source TEXT, used INTEGER DEFAULT 0)")
        self._database.executemany("INSERT INTO given (slug, source) VALUES (?, ?)", _given(path, on_fault))
        self._database.execute("CREATE INDEX given_by_slug ON given (slug)")

    def of(self, record: Record) -> list[str]:
        """Return the programs of that slug."""
        slug = record.problem.slug
        self._database.execute("UPDATE given SET used = 1 WHERE slug = ?", (slug,))
        found = self._database.execute("SELECT source FROM given WHERE slug = ? ORDER BY rowid", (slug,))
        return [source for (source,) in found]

    def unused(self) -> list[str]:
        """Return slugs that no problem has."""
        return [slug for (slug,) in self._database.execute("SELECT DISTINCT slug FROM given WHERE NOT used LIMIT 100")]


def _given(path: Path, on_fault: Callable[[Fault], None]) -> Iterator[tuple[str, str]]:
    for line, row in rows(path):
        try:
            if isinstance(row, RowError):
                raise row
            name = next((name for name in ("slug", "task_id", "id") if name in row), "slug")
            source = program(row, "source")
            if not source.strip():
                raise RowError("expected a program in 'source'")
            yield slug_of(text(row, name)), source
        except RowError as error:
            on_fault(Fault(str(path), line, str(error)))


def open_solutions(path: str | None, on_fault: Callable[[Fault], None]) -> Solutions:
    """Return the solutions in a folder or a file; without one, those that came with the problems."""
    if path is None:
        return Brought()
    place = Path(path)
    if place.is_dir():
        return SolutionFolder(place)
    if not place.exists():
        raise UsageError(f"--solutions {path}: no such folder or file")
    return SolutionLines(place, on_fault)
