"""Reads the records of a problem set one at a time, in any of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from coderefine.errors import UsageError
from coderefine.folder.loading import load_problem, read_source
from coderefine.folder.verify import find_problems
from coderefine.formats import (
    archive,
    bbh,
    bigcodebench,
    codecontests,
    contests,
    debugbench,
    evalplus,
    exercism,
    generic,
    gpqa,
    gsm8k,
    humaneval,
    kattis,
    leetcode,
    livecodebench,
    mbpp,
    questions,
    quixbugs,
    quixbugs_rows,
    vscode,
)
from coderefine.formats.record import Fault, Record, RowError
from coderefine.formats.rows import Row, count_lines, rows
from coderefine.kinds.stored import StoredKind
from coderefine.problem.folder import Folder

_ROWS = (".json", ".jsonl", ".csv")
BUGGY = "buggy.py"
"""In a problem's folder, the program to repair that came with it."""


class _Format(Protocol):
    @property
    def FIELDS(self) -> str:  # noqa: N802 - a constant of a module
        """The fields that mark a row of the format, in words."""

    def fits(self, row: Row) -> bool: ...

    def record(self, row: Row) -> Record: ...


class _Layout(Protocol):
    @property
    def LAYOUT(self) -> str:  # noqa: N802 - a constant of a module
        """The files that mark a folder of the layout, in words."""

    def fits(self, path: Path) -> bool: ...

    def records(self, folder: Folder) -> Iterator[Record | Fault]: ...

    def count(self, path: Path) -> int: ...


LINES: Mapping[str, _Format] = {
    "generic": generic,
    "evalplus": evalplus,
    "bigcodebench": bigcodebench,
    "humaneval": humaneval,
    "mbpp": mbpp,
    "leetcode": leetcode,
    "livecodebench": livecodebench,
    "contests": contests,
    "codecontests": codecontests,
    "debugbench": debugbench,
    "quixbugs-rows": quixbugs_rows,
    "gsm8k": gsm8k,
    "gpqa": gpqa,
    "bbh": bbh,
    "questions": questions,
}
"""Formats of JSON lines, by their names on the command line."""
FOLDERS: Mapping[str, _Layout] = {"quixbugs": quixbugs, "exercism": exercism, "kattis": kattis, "vscode": vscode}
"""Layouts of folders."""
MAX_FAULTS = 10_000
"""After so many unreadable rows the rest of a file is given up; each row is reported."""
NAMES = (*LINES, *FOLDERS)


def refuse(fault: Fault) -> None:
    """Stop at the first row that cannot be read."""
    raise UsageError(str(fault))


def read(
    path: str | Path,
    on_fault: Callable[[Fault], None] = refuse,
    *,
    format_: str | None = None,
    follow_links: bool = False,
) -> Iterator[Record]:
    """Yield the records of a file or a folder in order, one at a time.

    A folder is one problem, contains problems, has one of the layouts of `FOLDERS`, or contains files of rows. A file
    has one of the formats of JSON lines, which is recognized by each row unless `format_` names it. `on_fault` is
    called with each row that cannot be read, and reading goes on. Links that lead out of a folder are only followed
    with `follow_links`. Raises UsageError where nothing can be read at all. Only the ids of the records accumulate in
    memory.
    """
    seen: set[str] = set()
    faults = 0

    def tell(fault: Fault) -> None:
        nonlocal faults
        on_fault(fault)
        faults += 1

    for found in _found(Path(path), format_, follow_links):
        if isinstance(found, Fault):
            tell(found)
        elif found[1].problem.slug in seen:
            place, record = found
            tell(Fault(str(path), place, f"{record.problem.slug} was there before"))
        else:
            seen.add(found[1].problem.slug)
            yield found[1]
        if faults >= MAX_FAULTS:
            on_fault(Fault(str(path), 0, f"{faults:,} rows cannot be read; the rest is not read"))
            return


def _found(path: Path, format_: str | None, follow_links: bool) -> Iterator[tuple[int, Record] | Fault]:
    if archive.is_one(path):
        return _from_archive(path, format_)
    if layout := _layout(path, format_):
        return ((0, it) if isinstance(it, Record) else it for it in layout.records(Folder(path, follow_links)))
    if path.is_file():
        return _from_lines(path, format_)
    if files := _files(path):
        return _from_files(files, format_)
    if format_:
        missing = f"it holds none of {', '.join(_ROWS)}" if path.is_dir() else "no such file"
        raise UsageError(f"cannot read {path}: {missing}")
    return _from_folders(path, follow_links)


def _files(path: Path) -> list[Path]:
    """Return the files of rows in a folder without problems, by their names: some sets have a file for each task."""
    if not path.is_dir() or _holds_problems(path):
        return []
    return sorted(it for it in path.iterdir() if it.name.lower().removesuffix(".gz").endswith(_ROWS) and it.is_file())


