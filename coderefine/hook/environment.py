"""The project's own environment: the interpreter with which its tests run, and what that has installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from coderefine.errors import UsageError
from coderefine.hook.git import Repository

_USUAL = (".venv/bin/python", "venv/bin/python", "env/bin/python")


@dataclass(frozen=True, slots=True)
class Environment:
    """An interpreter of this machine."""

    python: str
    shown: str
    """As people know it."""

    @classmethod
    def find(cls, repository: Repository, named: str, tracked: Collection[str]) -> Self:
        """Return the environment that is named, or else the usual one, or else our own.

        An interpreter starts outside of the sandbox, so none that the repository brings along is taken. Raises
        UsageError.
        """
        root = Path(repository.root)
        if named:
            found = root / Path(named).expanduser()
            if not os.access(found, os.X_OK) or found.is_dir():
                raise UsageError(f"[tool.coderefine] python: there is no interpreter {found}")
            _refuse_tracked(found, root, tracked)
            return cls(str(found), named)
        for folder in dict.fromkeys((root, Path(repository.common_dir).parent)):  # a linked tree, the main one
            for path in _USUAL:
                if os.access(folder / path, os.X_OK):
                    _refuse_tracked(folder / path, root, tracked)
                    return cls(str(folder / path), path if folder == root else str(folder / path))
        active = os.environ.get("VIRTUAL_ENV", "")
        # A hook's own environment is no project's.
        if (
            active
            and Path(active).resolve() != Path(sys.prefix).resolve()
            and os.access(Path(active, "bin/python"), os.X_OK)
        ):
            found = Path(active, "bin/python")
            _refuse_tracked(found, root, tracked)
            return cls(str(found), str(found))
        return cls(sys.executable, "coderefine's own Python: no .venv was found")

    @property
    def files(self) -> list[str]:
        """What changes whenever something is installed."""
        folder = Path(self.python).parent.parent
        return [self.python, str(folder / "pyvenv.cfg"), *map(str, sorted(folder.glob("lib/python3*/site-packages")))]


def _refuse_tracked(python: Path, root: Path, tracked: Collection[str]) -> None:
    for path in (python, python.resolve(), python.parent.resolve() / python.name):
        if path.is_relative_to(root) and path.relative_to(root).as_posix() in tracked:
            raise UsageError(f"the interpreter {python} is a file of the repository itself; it is not trusted")
    if root.resolve() != root:
        _refuse_tracked(python.resolve(), root.resolve(), tracked)
