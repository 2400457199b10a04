"""The last resort where no repair was found: undo a part of what the commit changes, and say so.

It undoes the user's own work, so it is shown and never written to a file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from coderefine.hook.project import Project
from coderefine.hook.suspects import text_before

_MOST = 6
_MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class Revert:
    """A module with a part of its change undone."""

    module: str
    before: str
    after: str


def find(project: Project, modules: list[str], passes: Callable[[str, str], bool], until: float) -> Revert | None:
    """Return the smallest part of the change to one module that makes all tests pass when it is undone.

    `passes` returns whether all tests pass with a text for a module. The search ends at `until`, a time of the
    monotonic clock.
    """
    candidates = [
        Revert(module, project.source(module), text) for module in modules for text in _undone(project, module)
    ]
    for candidate in candidates[:_MOST]:
        if time.monotonic() > until:
            return None
        if passes(candidate.module, candidate.after):
            return candidate
    return None


def _undone(project: Project, module: str) -> Iterator[str]:
    """Yield a module with each run of changed lines undone, the shortest first; nothing where the module is new."""
    before, after = (text.splitlines(keepends=True) for text in (text_before(project, module), project.source(module)))
    if not before or max(len(before), len(after)) > _MOST_LINES:
        return
    changes = [it for it in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if it[0] != "equal"]
    for _, first, last, start, end in sorted(changes, key=lambda it: it[4] - it[3] + it[2] - it[1]):
        yield "".join([*after[:start], *before[first:last], *after[end:]])
