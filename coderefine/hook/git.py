"""Uses git's plumbing to find the repository, what is staged, and the contents of files.

Guarantees: nothing is written, neither the index nor the working tree nor the object database; and nothing that a
repository brings along is executed: no filters, no text conversions, no external diffs, no monitors, no downloads of
missing objects. Names are text in which bytes that are not UTF-8 become surrogates (`os.fsdecode`).

Every commit waits for this module to be imported, so it does without pathlib and dataclasses, which take longer than
git does.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Self

from coderefine.errors import CoderefineError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

EXECUTABLE_MODE = "100755"
FILE_MODES = ("100644", EXECUTABLE_MODE)
LINK_MODE = "120000"
SUBMODULE_MODE = "160000"
LARGEST = 16 << 20
"""The most bytes that are read of one file."""
MAX_ENTRIES = 500_000
"""The most paths of an index that are read."""
_MOST_AT_ONCE = 64 << 20
_PATIENCE_S = 120.0
"""Seconds that git may take. It usually takes milliseconds, but a forged index or history may keep it busy for ever."""
_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_EMPTY_BLOBS = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)


class GitError(CoderefineError):
    """git is missing, or could not do what it does in every repository."""


class Entry(NamedTuple):
    """A path in the index."""

    mode: str
    id: str


class StagedChange(NamedTuple):
    """How a staged path differs from the last commit; a rename is a deletion and an addition."""

    path: str
    status: str
    """A(dded), M(odified), T(ype changed), D(eleted) or U(nmerged)."""
    before: Entry
    """The path in the last commit; its id consists of zeros where the path is not there."""


class Repository(NamedTuple):
    """A working tree, of the main repository or of a linked one."""

    root: str
    common_dir: str
    """The folder of the repository itself, which several working trees may share."""
    prefix: str
    """The folder from which it was found, relative to the root; "" or ending in a slash."""
    head: str
    """The id of the last commit, "" where there is none yet."""
    is_merging: bool
    """Whether the next commit is a merge."""

    @classmethod
    def find(cls) -> Self:
        """Return the repository of the current folder; raises UsageError outside of one."""
        asked = ("--show-toplevel", "--git-common-dir", "--git-path", "MERGE_HEAD", "--show-prefix")
        done = _git(("rev-parse", "--path-format=absolute", *asked, "--revs-only", "HEAD"), None)
        if done.returncode:
            reason = _reason(done)
            raise UsageError(f"no git repository with a working tree here: {reason}")
        root, common_dir, merge_head, prefix, head, *more = (*os.fsdecode(done.stdout).split("\n"), "")
        if any(more):
            raise UsageError("the hook cannot be used where the name of a folder has line feeds")
        return cls(root, common_dir, prefix, head, os.path.exists(merge_head))  # noqa: PTH110

    def staged(self, *, announced: bool = False) -> str:
        """Return what is staged, as git lists it for `read_changes`; everything, where there is no commit yet.

        `announced` includes files that were only announced to git (git add --intent-to-add).
        """
        return os.fsdecode(self._ask(_diff(self._base(), announced=announced)))

    def edited(self) -> str:
        """Return how the working tree differs from the last commit, as git lists it for `read_changes`.

        The listing has no ids of the present contents, and includes files whose time alone was changed.
        """
        return os.fsdecode(self._ask(_diff(self._base(), announced=True, cached=False)))

    def untracked(self) -> list[str]:
        """Return the paths of files that git neither knows nor ignores."""
        listed = os.fsdecode(self._ask(("ls-files", "--others", "--exclude-standard", "--full-name", "-z")))
        return [path for path in listed.split("\0") if path and not path.endswith("/") and not _is_outside(path)]

    def _base(self) -> str:
        """The id of the last commit, or of the empty tree where there is none yet."""
        return self.head or self._ask(("hash-object", "-t", "tree", "--stdin")).decode("ascii").strip()

    def listing(self) -> str:
        """Return the index as git lists it, for `entries`."""
        return os.fsdecode(self._ask(("ls-files", "--cached", "--stage", "-z")))

    def entries(self, changes: Iterable[StagedChange], listing: str) -> dict[str, Entry]:
        """Return the entries of the next commit, from what is staged and `listing()`.

        Raises UsageError where paths are unmerged.
        """
        found = _read_index(listing)
        if any(entry.id in _EMPTY_BLOBS for entry in found.values()):  # a file that was only announced looks like this
            announced = {change.path for change in read_changes(self.staged(announced=True))}
            for path in announced.difference(change.path for change in changes):
                found.pop(path, None)
        return found

    def read(self, entries: Iterable[Entry], largest: int = LARGEST) -> dict[str, bytes]:
        """Return the contents of files, by their ids, without files of more than `largest` bytes.

        Raises UsageError where all of them together are too large to hold.
        """
        sizes = self.sizes(entries)
        ids = [id_ for id_, size in sizes.items() if size <= largest]
        if not ids:
            return {}
        if (total := sum(sizes[id_] for id_ in ids)) > _MOST_AT_ONCE:
            raise UsageError(
                f"files of {total >> 20} MiB would have to be read, and the most is {_MOST_AT_ONCE >> 20} MiB"
            )
        data = self._ask(("cat-file", "--batch"), "".join(f"{id_}\n" for id_ in ids).encode())
        contents, at = {}, 0
        for id_ in ids:
            end = data.index(b"\n", at)
            size = _size(id_, data[at:end])
            contents[id_] = data[end + 1 : end + 1 + size]
            at = end + size + 2
        return contents

    def text(self, entry: Entry) -> str:
        """Return the contents of a file as text; "" where it is not text, or very large."""
        if entry.mode not in FILE_MODES:
            return ""
        return self.read([entry]).get(entry.id, b"").decode("utf-8", "replace")

    def sizes(self, entries: Iterable[Entry]) -> dict[str, int]:
        """Return how many bytes files have, by their ids, without reading them."""
        ids = list(dict.fromkeys(entry.id for entry in entries))
        if not ids:
            return {}
        lines = self._ask(("cat-file", "--batch-check"), "".join(f"{id_}\n" for id_ in ids).encode()).split(b"\n")
        return {id_: _size(id_, line) for id_, line in zip(ids, lines, strict=False)}

    def _ask(self, arguments: tuple[str, ...], given: bytes = b"") -> bytes:
        done = _git(arguments, self.root, given)
        if done.returncode:
            raise GitError(f"git {arguments[0]} failed: {_reason(done)}")
        return done.stdout


def staged() -> str | None:
    """Return what is staged in the repository of the current folder, as `Repository.staged` does.

    None where there is no commit yet, or no repository. It is asked first because mostly nothing is staged, and the
    hook ends there.
    """
    done = _git(_diff("HEAD"), None)
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def read_changes(listing: str) -> list[StagedChange]:
    """Return the changes in git's listing, in the order of the paths."""
    fields = listing.split("\0")
    changes = []
    for facts, path in zip(fields[0::2], fields[1::2], strict=False):
        mode, _, id_, _, status = facts.removeprefix(":").split(" ")
        if not _is_outside(path):
            changes.append(StagedChange(path, status[0], Entry(mode, id_)))
    return changes


