"""The processes of this machine, as /proc shows them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def descendants(pid: int) -> set[int]:
    """Return a process and all that descend from it; nothing where it is gone."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it ended meanwhile
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found, known = set(), {pid} & parents.keys()
    while known:
        found |= known
        known = {child for child, parent in parents.items() if parent in known} - found
    return found
