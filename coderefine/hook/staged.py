"""What is staged, as files: the next commit's, not those of the working tree.

Links are followed within the snapshot, so that what they lead to is there under their names as well; those that lead
out of it, or nowhere, are left out. Submodules are not looked into.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from coderefine.hook.git import FILE_MODES, LINK_MODE, SUBMODULE_MODE, Change, Entry, Repository

_MAX_LINKS = 40
"""As many as the kernel follows on one path."""
_MAX_LINKED_FILES = 10_000
"""A few folders of links to folders of links are a great many files."""


@dataclass(slots=True)
class Snapshot:
    """The next commit: its files, and how it differs from the last."""

    repository: Repository
    changes: tuple[Change, ...]
    files: dict[str, Entry]
    """Every file, links followed; in the order of the paths."""
    left_out: tuple[str, ...]
    """Submodules, and links that lead to no file."""
    indexed: frozenset[str]
    """Every path that git knows of."""
    _contents: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def take(cls, repository: Repository, changes: Iterable[Change], listing: str) -> Self:
        """Read the index as git lists it, given what is staged in it."""
        changes = tuple(changes)
        index = repository.entries(changes, listing)
        links = {path: entry for path, entry in index.items() if entry.mode == LINK_MODE}
        targets = repository.read(links.values()) if links else {}
        files = {path: entry for path, entry in index.items() if entry.mode in FILE_MODES}
        left_out = [path for path, entry in index.items() if entry.mode == SUBMODULE_MODE]
        if links:
            tree = _Tree(index, {path: os.fsdecode(targets[entry.id]) for path, entry in links.items()})
            for link in links:
                found = dict(tree.below(link))
                files.update(found)
                if not found:
                    left_out.append(link)
        return cls(repository, changes, dict(sorted(files.items())), tuple(left_out), frozenset(index))

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of some files; each is read from git once."""
        wanted = {path: self.files[path] for path in paths}
        missing = [entry for entry in wanted.values() if entry.id not in self._contents]
        self._contents.update(self.repository.read(missing))
        return {path: self._contents[entry.id] for path, entry in wanted.items()}

    def sizes(self) -> dict[str, int]:
        """Return how many bytes each file has, without reading any."""
        sizes = self.repository.sizes(self.files.values())
        return {path: sizes[entry.id] for path, entry in self.files.items()}


class _Tree:
    """Folders and what is in them, to follow links as the kernel does."""

    def __init__(self, index: dict[str, Entry], targets: dict[str, str]) -> None:
        self._targets = targets
        self._folders: dict[str, list[str]] = {}
        self._entries = index
        self._left = _MAX_LINKED_FILES
        for path in index:
            while path:
                folder, _, name = path.rpartition("/")
                siblings = self._folders.setdefault(folder, [])
                if siblings and siblings[-1] == name:
                    break
                siblings.append(name)
                path = folder  # noqa: PLW2901 - up to the root

    def below(self, link: str) -> Iterator[tuple[str, Entry]]:
        """Yield what is found under the name of a link: a file, or the files of a folder, with their paths there."""
        target = self._resolve(link)
        if target is not None:
            yield from self._walk(link, target, (target,))

    def _walk(self, shown: str, path: str, above: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
        entry = self._entries.get(path)
        if entry is not None:
            if entry.mode in FILE_MODES and self._left > 0:
                self._left -= 1
                yield shown, entry
            return
        for name in dict.fromkeys(self._folders.get(path, ())):
            inner = self._resolve(f"{path}/{name}" if path else name)
            if inner is not None and inner not in above and self._left > 0:  # no folder within itself
                yield from self._walk(f"{shown}/{name}", inner, (*above, inner))

    def _resolve(self, path: str) -> str | None:
        """Return the path of the file, folder or submodule that a path leads to; None where it leads to nothing."""
        done: list[str] = []
        parts, followed = path.split("/")[::-1], 0
        while parts:
            part = parts.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    return None
                done.pop()
                continue
            here = "/".join((*done, part))
            target = self._targets.get(here)
            if target is None:
                if here not in self._entries and here not in self._folders:
                    return None
                done.append(part)
                continue
            followed += 1
            if followed > _MAX_LINKS or target.startswith("/"):
                return None
            parts += target.split("/")[::-1]
        return "/".join(done)
