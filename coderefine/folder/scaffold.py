"""Starts a problem directory: a small problem that works, to be edited."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.kinds.table import kind_named


def is_slug(name: str) -> bool:
    """Whether a name is made of small letters, digits and hyphens."""
    return bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name))


def check(directory: Path) -> None:
    """Raise UsageError where a folder's name cannot be that of a problem."""
    if not is_slug(directory.name):
        raise UsageError(f"{directory.name!r} is no slug; use small letters, digits and hyphens, such as two-sum")


def create(directory: Path, kind: str) -> list[Path]:
    """Write the files of a new problem and return them; raises UsageError where the directory exists."""
    check(directory)
    if directory.exists():
        raise UsageError(f"{directory} exists already; nothing was written")
    words = directory.name.split("-")
    name, cls = "_".join(words), "".join(map(str.capitalize, words))
    if words[0][0].isdigit() or keyword.iskeyword(name):
        name, cls = f"solve_{name}", f"Problem{cls}"
    names = {"title": " ".join(words).capitalize(), "name": name, "cls": cls}
    written = []
    for relative, template in kind_named(kind).template.items():
        path = directory / relative.format(**names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.format(**names), encoding="utf-8")
        written.append(path)
    return written
