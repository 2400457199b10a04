"""Chooses the files of the next commit that tests see: all, or the most important ones of a very large project."""

from __future__ import annotations

from fnmatch import fnmatchcase

from coderefine.errors import UsageError
from coderefine.hook.layout import NAMES
from coderefine.hook.plan import Plan
from coderefine.kinds.suite_files import MAX_BYTES

MAX_FILES = 3000
"""The sandbox holds a few more files; tests make files, too."""
_LEAST_WANTED = (
    *(
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".svg",
        ".ico",
        ".webp",
        ".bmp",
        ".tif",
        ".tiff",
        ".pdf",
        ".mp3",
        ".mp4",
        ".wav",
    ),
    *(".md", ".rst", ".html", ".css", ".map", ".js", ".ts", ".woff", ".woff2", ".ttf", ".otf", ".po", ".pot", ".ipynb"),
    *(".zip", ".gz", ".bz2", ".xz", ".7z", ".whl", ".jar", ".exe", ".dll", ".so", ".lock"),
)
"""Endings of images, documentation, web files and archives, which few tests read."""
_FOLDERS = ("docs/", "doc/", "website/", "examples/", ".github/")
_SHOWN = 3


def visible(plan: Plan) -> tuple[list[str], list[str], bool]:
    """Return the files that tests see, notes about the others, and whether all Python files are among them.

    First come the files that the tests import, settings, and what `include` names; then every Python file; then the
    other files, the smallest first, with images and documentation last. Raises UsageError where the first group alone
    is too large.
    """
    sizes = plan.snapshot.sizes()
    if len(sizes) <= MAX_FILES and sum(sizes.values()) <= MAX_BYTES:
        return list(sizes), [], True
    wanted = plan.chooser.graph.reached([*plan.tests, *(it.changed for it in plan.chosen)]) & sizes.keys()
    wanted |= {path for path in sizes if path.rpartition("/")[2] in NAMES}
    wanted |= {path for path in sizes if any(fnmatchcase(path, it) for it in plan.settings.include)}
    total = sum(sizes[path] for path in wanted)
    if len(wanted) > MAX_FILES or total > MAX_BYTES:
        raise UsageError(
            f"the tests import {len(wanted)} files of {total >> 20} MiB, and the sandbox takes {MAX_FILES} files of "
            f"{MAX_BYTES >> 20} MiB; narrow [tool.coderefine] tests, map or include"
        )
    for path in sorted(sizes.keys() - wanted, key=lambda it: (_rank(it), sizes[it], it)):
        if len(wanted) < MAX_FILES and total + sizes[path] <= MAX_BYTES:
            wanted.add(path)
            total += sizes[path]
    left = sorted(sizes.keys() - wanted, key=lambda it: -sizes[it])
    is_whole = not any(path.endswith(".py") for path in left)
    what = "images, documentation and large files first" if is_whole else "also Python files"
    named = ", ".join(left[:_SHOWN]) + (" and others" if len(left) > _SHOWN else "")
    note = f"of {len(sizes)} files, tests do not see {len(left)} ({what}): {named}; [tool.coderefine] include adds some"
    return sorted(wanted), [note], is_whole


def _rank(path: str) -> int:
    if path.endswith(".py"):
        return 0
    return 2 if path.lower().endswith(_LEAST_WANTED) or path.startswith(_FOLDERS) else 1
