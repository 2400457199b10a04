"""What the working tree has and the index has not: unstaged edits, and new files that git does not ignore.

Guarantees: nothing is written; no filter of the repository runs; only plain files of the working tree are read, and
none through a link. The amount that is read is limited.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from coderefine.errors import UsageError
from coderefine.hook.git import EXECUTABLE_MODE, LARGEST, Entry, Repository, StagedChange, read_changes

MAX_NEW = 2000
_MOST_BYTES = 64 << 20
_NOTHING = "000000"


@dataclass(frozen=True, slots=True)
class Edits:
    """How the next commit would differ from the index if everything were staged."""

    changes: list[StagedChange]
    """How the working tree differs from the last commit."""
    files: dict[str, Entry | None]
    """The files that differ from the index, by path; None for a deleted one."""
    contents: dict[str, bytes]
    """The contents of these files, by the ids of their entries."""

    @classmethod
    def find(cls, repository: Repository) -> Edits:
        """Read the working tree; raises UsageError where it is too large, or has unmerged paths."""
        files: dict[str, Entry | None] = {}
        contents: dict[str, bytes] = {}
        changes = []
        for change in [*read_changes(repository.edited()), *_new(repository)]:
            entry, data = read_plain(repository, change.path, len(change.before.id))
            if data is not None and sum(map(len, contents.values())) + len(data) > _MOST_BYTES:
                raise UsageError(f"more than {_MOST_BYTES >> 20} MiB are changed, which is more than the hook reads")
            if change.status == "U":
                raise UsageError(f"{change.path!r} is not merged yet; resolve the conflict and stage it")
            if change.status != "D" and entry is None:
                continue  # a link, a submodule, or anything else that is not a plain file
            if entry == change.before:
                continue  # its time was changed, its contents not
            files[change.path] = entry
            if entry is not None and data is not None:
                contents[entry.id] = data
            changes.append(change._replace(status="D" if entry is None else change.status))
        return cls(changes, files, contents)

    @property
    def told(self) -> str:
        """A text that is equal for equal edits."""
        return "\0".join(f"{path} {entry}" for path, entry in sorted(self.files.items()))


def _new(repository: Repository) -> Iterable[StagedChange]:
    """Return the files that git neither knows nor ignores, without those of virtual environments."""
    paths = repository.untracked()
    environments = [path.removesuffix("pyvenv.cfg") for path in paths if path.endswith("pyvenv.cfg")]
    found = [path for path in paths if not any(path.startswith(folder) for folder in environments)]
    if len(found) > MAX_NEW:
        raise UsageError(f"more than {MAX_NEW} files are new; have git ignore those that are made, or stage the others")
    width = max(len(repository.head), 40)
    return [StagedChange(path, "A", Entry(_NOTHING, "0" * width)) for path in found]


def read_plain(repository: Repository, path: str, width: int) -> tuple[Entry | None, bytes | None]:
    """Return the entry that staging a file would make, and its contents; None for anything but a plain file."""
    place = os.path.join(repository.root, path)  # noqa: PTH118 - as in git.py
    root = os.path.realpath(repository.root)
    if os.path.islink(place) or os.path.realpath(place) != os.path.join(root, path):  # noqa: PTH114, PTH118
        return None, None
    try:
        if not os.path.isfile(place):  # noqa: PTH113
            return None, None
        with open(place, "rb") as file:  # noqa: PTH123
            data = file.read(LARGEST + 1)
            is_executable = bool(os.fstat(file.fileno()).st_mode & 0o100)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise UsageError(f"{path} is too large: the hook reads files of at most {LARGEST >> 20} MiB")
    hashed = (hashlib.sha256 if width == 64 else hashlib.sha1)(b"blob %d\0" % len(data) + data)
    return Entry(EXECUTABLE_MODE if is_executable else "100644", hashed.hexdigest()), data
