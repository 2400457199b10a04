"""The processes of this machine, as /proc shows them."""

from pathlib import Path


def descendants(pid):
    """Return a process and all that descend from it, zombies too; nothing where it is gone."""
    found, waiting = set(), {pid} if Path(f"/proc/{pid}").exists() else set()
    while waiting:
        parent = waiting.pop()
        found.add(parent)
        waiting |= _children(parent) - found
    return found


def _children(pid):
    found = set()
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found.update(map(int, (thread / "children").read_text(encoding="ascii").split()))
    except OSError:
        pass  # it ended meanwhile
    return found
