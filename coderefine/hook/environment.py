"""The project's own environment: the interpreter that runs its tests, and the packages installed for it.

The interpreter and pytest are loaded before the sandbox closes, so neither may come from the repository.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from coderefine.errors import UsageError
from coderefine.hook.git import Repository

_USUAL = (".venv/bin/python", "venv/bin/python", "env/bin/python")
_INTERPRETER = re.compile(r"(python|pypy)[\d.]*t?")


@dataclass(frozen=True, slots=True)
class Environment:
    """An interpreter of this machine."""

    python: str
    shown: str
    """The interpreter as it is shown to the user."""
    is_ours: bool = False
    """Whether it is coderefine's own environment, for lack of one of the project."""
    passed_over: tuple[str, ...] = ()
    """Interpreters that would have been preferred, but do not exist."""

    @classmethod
    def find(cls, repository: Repository, named: str, tracked: Collection[str]) -> Self:
        """Return the environment that is named, else the usual one, else our own; raises UsageError.

        An environment that the repository brings along is refused: no file in it may be `tracked`. One outside of the
        repository is refused unless it is the active one.
        """
        root = Path(repository.root)
        if named:
            found = root / named
            _refuse_outside(found, (root,))
            if not _can_run(found) or not _INTERPRETER.fullmatch(found.name):
                raise UsageError(f"[tool.coderefine] python: {found} is no Python interpreter that can be run")
            _refuse_tracked(found, root, tracked)
            return cls(str(found), named)
        passed_over: list[str] = []
        for found, shown in _candidates(repository):
            if _can_run(found):
                if not _is_active(found):
                    _refuse_outside(found, _roots(repository))
                _refuse_tracked(found, root, tracked)
                return cls(str(found), shown, passed_over=tuple(passed_over))
            passed_over.append(str(found))
        return cls(sys.executable, "coderefine's own Python: no .venv was found", True, tuple(passed_over))

    @classmethod
    def named_by_user(cls, python: str) -> Self:
        """Return the environment of an interpreter that the user named; raises UsageError."""
        found = Path(os.path.abspath(Path(python).expanduser()))  # noqa: PTH100 - a link tells the environment
        if not _can_run(found) or not _INTERPRETER.fullmatch(found.name):
            raise UsageError(f"--python {python} is no Python interpreter that can be run")
        return cls(str(found), python)

    @property
    def files(self) -> list[str]:
        """Files that change whenever something is installed, or when another environment would be found."""
        folder = Path(self.python).parent.parent
        installed = map(str, sorted(folder.glob("lib/python3*/site-packages")))
        programs = str(Path(self.python).parent)
        return [*self.passed_over, self.python, programs, str(folder / "pyvenv.cfg"), *installed]


def _candidates(repository: Repository) -> Iterator[tuple[Path, str]]:
    root = Path(repository.root)
    for folder in _roots(repository):
        for path in _USUAL:
            yield folder / path, path if folder == root else str(folder / path)
    active = _active()
    if active:
        yield active, str(active)


def _roots(repository: Repository) -> tuple[Path, ...]:
    """Return the working tree, and where it is a linked one, the main one as well."""
    return tuple(dict.fromkeys((Path(repository.root), Path(repository.common_dir).parent)))


def _active() -> Path | None:
    """Return the interpreter of the environment that the user has activated, unless that is the hook's own
    environment.
    """
    active = os.environ.get("VIRTUAL_ENV", "")
    return Path(active, "bin/python") if active and Path(active).resolve() != Path(sys.prefix).resolve() else None


def _is_active(python: Path) -> bool:
    active = _active()
    return active is not None and python.parent.resolve() == active.parent.resolve()


def _can_run(python: Path) -> bool:
    return python.is_file() and os.access(python, os.X_OK)


def _refuse_outside(python: Path, roots: tuple[Path, ...]) -> None:
    """Raise UsageError where an interpreter is outside of the repository, or reached by a link that leads out of it.

    The interpreter of a virtual environment in the repository is allowed to be such a link, to the Python that made it.
    """
    folder = Path(os.path.normpath(python)).parent
    is_environment = (folder.parent / "pyvenv.cfg").is_file()
    places = (folder, folder.resolve(), *(() if is_environment else (python.resolve(),)))
    if not all(
        any(place.is_relative_to(base) for root in roots for base in (root, root.resolve())) for place in places
    ):
        raise UsageError(
            f"the interpreter {python} is outside of the repository; "
            f"if you trust it: coderefine hook --python {shlex.quote(str(python))}"
        )


def _refuse_tracked(python: Path, root: Path, tracked: Collection[str]) -> None:
    """Raise UsageError where git tracks a file that the interpreter would start from, or import."""
    folder = python.parent.parent
    loaded = (python, python.parent, folder / "pyvenv.cfg", *folder.glob("lib*/python3*"))
    roots = (root, root.resolve())
    inside = {
        path.relative_to(base).as_posix()
        for it in loaded
        for path in (it, it.parent.resolve() / it.name, it.resolve())
        for base in roots
        if path.is_relative_to(base)
    }
    for path in tracked:
        if any(path == it or path.startswith(f"{it}/") or it.startswith(f"{path}/") for it in inside):
            raise UsageError(f"the interpreter {python} starts from {path}, which git tracks; it is not trusted")
