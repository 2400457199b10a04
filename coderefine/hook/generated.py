"""Files that the project's own tools generate and git does not have: they are taken from the working tree by rules.

These are the version files that the settings of setuptools_scm, hatch-vcs, pdm and versioningit name, and the files
that `generated` in [tool.coderefine] names. A file that git has is never one of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from coderefine.hook.edits import read_plain
from coderefine.hook.git import Entry, Repository

_PLACES = (
    ("tool", "setuptools_scm", "write_to"),
    ("tool", "setuptools_scm", "version_file"),
    ("tool", "setuptools-scm", "write_to"),
    ("tool", "setuptools-scm", "version_file"),
    ("tool", "hatch", "build", "hooks", "vcs", "version-file"),
    ("tool", "pdm", "version", "write_to"),
    ("tool", "versioningit", "write", "file"),
)
_IN_SETUP = re.compile(rb"""['"]?(?:write_to|version_file)['"]?\s*[=:]\s*['"]([\w./-]+\.py)['"]""")
_MOST = 1000


def named(described: Mapping[str, Any], setup: bytes) -> list[str]:
    """Return the files that settings name, from a parsed `pyproject.toml` and the texts of setup.py and setup.cfg."""
    found = [path for place in _PLACES if isinstance(path := _at(described, place), str)]
    found += [path.decode("ascii", "replace") for path in _IN_SETUP.findall(setup)]
    return list(dict.fromkeys(path.removeprefix("./") for path in found))


def read(
    repository: Repository, patterns: Collection[str], tracked: Collection[str], roots: Collection[str]
) -> dict[str, tuple[Entry, bytes]]:
    """Return the generated files that exist, by their paths; raises UsageError for one that cannot be read.

    `roots` are further folders, besides the repository's root, from which patterns may start.
    """
    found = {}
    wanted = [f"{root}/{it}".removeprefix("/") for it in patterns for root in ("", *roots)]
    for path in dict.fromkeys(path for pattern in wanted for path in _matching(repository.root, pattern)):
        if path not in tracked:
            entry, data = read_plain(repository, path, max(len(repository.head), 40))
            if entry is not None and data is not None:
                found[path] = entry, data
    return found


def _matching(root: str, pattern: str) -> Iterator[str]:
    if pattern.startswith("/") or ".." in pattern.split("/"):
        return
    yield from (path.relative_to(root).as_posix() for path in islice(Path(root).glob(pattern), _MOST))


def _at(described: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    found: Any = described
    for key in place:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
