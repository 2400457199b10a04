"""The next commit as the hook first meets it: what is staged, and whether that passed before.

Every commit waits for this module to be imported, so it imports nothing that takes long.
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
"""A line to tell, and how much it matters: one of the levels below."""
RESULT, ASIDE, NOTICE = "", "aside", "notice"


class NextCommit(NamedTuple):
    """What is about to be committed, and which files of it are to be tested."""

    repository: git.Repository
    changes: list[git.StagedChange]
    changed: list[str]
    """The files to find tests for."""
    cache: Cache
    key: str
    """What stands for all of this in the cache."""
    python: str = ""
    """The interpreter that the user names."""
    edits: Edits | None = None
    """What of the working tree is tested as if it were staged."""

    @classmethod
    def find(
        cls, staged: str | None, files: Sequence[str], python: str | None = None, *, worktree: bool = False
    ) -> Self | None:
        """Return the next commit of the current folder, None where nothing of it is to be tested.

        `staged` is what `git.staged()` returned, `files` are those that were named, `python` is the
        interpreter if one was. With `worktree`, all is taken as if it were staged. Raises UsageError, GitError.
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
        """Return what was told when the very same files passed; None where they did not, or not in this environment."""
        record = self.cache.passed(self.key)
        return record["told"] if record is not None and _has_same_image(record) else None

    def remember(self, told: Sequence[Note], image: Sequence[str], environment: Iterable[str]) -> None:
        """Keep that all passed, for as long as the image and the files of the environment are the same."""
        self.cache.set_passed(self.key, {"told": told, "image": image}, environment)

    def plan(self, *, narrow: bool = True) -> Plan:
        """Choose the tests; with `narrow`, none that is known not to reach what changed. Raises UsageError."""
        from coderefine.hook.plan import Plan
        from coderefine.hook.staged import Snapshot

        changes = git.read_changes(self.repository.staged()) if self.edits else self.changes
        snapshot = Snapshot.take(self.repository, changes, self.repository.listing())
        if self.edits:
            snapshot = snapshot.with_edits(self.edits)
        return Plan.make(snapshot, self.changed, self.cache, narrow=narrow, python=self.python)


def _has_same_image(record: dict[str, Any]) -> bool:
    """Whether the image of a record is what it was."""
    if not record.get("image"):
        return True
    from coderefine.errors import SandboxUnavailable
    from coderefine.hook.sandbox import image_id

    name, id_ = record["image"]
    try:
        return bool(image_id(name) == id_)
    except SandboxUnavailable:
        return False
