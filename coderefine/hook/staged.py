"""What is staged, as files: those of the next commit, not of the working tree.

Links are followed within the snapshot, so that their targets appear under their names as well. A link that leads out of
the snapshot, or nowhere, is left out. Submodules are not read. The author of a repository chose its links and the sizes
of its files, so the number of links followed and of bytes read at once is limited.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from coderefine.errors import UsageError
from coderefine.hook.edits import Edits
from coderefine.hook.git import FILE_MODES, LARGEST, LINK_MODE, SUBMODULE_MODE, Entry, Repository, StagedChange

_MAX_LINKS = 40
"""Links on one path, at most: the kernel's own limit."""
_MAX_PATH = 4096
"""Characters of a path or of a link's target, at most: the kernel's own limit."""
_MAX_LINKED_FILES, _MAX_LINKED = 10_000, 100_000
"""Files, and files and folders, that links lead to, at most: a few folders of links to folders of links multiply."""
_MAX_STEPS = 1_000_000
"""Names that are looked up while links are followed, at most: a second or two."""


@dataclass(slots=True)
class Snapshot:
    """The next commit: its files, and how it differs from the last commit."""

    repository: Repository
    changes: tuple[StagedChange, ...]
    files: dict[str, Entry]
    """Every file, with links followed; in the order of the paths."""
    left_out: tuple[str, ...]
    """Submodules, and links that lead to no file."""
    indexed: frozenset[str]
    """Every path that git knows of."""
    notes: tuple[str, ...] = ()
    """Notes about the snapshot for the user."""
    edited: dict[str, bytes] = field(default_factory=dict)
    """Contents that git does not have, by their ids: those of the working tree, where that is tested."""
    _contents: dict[str, bytes] = field(default_factory=dict)

    def with_edits(self, edits: Edits) -> Snapshot:
        """Return the snapshot as it would be if all edits were staged."""
        files = {**self.files, **{path: entry for path, entry in edits.files.items() if entry is not None}}
        for path, entry in edits.files.items():
            if entry is None:
                files.pop(path, None)
        return replace(self, changes=tuple(edits.changes), files=dict(sorted(files.items())), edited=edits.contents)

    def with_generated(self, files: Mapping[str, tuple[Entry, bytes]]) -> Snapshot:
        """Return the snapshot with files that git does not have."""
        entries = {path: entry for path, (entry, _) in files.items()}
        contents = {entry.id: data for entry, data in files.values()}
        return replace(self, files=dict(sorted({**self.files, **entries}.items())), edited={**self.edited, **contents})

    @classmethod
    def take(cls, repository: Repository, changes: Iterable[StagedChange], listing: str) -> Self:
        """Read the index as git lists it, with the changes that are staged."""
        changes = tuple(changes)
        index = repository.entries(changes, listing)
        links = {path: entry for path, entry in index.items() if entry.mode == LINK_MODE}
        targets = repository.read(links.values(), _MAX_PATH) if links else {}
        files = {path: entry for path, entry in index.items() if entry.mode in FILE_MODES}
        left_out = [path for path, entry in index.items() if entry.mode == SUBMODULE_MODE]
        notes: tuple[str, ...] = ()
        if links:
            led = {path: os.fsdecode(targets[entry.id]) for path, entry in links.items() if entry.id in targets}
            tree = _Tree(index, led)
            for link in links:
                found = dict(tree.below(link))
                files.update(found)
                if not found:
                    left_out.append(link)
            notes = ("links lead to more than the hook follows; the rest is left out",) if tree.is_spent else ()
        return cls(repository, changes, dict(sorted(files.items())), tuple(left_out), frozenset(index), notes)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of some files by their paths; each is read from git once.

        Raises UsageError for huge ones.
        """
        wanted = {path: self.files[path] for path in paths}
        missing = [entry for entry in wanted.values() if entry.id not in self._contents]
        self._contents.update(self.contents(missing))
        for path, entry in wanted.items():
            if entry.id not in self._contents:
                raise UsageError(f"{path} is too large: the hook reads files of at most {LARGEST >> 20} MiB")
        return {path: self._contents[entry.id] for path, entry in wanted.items()}

    def contents(self, entries: Iterable[Entry], largest: int = LARGEST) -> dict[str, bytes]:
        """Return the contents of some entries by their ids, as `Repository.read` does."""
        entries = list(entries)
        found = {
            it.id: self.edited[it.id]
            for it in entries
            if len(self.edited.get(it.id, b"")) <= largest and it.id in self.edited
        }
        return found | self.repository.read((it for it in entries if it.id not in self.edited), largest)

    def sizes(self) -> dict[str, int]:
        """Return how many bytes each file has, without reading any."""
        sizes = {id_: len(data) for id_, data in self.edited.items()}
        sizes |= self.repository.sizes(entry for entry in self.files.values() if entry.id not in sizes)
        return {path: sizes[entry.id] for path, entry in self.files.items()}


class _Tree:
    """A tree of folders, to follow links as the kernel does."""

    def __init__(self, index: dict[str, Entry], targets: dict[str, str]) -> None:
        self._targets = targets
        self._folders: dict[str, list[str]] = {}
        self._entries = index
        self._files = self._linked = self._steps = 0
        for path in index:
            while path:
                folder, _, name = path.rpartition("/")
                siblings = self._folders.setdefault(folder, [])
                if siblings and siblings[-1] == name:
                    break
                siblings.append(name)
                path = folder  # noqa: PLW2901 - up to the root

    @property
    def is_spent(self) -> bool:
        """Whether a limit was reached, so that the rest was left out."""
        return self._files >= _MAX_LINKED_FILES or self._linked >= _MAX_LINKED or self._steps >= _MAX_STEPS

    def below(self, link: str) -> Iterator[tuple[str, Entry]]:
        """Yield what a link leads to: a file, or the files of a folder, with their paths under the link's name."""
        target, followed = self._resolve(link)
        todo = [(link, target, followed, frozenset([target]))]
        while todo and not self.is_spent:
            shown, path, followed, above = todo.pop()
            if path is None:
                continue
            self._linked += 1
            entry = self._entries.get(path)
            if entry is not None:
                if entry.mode in FILE_MODES:
                    self._files += 1
                    yield shown, entry
                continue
            for name in dict.fromkeys(reversed(self._folders.get(path, ()))):
                inner, more = self._resolve(f"{path}/{name}" if path else name)
                is_deep = followed + more > _MAX_LINKS or len(shown) + len(name) >= _MAX_PATH
                if inner is not None and inner not in above and not is_deep:  # no folder within itself
                    todo.append((f"{shown}/{name}", inner, followed + more, above | {inner}))

    def _resolve(self, path: str) -> tuple[str | None, int]:
        """Return the path that a link leads to (a file, folder or submodule), and how many links are on the way.

        The path is None where the link leads nowhere in the snapshot.
        """
        done: list[str] = []
        parts, followed = path.split("/")[::-1], 0
        while parts:
            self._steps += 1
            part = parts.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    return None, followed
                done.pop()
                continue
            here = "/".join((*done, part))
            target = self._targets.get(here)
            if target is None:
                if here not in self._entries and here not in self._folders:
                    return None, followed
                done.append(part)
                continue
            followed += 1
            if followed > _MAX_LINKS or target.startswith("/") or self._steps >= _MAX_STEPS:
                return None, followed
            parts += target.split("/")[::-1]
        return "/".join(done), followed
