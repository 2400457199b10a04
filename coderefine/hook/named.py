"""Finds the changes that a call of the hook is about. Imports little: often there are none, and the hook ends there."""

from __future__ import annotations

import os
from collections.abc import Iterable

from coderefine.errors import UsageError
from coderefine.hook.git import Repository, StagedChange


def changed_paths(repository: Repository, changes: Iterable[StagedChange], files: Iterable[str]) -> list[str]:
    """Return the paths to test: everything that is staged, or only the files that are named (from the current folder).

    Staged deletions and staged files other than Python always count: callers do not name them.
    """
    staged = [change.path for change in changes]
    named = [_from_root(repository, file) for file in files]
    if not named:
        return staged
    deleted = {change.path for change in changes if change.status == "D"}
    return sorted({*named, *deleted, *(path for path in staged if not path.endswith(".py"))})


def _from_root(repository: Repository, file: str) -> str:
    """Return the path from the root of the working tree of a file named from the current folder."""
    from pathlib import Path

    path = Path(os.path.normpath(Path(repository.root, repository.prefix, file)))
    if _leads_out(found := os.path.relpath(path, repository.root)):  # as it was typed; links may lead back
        found = os.path.relpath(path.parent.resolve() / path.name, repository.root)
    if _leads_out(found):
        raise UsageError(f"{file} is outside of the repository {repository.root}")
    return found


def _leads_out(path: str) -> bool:
    return path == ".." or path.startswith("../")
