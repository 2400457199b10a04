"""The map of which files each file of tests reached when it last passed: what leaves tests out that only might matter.

It is sound as far as Python can tell (`sandbox/reach.py`). An entry is of a session with no other file of tests in it,
and holds while every Python file that was opened is what it was. The whole map holds while no file came or went, all
that is no Python is what it was, and the environment too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from coderefine import __version__
from coderefine.hook.cache import Cache, digest
from coderefine.hook.staged import Snapshot


@dataclass(frozen=True, slots=True)
class ReachMap:
    """The entries of a working tree."""

    snapshot: Snapshot
    basis: str
    """Stands for all on which every entry depends."""
    files: dict[str, dict[str, str]]
    """For each file of tests the Python files to which it came, and their contents' ids."""

    @classmethod
    def load(cls, snapshot: Snapshot, cache: Cache) -> Self:
        """Read what is remembered and still holds."""
        basis = _basis(snapshot)
        record = cache.reached(snapshot.repository.root) or {}
        return cls(snapshot, basis, record["tests"] if record.get("basis") == basis else {})

    def misses(self, test: str, changed: str) -> bool:
        """Whether a file of tests is known not to reach a file, and to pass as before without it."""
        return self.holds(test) and changed in self.snapshot.files and changed not in self.files[test]

    def holds(self, test: str) -> bool:
        """Whether it is known which files a file of tests reaches."""
        return test in self.files and all(self._id(path) == id_ for path, id_ in self.files[test].items())

    def note(self, test: str, reach: Iterable[str]) -> None:
        """Add what a file of tests reached as it passed."""
        self.files[test] = {path: self._id(path) for path in reach if path in self.snapshot.files}

    def save(self, cache: Cache, environment: Iterable[str]) -> None:
        """Remember it."""
        record: dict[str, Any] = {"basis": self.basis, "tests": self.files}
        cache.set_reached(self.snapshot.repository.root, record, environment)

    def _id(self, path: str) -> str:
        entry = self.snapshot.files.get(path)
        return entry.id if entry else ""


def _basis(snapshot: Snapshot) -> str:
    files = (
        f"{path} {entry.mode}" if path.endswith(".py") else f"{path} {entry.mode} {entry.id}"
        for path, entry in snapshot.files.items()
    )
    return digest([__version__, os.environ.get("VIRTUAL_ENV", ""), *files])
