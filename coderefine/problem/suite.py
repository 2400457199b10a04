"""What a problem has more where pytest judges it: the files of a project, and how a session runs in it."""

from __future__ import annotations

from dataclasses import dataclass


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
    """Whether a session is to note which Python files it opens."""
    deselected: tuple[str, ...] = ()
    """Tests that are not run: ids without parameters."""