def _diff(base: str, *, announced: bool = False, cached: bool = True) -> tuple[str, ...]:
    which = "--ita-visible-in-index" if announced else "--ita-invisible-in-index"
    form = ("--raw", "-z", "--no-renames", "--no-abbrev", "--no-relative")
    where = ("--cached",) if cached else ()
    return ("diff-index", *where, *form, "--ignore-submodules=dirty", which, base, "--")


def _read_index(listing: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    if listing.count("\0") > MAX_ENTRIES:
        raise UsageError(f"the index has more than {MAX_ENTRIES:,} files, which is more than the hook looks at")
    for line in listing.split("\0"):
        facts, tab, path = line.partition("\t")
        if not tab:
            continue
        mode, id_, stage = facts.split(" ")
        if stage != "0":
            raise UsageError(f"{path!r} is not merged yet; resolve the conflict and stage it")
        if not _is_outside(path):
            found[path] = Entry(mode, id_)
    return found


def _git(arguments: tuple[str, ...], folder: str | None, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - arguments of our own
            ["git", *_OPTIONS, *arguments],  # noqa: S607 - the user's git
            input=given,
            capture_output=True,
            cwd=folder,
            env={**os.environ, **_ENVIRONMENT},
            check=False,
            timeout=_PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        raise GitError(
            f"git {arguments[0]} did not end within {_PATIENCE_S:.0f} s; run it by hand to see why"
        ) from None
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}; install git") from None


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().split("\n")
    return lines[-1].removeprefix("fatal: ") or f"it exited with {done.returncode}"


def _size(id_: str, facts: bytes) -> int:
    words = facts.split(b" ")
    if len(words) != 3:
        raise GitError(f"the object {id_} is not in this repository; fetch it (git fetch --refetch)")
    return int(words[2])


def _is_outside(path: str) -> bool:
    """Whether a path leads out of the working tree, as it may in a forged index."""
    parts = path.split("/")
    return any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)


def merged(scratch: Path, current: bytes, before: bytes, after: bytes) -> bytes | None:
    """Return a text with the change from `before` to `after`; None where the text differs in the same place."""
    files = [scratch / name for name in ("current", "before", "after")]
    for file, data in zip(files, (current, before, after), strict=True):
        file.write_bytes(data)
    done = _git(("merge-file", "--stdout", "--quiet", *map(str, files)), str(scratch))
    return done.stdout if done.returncode == 0 else None
