"""The additional data of problems that pytest judges: the files of a project, and how a session runs in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ALLOWED = ("network-loopback", "processes")
"""What the tests of pytest may be allowed to do, besides reading and writing their own files."""


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file that exists when pytest runs, at a path relative to the project's folder."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Suite:
    """The project around the files of tests, which are the problem's test cases."""

    solution: str = "solution.py"
    """The path of the solution among the files."""
    files: tuple[ProjectFile, ...] = ()
    """The other files that exist when pytest runs: source files, conftest.py, data of the tests."""
    hidden_files: tuple[ProjectFile, ...] = ()
    """Further files, for the hidden tests only."""
    import_paths: tuple[str, ...] = ()
    """Folders from which modules are imported, besides the project's own."""
    plugins: tuple[str, ...] = ()
    """Modules that pytest loads as plugins."""
    suspects: tuple[str, ...] = ()
    """Lines of the solution, without indents, that are more likely wrong than others: those that a commit changes."""
    executables: tuple[str, ...] = ()
    """Files that can be started as programs, where the tests may start programs."""
    reach: bool = False
    """Whether a session records which functions and files each of its tests reaches."""
    soft_s: float = 0.0
    """Seconds on the wall clock after which a session begins no further test; 0: no such limit."""
    deselected: tuple[str, ...] = ()
    """Tests that are not run: ids without parameters."""
    root: str = ""
    """The folder in which pytest is started: the project's own, or that of a part of it."""
    configured: bool = False
    """Whether the tests are those that pytest finds by the project's own settings; else they are those that files
    declare.
    """
    sealed: bool = True
    """Whether nothing in the project's folder can be changed or created, so that tests find their files unchanged."""
    autoload: bool = False
    """Whether pytest loads the installed plugins, besides those in `plugins`."""
    skips: Literal["declared", "listed", "any"] = "declared"
    """Which tests may be skipped, or fail as expected: those that declare it, those in `skippable`, or all."""
    skippable: tuple[str, ...] = ()
    """Ids without parameters."""
