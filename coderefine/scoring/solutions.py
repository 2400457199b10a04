"""The sources of given solutions: a folder, a file of samples, the programs that come with the problems, or the set's
own.

Large numbers of them are held on disk, not in memory.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from coderefine.errors import UsageError
from coderefine.folder.loading import read_source
from coderefine.formats.record import Fault, Record
from coderefine.formats.samples import key, samples

ORACLE = "oracle"
"""Stands for the set's own right programs."""


class Solutions(Protocol):
    """Programs by problem."""

    def of(self, record: Record) -> list[str]:
        """Return the programs that are given for a problem, in order."""
        ...

    def unused(self) -> list[str]:
        """Return some names of problems that have programs here but were not asked for."""
        ...


class Brought:
    """The programs that come with the problems."""

    def of(self, record: Record) -> list[str]:
        """Return the program to repair."""
        return [record.buggy] if record.buggy else []

    def unused(self) -> list[str]:
        """Return nothing."""
        return []


class Oracles:
    """The programs that a set itself declares right."""

    def of(self, record: Record) -> list[str]:
        """Return that program, if there is one."""
        return [record.oracle] if record.oracle else []

    def unused(self) -> list[str]:
        """Return nothing."""
        return []


def names(record: Record) -> list[str]:
    """Return the names by which others may call a problem, the likeliest first."""
    found = [key(record.problem.slug), key(record.id)]
    number = re.search(r"(?:^|[/_-])(\d+)$", record.id)
    return list(dict.fromkeys([*found, *([number[1]] if number else [])]))


class SolutionFolder:
    """`DIR/<slug>.py`, or `DIR/<slug>/*.py` in the order of their names, with numbers in numeric order.

    Candidates of measured problems that are not programs have the suffix of their form, such as `.json`.
    """

    def __init__(self, path: Path) -> None:
        self._files, self._folders = dict[tuple[str, str], Path](), dict[str, Path]()
        for place in path.iterdir():
            name = place.name if place.is_dir() else place.stem
            if not re.search(r"[A-Za-z0-9]", name):
                continue
            if place.is_dir():
                self._folders[key(name)] = place
            else:
                self._files[key(name), place.suffix] = place
        self._asked: set[str] = set()

    def of(self, record: Record) -> list[str]:
        """Return the files' texts; raises UsageError for a file that is not text."""
        ending = record.problem.suffix
        for name in names(record)[:2]:
            if file := self._files.get((name, ending)):  # a file takes precedence over a folder
                files = [file]
            elif folder := self._folders.get(name):
                files = sorted(folder.glob(f"*{ending}"), key=_numbered)
            else:
                continue
            self._asked.add(name)
            return [read_source(it) for it in files]
        return []

    def unused(self) -> list[str]:
        """Return the other names in the folder."""
        return sorted(name for name, ending in self._files if ending == ".py" and name not in self._asked)


def _numbered(file: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", file.name)]


class SolutionLines:
    """A file of samples, in their order (see `formats/samples.py`)."""

    def __init__(self, path: Path, on_fault: Callable[[Fault], None]) -> None:
        self._database = sqlite3.connect("", check_same_thread=False)  # a temporary file, deleted when it is closed
        columns = "name TEXT, place INTEGER, source TEXT, is_rest INTEGER, used INTEGER DEFAULT 0"
        self._database.execute(f"CREATE TABLE given ({columns})")
        self._database.executemany(
            "INSERT INTO given (name, place, source, is_rest) VALUES (?, ?, ?, ?)",
            ((it.problem, it.place, it.source, it.is_rest) for it in samples(path, on_fault)),
        )
        self._database.execute("CREATE INDEX given_by_name ON given (name, place)")

    def of(self, record: Record) -> list[str]:
        """Return the programs with that name, or at that position of the set."""
        wanted = [(name, 0) for name in names(record)] + ([("", record.place)] if record.place else [])
        found: list[tuple[int, str]] = []
        for name, place in wanted:
            sql = "SELECT rowid, source, is_rest FROM given WHERE name = ? AND place = ?"
            for row, source, is_rest in self._database.execute(sql, (name, place)):
                found.append((row, record.prefix + source if is_rest else source))
            self._database.execute("UPDATE given SET used = 1 WHERE name = ? AND place = ?", (name, place))
        return [source for _, source in sorted(found)]

    def unused(self) -> list[str]:
        """Return names that no problem has."""
        sql = (
            "SELECT DISTINCT CASE WHEN place THEN 'number ' || place ELSE name END FROM given WHERE NOT used LIMIT 100"
        )
        return [name for (name,) in self._database.execute(sql)]


def open_solutions(path: str | None, on_fault: Callable[[Fault], None]) -> Solutions:
    """Return the solutions in a folder or a file, or the set's own; without a path, those that come with the
    problems.
    """
    if path is None:
        return Brought()
    place = Path(path)
    if path == ORACLE and not place.exists():
        return Oracles()
    if place.is_dir():
        return SolutionFolder(place)
    if not place.exists():
        raise UsageError(f"--solutions {path}: no such folder or file; `{ORACLE}` stands for a set's own programs")
    return SolutionLines(place, on_fault)
