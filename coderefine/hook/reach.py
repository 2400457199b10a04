"""The map of what each test reached when it last passed; by it, tests are left out that run nothing that changed.

It is sound as far as Python can tell (`sandbox/reach.py`). A test depends on the functions that it ran, on the code
that its imported modules run when they are imported, and on other files as a whole. Its entry holds while all of these
stay the same. The whole map holds while pytest's settings and the environment stay the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from coderefine import __version__
from coderefine.errors import UnreadableError
from coderefine.hook.blocks import MODULE, Blocks
from coderefine.hook.blocks import read as read_blocks
from coderefine.hook.cache import Cache, digest
from coderefine.hook.layout import NAMES
from coderefine.hook.staged import Snapshot
from coderefine.outside import read_json

WHOLE = "*"
"""The name that stands for a file as a whole; other names are those of functions, or MODULE for what an import runs."""
Place = tuple[str, str]
"""A file, and the name of a function in it."""


@dataclass(frozen=True, slots=True)
class FileReach:
    """What a test file reached."""

    shared: frozenset[Place] = frozenset()
    """Places on which all tests of the file depend."""
    tests: dict[str, frozenset[Place]] = field(default_factory=dict)
    """The tests that passed, without parameters, and the places of each."""
    read: frozenset[str] = frozenset()
    """Files that other test files of the session read; it is not known which of those depends on them."""
    is_complete: bool = False
    """Whether the file has no other tests than these."""


@dataclass(slots=True)
class ReachMap:
    """The map of a working tree, with the entries that hold for a snapshot."""

    snapshot: Snapshot
    basis: str
    """A digest of everything on which all entries depend."""
    known: frozenset[str] = frozenset()
    """The Python files that existed."""
    files: dict[str, FileReach] = field(default_factory=dict)
    blocks: dict[str, tuple[str, Blocks]] = field(default_factory=dict)
    """For each file in any place, the id of its contents and its functions."""

    @classmethod
    def load(cls, snapshot: Snapshot, cache: Cache, asked: Iterable[str] = (), python: str = "") -> Self:
        """Read the map that is remembered, with the entries that still hold.

        `asked` are files that are to be tested though nothing in them is staged: each of their functions counts as
        changed. `python` is an interpreter that the user names.
        """
        basis = _basis(snapshot, python)
        record = cache.reached(snapshot.repository.root) or {}
        if record.get("basis") != basis:
            return cls(snapshot, basis, frozenset(path for path in snapshot.files if path.endswith(".py")))
        known = {path: (id_, blocks) for path, (id_, blocks) in record["blocks"].items()}
        found = cls(snapshot, basis, frozenset(record["known"]), blocks=known)
        bad = found._renew() | found._functions(set(asked).difference(it.path for it in snapshot.changes))
        places: list[Place] = [(path, name) for path, name in record["places"]]
        for file, (shared, tests, read, is_complete) in record["files"].items():
            common = frozenset(places[at] for at in shared)
            if not common.isdisjoint(bad):
                continue
            kept = {name: frozenset(places[at] for at in own) for name, own in tests.items()}
            kept = {name: own for name, own in kept.items() if own.isdisjoint(bad)}
            found.files[file] = FileReach(common, kept, frozenset(read), is_complete and len(kept) == len(tests))
        return found

    def _renew(self) -> set[Place]:
        """Read the changed files again; return the places that differ."""
        bad: set[Place] = set()
        for path, (id_, before) in list(self.blocks.items()):
            if self._id(path) != id_:
                self.blocks[path] = _, now = self._read(path)
                changed = {name for name, (_, code) in before.items() if name not in now or now[name][1] != code}
                bad |= {(path, name) for name in (WHOLE, *changed)}
        return bad

    def _functions(self, paths: Iterable[str]) -> set[Place]:
        """Return WHOLE and all functions of some files, or MODULE for a file without functions."""
        known = {path: self.blocks[path][1].keys() for path in paths if path in self.blocks}
        return {(path, it) for path, names in known.items() for it in (WHOLE, *(names - {MODULE} or {MODULE}))}

    def knows(self, test: str, changed: str) -> bool:
        """Whether a test file has an entry that tells for each of its tests whether `changed` matters to it."""
        return test in self.files and changed in self.known and changed not in self.files[test].read

    def held(self, test: str) -> Collection[str]:
        """Return the tests of a file, without parameters, that would pass again."""
        return self.files[test].tests if test in self.files else ()

    def spares(self, test: str) -> bool:
        """Whether these are all tests of the file."""
        return test in self.files and self.files[test].is_complete

    def forget(self, tests: Iterable[str]) -> None:
        """Drop the entries of test files about which nothing can be known."""
        for test in tests:
            self.files.pop(test, None)

    def note(self, told: str, spared: Collection[str], passed: dict[str, set[str]], rest: Collection[str]) -> None:
        """Add what a session reached, from the text of `sandbox/reach.py`, which is hostile.

        `passed` holds the test files of the session with the tests that passed, without parameters; `rest` are files
        that have other tests as well. Entries of `spared` tests stay.
        """
        session = _Session.read(told)
        if session is None:
            self.forget(passed)
            return
        for path in session.paths - self.blocks.keys():
            self.blocks[path] = self._read(path)
        names_of = {path: {line: name for name, (line, _) in self.blocks[path][1].items()} for path in session.paths}
        places = [(path, names_of[path].get(line, WHOLE)) for path, line in session.places]
        modules = {path for path, name in places if name == MODULE}
        read = {path for path, name in places if name == WHOLE} - modules
        for file, names in passed.items():
            before = self.files.pop(file, FileReach())
            kept = {name: own for name, own in before.tests.items() if name in spared}
            if file in session.unknown:
                names = set()  # noqa: PLW2901
            shared = {places[at] for at in (*session.owners.get("", ()), *session.owners.get(file, ()))}
            tests = {name: frozenset(places[at] for at in session.owners.get(name, ())) for name in names}
            tests = {name: own for name, own in tests.items() if name not in session.unknown}
            known = {path for path, _ in shared}
            self.files[file] = FileReach(
                frozenset(shared | (before.shared if kept else set())),
                {**kept, **tests},
                frozenset(read - known) | (before.read if kept else frozenset()),
                file not in rest and len(tests) == len(names) and file not in session.unknown,
            )

    def save(self, cache: Cache, environment: Iterable[str], asked: Iterable[str]) -> None:
        """Write the map to the cache.

        A new file counts as known once it was `asked` for: then all tests that it might concern were run.
        """
        numbers: dict[Place, int] = {}

        def numbered(places: Iterable[Place]) -> list[int]:
            return [numbers.setdefault(place, len(numbers)) for place in sorted(places)]

        files = {
            file: [
                numbered(it.shared),
                {name: numbered(own) for name, own in it.tests.items()},
                sorted(it.read),
                it.is_complete,
            ]
            for file, it in self.files.items()
            if file in self.snapshot.files
        }
        used = {path for path, _ in numbers}
        record: dict[str, Any] = {
            "basis": self.basis,
            "known": sorted(self.known.union(asked)),
            "files": files,
            "places": list(numbers),
            "blocks": {path: it for path, it in self.blocks.items() if path in used},
        }
        cache.set_reached(self.snapshot.repository.root, record, environment)

    def _id(self, path: str) -> str:
        entry = self.snapshot.files.get(path)
        return entry.id if entry else ""

    def _read(self, path: str) -> tuple[str, Blocks]:
        if not path.endswith(".py") or path not in self.snapshot.files:
            return self._id(path), {}
        return self._id(path), read_blocks(self.snapshot.read([path])[path], path)


@dataclass(frozen=True, slots=True)
class _Session:
    """What a session reported, checked."""

    places: list[tuple[str, int]]
    owners: dict[str, list[int]]
    unknown: frozenset[str]

    @classmethod
    def read(cls, told: str) -> Self | None:
        try:
            data = read_json(told)
        except UnreadableError:
            return None
        match data:
            case {"places": [*places], "owners": dict() as owners, "unknown": [*unknown]}:
                numbers = range(len(places))
                is_sound = (
                    all(type(it) is list and [type(part) for part in it] == [str, int] for it in places)
                    and all(type(it) is list for it in owners.values())
                    and all(type(at) is int and at in numbers for it in owners.values() for at in it)
                    and all(type(it) is str for it in unknown)
                )
                if is_sound:
                    return cls([(path, line) for path, line in places], owners, frozenset(unknown))
        return None

    @property
    def paths(self) -> set[str]:
        return {path for path, _ in self.places}


def _basis(snapshot: Snapshot, python: str) -> str:
    settings = (f"{path} {entry.id}" for path, entry in snapshot.files.items() if path.rpartition("/")[2] in NAMES)
    return digest([__version__, sys.version, os.environ.get("VIRTUAL_ENV", ""), python, *settings])
