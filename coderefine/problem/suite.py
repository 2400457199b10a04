"""What a problem has more where pytest judges it: the files of a project, and how a session runs in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ALLOWED = ("network-loopback", "processes")
"""What tests that pytest runs may be allowed to do, beyond files of their own."""


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file that is there when pytest runs, at a path relative to the project's folder."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Suite:
    """The project around files of tests, which are the problem's test cases."""

    solution: str = "solution.py"
    """Where the solution is put among the files."""
    files: tuple[ProjectFile, ...] = ()
    """What else is there when pytest runs: source files, conftest.py, data of the tests."""
    hidden_files: tuple[ProjectFile, ...] = ()
    """As `files`, for the hidden tests only."""
    import_paths: tuple[str, ...] = ()
    """Folders from which modules are imported, besides the project's own."""
    plugins: tuple[str, ...] = ()
    """Modules that pytest is to load as plugins."""
    suspects: tuple[str, ...] = ()
    """Lines of the solution, without indents, that are likelier wrong than others: those that a commit changes."""
    executables: tuple[str, ...] = ()
    """Files that can be started as programs, where the tests may start any."""
    reach: bool = False
    """Whether a session notes which functions and files each of its tests reaches."""
    soft_s: float = 0.0
    """Seconds on the wall clock after which a session begins no further test; 0: no such limit."""
    deselected: tuple[str, ...] = ()
    """Tests that are not run: ids without parameters."""
    root: str = ""
    """The folder in which pytest is started: the project's own, or that of a part of it."""
    configured: bool = False
    """Whether what pytest finds counts, by the project's own settings; else the tests are those that files declare."""
    sealed: bool = True
    """Whether tests find their own files as they are: nothing in the project's folder can be changed, nor made."""
    autoload: bool = False
    """Whether pytest loads the plugins that are installed, besides those that are named."""
    skips: Literal["declared", "listed", "any"] = "declared"
    """Which tests may be skipped, or fail as expected: those whose files say so, those in `skippable`, or all."""
    skippable: tuple[str, ...] = ()
    """Ids without parameters."""
