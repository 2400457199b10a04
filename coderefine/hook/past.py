"""What is remembered of files of tests: how long each took, and which failed when they were last run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from coderefine.hook.cache import Cache

_MOST = 5000


@dataclass(frozen=True, slots=True)
class Past:
    """Of the working tree of a repository."""

    root: str = ""
    files: dict[str, tuple[float, bool]] = field(default_factory=dict)
    """For each file of tests its seconds, and whether one of its tests failed."""

    @classmethod
    def load(cls, cache: Cache, root: str) -> Self:
        """Read what is remembered."""
        return cls(root, {path: (float(seconds), bool(failed)) for path, (seconds, failed) in cache.past(root).items()})

    def note(self, seconds: dict[str, float], failed: Iterable[str]) -> None:
        """Add what the tests of some files reached."""
        red = set(failed)
        self.files.update({path: (round(took, 2), path in red) for path, took in seconds.items()})

    def save(self, cache: Cache) -> None:
        """Remember it; of a great many, the newest."""
        cache.set_past(self.root, dict(list(self.files.items())[-_MOST:]))
