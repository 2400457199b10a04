"""What a commit calls for: the changed files, and for each the tests that it concerns."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self, TypeVar

from coderefine.errors import UsageError
from coderefine.hook.cache import Cache
from coderefine.hook.choose import Chooser, Chosen
from coderefine.hook.imports import names
from coderefine.hook.reach import ReachMap
from coderefine.hook.settings import FILE, Settings, read, scripts
from coderefine.hook.staged import Snapshot

T = TypeVar("T")

_MAX_SOURCE_BYTES = 1 << 20
_AT_ONCE = 64
"""Files that are read at once; all of them together fit into memory whatever their size."""
_PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Which tests are to run."""

    snapshot: Snapshot
    settings: Settings
    chooser: Chooser
    chosen: tuple[Chosen, ...]
    reach: ReachMap

    @classmethod
    def make(cls, snapshot: Snapshot, changed: Iterable[str], cache: Cache, *, narrow: bool = True) -> Self:
        """Choose the tests for some changed files; with `narrow`, none that is known not to reach any of them."""
        described = read(snapshot.read([FILE])[FILE]) if FILE in snapshot.files else {}
        settings = Settings.of(described)
        deleted = {change.path for change in snapshot.changes} - snapshot.files.keys()
        reader = _NameReader(snapshot, cache)
        # Both sides of a merge have passed the tests that are named after what they changed.
        wide, reach = snapshot.repository.is_merging, ReachMap.load(snapshot, cache)
        misses = reach.misses if narrow else lambda test, changed: False
        chooser = Chooser(
            settings,
            snapshot.files,
            deleted,
            reader.names_of,
            scripts=scripts(described),
            wide=wide,
            misses=misses,
        )
        chosen = tuple(chooser.choose(path) for path in changed)
        reader.keep()
        return cls(snapshot, settings, chooser, chosen, reach)

    @property
    def tests(self) -> list[str]:
        """The test files to run, each once, in the order of their paths."""
        return sorted({test for chosen in self.chosen for test in chosen.tests})

    @property
    def left_out(self) -> list[str]:
        """The test files that the map keeps from being run."""
        return sorted({test for chosen in self.chosen for test in chosen.left_out}.difference(self.tests))

    @property
    def problems(self) -> list[str]:
        """The folders of problems to judge."""
        return sorted({chosen.problem for chosen in self.chosen if chosen.problem is not None})

    @property
    def untested(self) -> list[str]:
        """Changed modules for which there are no tests."""
        without = [it.changed for it in self.chosen if not it.tests and not it.left_out and it.problem is None]
        return [path for path in without if path.endswith(".py") and path in self.snapshot.files]

    @property
    def unknown(self) -> list[str]:
        """What was named, but is neither in the next commit nor deleted by it."""
        known = self.snapshot.indexed | {change.path for change in self.snapshot.changes}
        return [it.changed for it in self.chosen if it.changed not in known]


class _NameReader:
    """The names that files mention, parsed once for each content."""

    def __init__(self, snapshot: Snapshot, cache: Cache) -> None:
        self._snapshot, self._cache = snapshot, cache
        self._known: dict[str, list[str]] | None = None
        self._is_new = False
        self._until = time.monotonic() + _PATIENCE_S

    def names_of(self, paths: Collection[str]) -> dict[str, list[str]]:
        """Return the names that some files mention, by their paths."""
        if self._known is None:
            self._known = self._cache.names(self._snapshot.repository.common_dir)
        known, files = self._known, self._snapshot.files
        unknown = {files[path].id: files[path] for path in paths if files[path].id not in known}
        for batch in _batched(unknown.values(), _AT_ONCE):
            contents = self._snapshot.repository.read(batch, _MAX_SOURCE_BYTES)
            for entry in batch:
                known[entry.id] = names(contents.get(entry.id, b""))
                self._is_new = True
                if time.monotonic() > self._until:
                    self.keep()  # so that the next time goes on from here
                    raise UsageError(
                        f"reading which files import which took more than {_PATIENCE_S:.0f} s; try again, "
                        "or name the tests in [tool.coderefine] map"
                    )
        return {path: known[files[path].id] for path in paths}

    def keep(self) -> None:
        """Remember what was parsed."""
        if self._known is not None and self._is_new:
            self._cache.set_names(self._snapshot.repository.common_dir, self._known)


def _batched(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch
