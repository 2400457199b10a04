"""What the hook remembers between commits: the commits that passed, and the names that files mention.

A record of a passing commit is found by the contents of all files that its tests could see, and holds only while the
project's environment stays the same. A record that cannot be read or written is skipped, without further consequence.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coderefine import __version__

if TYPE_CHECKING:
    from coderefine.hook.git import Repository

_KEPT_S = 30 * 86400
_NAMES = "2"
"""The version of these records; it changes with the result of `imports.names`, so that older records are ignored."""
_MAX_NAMES = 50_000


def key_of(repository: Repository, staged: str, changed: Iterable[str], python: str = "") -> str:
    """Return a digest of the contents of an index, of the changed files to test, and of the repository and interpreter.

    The last commit and what differs from it (`Repository.staged`) determine the index, so it need not be listed.
    """
    where = (repository.root, str(repository.is_merging), os.environ.get("VIRTUAL_ENV", ""), python)
    return digest([__version__, *where, repository.head, staged, *changed])


class Cache:
    """A folder in the user's cache."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _usual_folder()

    def passed(self, key: str) -> dict[str, Any] | None:
        """Return what is recorded under a key, if it still holds; else None."""
        record = self._load(f"passed-{key}")
        return record if record is not None and _holds(record) else None

    def set_passed(self, key: str, record: dict[str, Any], environment: Iterable[str]) -> None:
        """Record something under a key; it holds while the files and folders of `environment` stay the same."""
        self._save(f"passed-{key}", {**record, "environment": [[path, _state(path)] for path in environment]})
        self._forget()

    def names(self, repository: str) -> dict[str, list[str]]:
        """Return the names that files mention, by the ids of the files' contents."""
        return self._load(_names_file(repository)) or {}

    def set_names(self, repository: str, names: dict[str, list[str]]) -> None:
        """Record the names that files mention; of very many, the newest."""
        self._save(_names_file(repository), dict(list(names.items())[-_MAX_NAMES:]))

    def reached(self, repository: str) -> dict[str, Any] | None:
        """Return the map of a working tree (see `reach.py`), if its environment is the same; else None."""
        record = self._load(f"reach-{digest([repository])}")
        return record if record is not None and _holds(record) else None

    def set_reached(self, repository: str, record: dict[str, Any], environment: Iterable[str]) -> None:
        """Record a map; it holds while the files and folders of `environment` stay the same."""
        states = [[path, _state(path)] for path in environment]
        self._save(f"reach-{digest([repository])}", {**record, "environment": states})

    def past(self, repository: str) -> dict[str, list[float]]:
        """Return what is recorded about the tests of a working tree (see `past.py`)."""
        return self._load(f"past-{digest([repository])}") or {}

    def set_past(self, repository: str, files: dict[str, tuple[float, bool]]) -> None:
        """Record the tests of a working tree."""
        self._save(f"past-{digest([repository])}", files)

    def head(self, repository: str) -> dict[str, Any]:
        """Return what is recorded about the tests on a last commit (see `before.py`)."""
        return self._load(f"head-{digest([repository])}") or {}

    def set_head(self, repository: str, record: dict[str, Any]) -> None:
        """Record the tests on a last commit."""
        self._save(f"head-{digest([repository])}", record)

    def _load(self, name: str) -> dict[str, Any] | None:
        try:
            data = json.loads((self._folder / name).read_bytes())  # our own
        except (OSError, ValueError, RecursionError):
            return None
        return data if isinstance(data, dict) else None

    def _save(self, name: str, data: dict[str, Any]) -> None:
        temporary = self._folder / f".{name}.{os.getpid()}"
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")
            temporary.replace(self._folder / name)

    def _forget(self) -> None:
        with contextlib.suppress(OSError):
            for path in self._folder.glob("passed-*"):
                if path.stat().st_mtime < time.time() - _KEPT_S:
                    path.unlink(missing_ok=True)


def _names_file(repository: str) -> str:
    return f"names-{digest([__version__, _NAMES, repository])}"


def digest(parts: Iterable[str]) -> str:
    """Return a digest of a list of texts."""
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        hashed.update(b"%d:" % len(data))
        hashed.update(data)
    return hashed.hexdigest()


def _usual_folder() -> Path:
    """Return a folder next to pre-commit's own; a library that knows all systems would take as long to import as the
    rest.
    """
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        cache = given if given.is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # without a home folder, nothing is remembered
        cache = Path(os.devnull)
    return cache / "coderefine" / "hook"


def _holds(record: dict[str, Any]) -> bool:
    return all(_state(path) == state for path, state in record.get("environment", []))


def _state(path: str) -> str:
    try:
        facts = os.stat(path)  # noqa: PTH116 - follows a link to its target
    except OSError:
        return ""
    return f"{facts.st_ino} {facts.st_size} {facts.st_mtime_ns}"
