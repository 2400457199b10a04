"""The next commit as the hook first meets it: what is staged, and whether the same passed before.

Every commit waits for this module to be imported, so it imports nothing slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from coderefine.hook import git
from coderefine.hook.cache import Cache, key_of
from coderefine.hook.named import changed_paths

if TYPE_CHECKING:
    from coderefine.hook.edits import Edits
    from coderefine.hook.plan import Plan

Note = tuple[str, str]
"""A line for the user, and its level: one of the levels below."""
RESULT, ASIDE, NOTICE = "", "aside", "notice"


class NextCommit(NamedTuple):
    """The next commit, and which of its files are to be tested."""

    repository: git.Repository
    changes: list[git.StagedChange]
    changed: list[str]
    """The files to find tests for."""
    cache: Cache
    key: str
    """The digest of all of this, as the cache's key."""
    python: str = ""
    """The interpreter that the user names, or ""."""
    edits: Edits | None = None
    """The edits of the working tree that are tested as if they were staged; None where only the index is."""

    @classmethod
    def find(
        cls, staged: str | None, files: Sequence[str], python: str | None = None, *, worktree: bool = False
    ) -> Self | None:
        """Return the next commit of the current folder; None where nothing in it is to be tested.

        `staged` is what `git.staged()` returned, `files` are the files that the user named, `python` is the interpreter
        that the user named. With `worktree`, all edits count as staged. Raises UsageError or GitError.
        """
        repository = git.Repository.find()
        edits = None
        if worktree:
            from coderefine.hook.edits import Edits

            edits = Edits.find(repository)
        if staged is None:
            staged = repository.staged()
        changes = edits.changes if edits else git.read_changes(staged)
        changed = changed_paths(repository, changes, files)
        if not changed:
            return None
        python = python or ""
        key = key_of(repository, edits.told if edits else staged, changed, python)
        return cls(repository, changes, changed, Cache(), key, python, edits)

    def told_before(self) -> list[Note] | None:
        """Return the notes of the time when the very same files passed.

        None where they did not, in this environment.
        """
        record = self.cache.passed(self.key)
        return record["told"] if record is not None and _has_same_image(record) else None

    def remember(self, told: Sequence[Note], image: Sequence[str], environment: Iterable[str]) -> None:
        """Record that all passed; it holds while the image and the files of the environment stay the same."""
        self.cache.set_passed(self.key, {"told": told, "image": image}, environment)

    def plan(self, *, narrow: bool = True) -> Plan:
        """Choose the tests, with `narrow` without those that are known not to reach what changed; raises UsageError."""
        from coderefine.hook.plan import Plan
        from coderefine.hook.staged import Snapshot

        changes = git.read_changes(self.repository.staged()) if self.edits else self.changes
        snapshot = Snapshot.take(self.repository, changes, self.repository.listing())
        if self.edits:
            snapshot = snapshot.with_edits(self.edits)
        return Plan.make(snapshot, self.changed, self.cache, narrow=narrow, python=self.python)


def _has_same_image(record: dict[str, Any]) -> bool:
    """Whether the image in a record is still the same."""
    if not record.get("image"):
        return True
    from coderefine.errors import SandboxUnavailable
    from coderefine.hook.sandbox import image_id

    name, id_ = record["image"]
    try:
        return bool(image_id(name) == id_)
    except SandboxUnavailable:
        return False
