"""What is remembered about test files: how long each took, and which failed in their last run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from coderefine.hook.cache import Cache

_MOST = 5000


@dataclass(frozen=True, slots=True)
class Past:
    """The last runs of test files in the working tree of a repository."""

    root: str = ""
    files: dict[str, tuple[float, bool]] = field(default_factory=dict)
    """For each test file its seconds, and whether one of its tests failed."""

    @classmethod
    def load(cls, cache: Cache, root: str) -> Self:
        """Read what is remembered about a working tree."""
        return cls(root, {path: (float(seconds), bool(failed)) for path, (seconds, failed) in cache.past(root).items()})

    def note(self, seconds: dict[str, float], failed: Iterable[str]) -> None:
        """Add the seconds of test files, and which of them failed."""
        red = set(failed)
        self.files.update({path: (round(took, 2), path in red) for path, took in seconds.items()})

    def save(self, cache: Cache) -> None:
        """Write it to the cache; of very many files, the newest."""
        cache.set_past(self.root, dict(list(self.files.items())[-_MOST:]))