def _from_files(files: Sequence[Path], format_: str | None) -> Iterator[tuple[int, Record] | Fault]:
    """Yield the records of each file; a record without a group gets the file's name as its group, and none has
    a place.
    """
    for file in files:
        group = file.name.partition(".")[0]
        for found in _from_lines(file, format_):
            if isinstance(found, Fault):
                yield found
            else:
                line, record = found
                yield line, replace(record, kind=record.kind or group, place=0)


def _from_archive(path: Path, format_: str | None) -> Iterator[tuple[int, Record] | Fault]:
    """Yield the records of the folder in an archive; faults name the archive. No link from a stranger is followed."""
    with archive.unpacked(path) as (folder, links):
        if links:
            yield Fault(str(path), 0, f"it holds links to other files ({links}), which are left out")
        try:
            for found in _found(folder, format_, follow_links=False):
                if isinstance(found, Fault):
                    inside, reason = (it.replace(str(folder), str(path)) for it in (found.file, found.reason))
                    yield Fault(inside, found.line, reason)
                else:
                    place, record = found
                    yield place, replace(record, problem=replace(record.problem, path=None))
        except UsageError as error:
            raise UsageError(str(error).replace(str(folder), str(path))) from None


def _layout(path: Path, format_: str | None) -> _Layout | None:
    """Return the layout of a folder; None for a folder of problems, or a file of rows. Raises UsageError."""
    if format_ is not None and format_ in FOLDERS:
        if not FOLDERS[format_].fits(path):
            raise UsageError(f"{path} is not laid out as {FOLDERS[format_].LAYOUT}")
        return FOLDERS[format_]
    if format_ is not None or (path.is_dir() and _holds_problems(path)):
        return None
    return next((layout for layout in FOLDERS.values() if layout.fits(path)), None)


def _holds_problems(path: Path) -> bool:
    return (path / "problem.toml").exists() or any(path.glob("*/problem.toml"))


def _from_lines(path: Path, format_: str | None) -> Iterator[tuple[int, Record] | Fault]:
    for place, (line, row) in enumerate(rows(path), 1):
        try:
            if isinstance(row, RowError):
                raise row
            yield line, replace(record_of(row, format_), place=place)
        except RowError as error:
            yield Fault(str(path), line, str(error))


def record_of(row: Row, format_: str | None = None) -> Record:
    """Return the record of one row of JSON lines; raises RowError where it has nothing that can be judged."""
    if format_ is not None and format_ not in LINES:
        raise RowError(f"no rows have the format {format_[:40]!r}; there are {', '.join(LINES)}")
    try:
        return (LINES[format_] if format_ else _format_of(row)).record(row)
    except RowError as error:
        others = [name for name, other in LINES.items() if format_ and other.fits(row)]
        if not others or format_ in others:
            raise
        raise RowError(f"{error}; its fields are those of the format {others[0]}") from None
    except (RecursionError, MemoryError):  # beyond what the limits foresee
        raise RowError("too large, or nested too deep") from None


def _format_of(row: Row) -> _Format:
    for format_ in LINES.values():
        if format_.fits(row):
            return format_
    looked = "; ".join(f"{name}: {format_.FIELDS}" for name, format_ in LINES.items())
    raise RowError(f"of no known format. It has the fields {', '.join(map(str, row))[:300]}. Looked for {looked}")


def _from_folders(path: Path, follow_links: bool) -> Iterator[tuple[int, Record] | Fault]:
    if path.is_dir() and not _holds_problems(path):
        looked = "; ".join(layout.LAYOUT for layout in FOLDERS.values())
        raise UsageError(f"{path} is no problem and holds none: there is no problem.toml. Looked for {looked}, too")
    for directory in find_problems([path]):
        try:
            problem = load_problem(directory, follow_links=follow_links)
            if inside := StoredKind.of(problem).set_of(problem):
                yield from _found(inside, None, follow_links=follow_links)
                continue
            buggy = Folder(directory, follow_links).inside(BUGGY)
            yield 0, Record(problem.slug, "", problem, read_source(buggy) if buggy.is_file() else "")
        except UsageError as error:
            yield Fault(str(directory), 0, str(error))


def count(path: str | Path, *, format_: str | None = None) -> int:
    """Return the approximate number of records, counting lines or folders without reading them."""
    place = Path(path)
    if archive.is_one(place):
        with archive.unpacked(place) as (folder, _):
            return count(folder, format_=format_)
    if layout := _layout(place, format_):
        return layout.count(place)
    if files := [place] if place.is_file() else _files(place):
        return sum(map(count_lines, files))
    return len(find_problems([place]))
