"""What a commit calls for: the changed files, and the tests that each concerns."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self, TypeVar

from coderefine.errors import UsageError
from coderefine.hook.cache import Cache
from coderefine.hook.choose import Chooser, Chosen
from coderefine.hook.generated import named as named_generated
from coderefine.hook.generated import read as read_generated
from coderefine.hook.imports import names
from coderefine.hook.layout import Layout
from coderefine.hook.past import Past
from coderefine.hook.reach import ReachMap
from coderefine.hook.settings import FILE, Settings, read, scripts
from coderefine.hook.staged import Snapshot

T = TypeVar("T")

_MAX_SOURCE_BYTES = 1 << 20
_AT_ONCE = 64
"""Files that are read at once; together they fit into memory, whatever their sizes."""
_PATIENCE_S = 300.0
_NEAR = 1
_NEW = (0.0, False)
_EXAMPLE = b">>> "
_SETUP = ("setup.py", "setup.cfg")


@dataclass(frozen=True, slots=True)
class Plan:
    """The tests to run for a commit."""

    snapshot: Snapshot
    settings: Settings
    chooser: Chooser
    chosen: tuple[Chosen, ...]
    reach: ReachMap
    past: Past
    generated: tuple[str, ...] = ()
    """The files that are taken from the working tree because git does not have them."""

    @classmethod
    def make(
        cls, snapshot: Snapshot, changed: Sequence[str], cache: Cache, *, narrow: bool = True, python: str = ""
    ) -> Self:
        """Choose the tests for changed files, with `narrow` without those that are known to run nothing that changed.

        `python` is an interpreter that the user names.
        """
        described = read(snapshot.read([FILE])[FILE]) if FILE in snapshot.files else {}
        settings = Settings.of(described)
        setup = b"\n".join(_small(snapshot, [it for it in _SETUP if it in snapshot.files]).values())
        patterns = (*named_generated(described, setup), *settings.generated)
        made = (
            read_generated(snapshot.repository, patterns, snapshot.indexed, settings.source or ("src",))
            if patterns
            else {}
        )
        snapshot = snapshot.with_generated(made)
        deleted = {change.path for change in snapshot.changes} - snapshot.files.keys()
        reader = _NameReader(snapshot, cache)
        reach = ReachMap.load(snapshot, cache, changed, python)
        layout = Layout.read(snapshot.files, lambda paths: _small(snapshot, paths))
        chooser = Chooser(
            settings,
            snapshot.files,
            deleted,
            reader.names_of,
            scripts=scripts(described),
            reach=reach if narrow else None,
            layout=layout,
            doctests=_with_examples(snapshot, layout),
        )
        chosen = tuple(chooser.choose(path) for path in changed)
        reader.keep()
        for it in chosen:
            reach.forget(test for test in it.tests if not reach.knows(test, it.changed))
        past = Past.load(cache, snapshot.repository.root)
        return cls(snapshot, settings, chooser, chosen, reach, past, tuple(made))

    def without_soft_limit(self) -> Self:
        """Return the plan with as much time for all tests as for the nearest."""
        return replace(self, settings=replace(self.settings, soft_timeout=self.settings.timeout))

    @property
    def tests(self) -> list[str]:
        """The test files to run, each once: those that failed last time, then the nearest, of these the
        quickest first.
        """
        distances = self.distances
        past = self.past.files
        return sorted(distances, key=lambda it: (not past.get(it, _NEW)[1], distances[it], past.get(it, _NEW)[0], it))

    @property
    def distances(self) -> dict[str, int]:
        """How far each test file is from the nearest changed file (see `Chosen`)."""
        found: dict[str, int] = {}
        for chosen in self.chosen:
            for test in chosen.tests:
                distance = chosen.distances.get(test, 0)
                found[test] = min(distance, found.get(test, distance))
        return found

    @property
    def near(self) -> frozenset[str]:
        """The test files that must be run, whatever time is left; the others are run while time lasts."""
        return frozenset(test for test, distance in self.distances.items() if distance <= _NEAR)

    @property
    def spared(self) -> frozenset[str]:
        """The tests in these files, without parameters, that ran nothing that changed when they last passed."""
        whole = {test for chosen in self.chosen for test in chosen.tests if test not in chosen.narrowed}
        return frozenset(name for test in self.tests if test not in whole for name in self.reach.held(test))

    @property
    def unaffected(self) -> int:
        """How many tests, without parameters, might concern the change by their imports, and are known not to."""
        return len(self.spared) + sum(len(self.reach.held(test)) for test in self.left_out)

    @property
    def left_out(self) -> list[str]:
        """The test files that are not run because of the map."""
        return sorted({test for chosen in self.chosen for test in chosen.left_out}.difference(self.tests))

    @property
    def problems(self) -> list[str]:
        """The folders of problems to judge."""
        return sorted({chosen.problem for chosen in self.chosen if chosen.problem is not None})

    @property
    def untested(self) -> list[str]:
        """The changed modules that have no tests."""
        without = [it.changed for it in self.chosen if not it.tests and not it.left_out and it.problem is None]
        return [path for path in without if path.endswith(".py") and path in self.snapshot.files]

    @property
    def unknown(self) -> list[str]:
        """The files that were named, but are neither in the next commit nor deleted by it."""
        known = self.snapshot.indexed | {change.path for change in self.snapshot.changes}
        return [it.changed for it in self.chosen if it.changed not in known]


class _NameReader:
    """Reads the names that files mention; each content is parsed once."""

    def __init__(self, snapshot: Snapshot, cache: Cache) -> None:
        self._snapshot, self._cache = snapshot, cache
        self._known: dict[str, list[str]] | None = None
        self._is_new = False
        self._until = time.monotonic() + _PATIENCE_S

    def names_of(self, paths: Collection[str]) -> dict[str, list[str]]:
        """Return the names that some files mention, by the files' paths."""
        if self._known is None:
            self._known = self._cache.names(self._snapshot.repository.common_dir)
        known, files = self._known, self._snapshot.files
        unknown = {files[path].id: files[path] for path in paths if files[path].id not in known}
        for batch in _batched(unknown.values(), _AT_ONCE):
            contents = self._snapshot.contents(batch, _MAX_SOURCE_BYTES)
            for entry in batch:
                known[entry.id] = names(contents.get(entry.id, b""))
                self._is_new = True
                if time.monotonic() > self._until:
                    self.keep()  # the next run continues from here
                    raise UsageError(
                        f"reading which files import which took more than {_PATIENCE_S:.0f} s; try again, "
                        "or name the tests in [tool.coderefine] map"
                    )
        return {path: known[files[path].id] for path in paths}

    def keep(self) -> None:
        """Write what was parsed to the cache."""
        if self._known is not None and self._is_new:
            self._cache.set_names(self._snapshot.repository.common_dir, self._known)


def _small(snapshot: Snapshot, paths: Collection[str]) -> dict[str, bytes]:
    """Return the contents of the files that are no larger than a source may be."""
    entries = {path: snapshot.files[path] for path in paths}
    contents = snapshot.contents(entries.values(), _MAX_SOURCE_BYTES) if entries else {}
    return {path: contents[entry.id] for path, entry in entries.items() if entry.id in contents}


def _with_examples(snapshot: Snapshot, layout: Layout) -> list[str]:
    """Return the files with examples that pytest runs as tests."""
    found = []
    for batch in _batched([path for path in snapshot.files if layout.has_doctests(path)], _AT_ONCE):
        found += [path for path, data in _small(snapshot, batch).items() if _EXAMPLE in data]
    return found


def _batched(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch
