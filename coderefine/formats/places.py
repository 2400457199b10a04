"""Finds the folders and files of a set below a folder, within bounds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

MAX_DEPTH = 6
MAX_FOLDERS = 20_000
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "venv"})


def folders(path: Path) -> Iterator[Path]:
    """Yield a folder and those below it, in the order of their names, without links and hidden folders."""
    waiting, seen = [path], 0
    while waiting and seen < MAX_FOLDERS:
        found = waiting.pop()
        seen += 1
        yield found
        if len(found.relative_to(path).parts) < MAX_DEPTH:
            waiting += sorted(_inside(found), reverse=True)


def _inside(path: Path) -> Iterator[Path]:
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and entry.name[0] != "." and entry.name not in _LEFT_OUT:
                    yield Path(entry.path)
    except OSError:
        return


def files(path: Path, pattern: str) -> list[Path]:
    """Return the files directly in a folder that match a pattern, in the order of their names."""
    return sorted(file for file in path.glob(pattern) if file.is_file())
