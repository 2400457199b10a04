"""Starts a problem directory: a small problem that works, to be edited."""

from __future__ import annotations

import re
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.kinds.table import kind_named


def create(directory: Path, kind: str) -> list[Path]:
    """Write the files of a new problem and return them; raises UsageError where the directory exists."""
    slug = directory.name
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        raise UsageError(f"{slug!r} is no slug; use small letters, digits and hyphens, such as two-sum")
    if directory.exists():
        raise UsageError(f"{directory} exists already; nothing was written")
    words = slug.split("-")
    names = {"title": " ".join(words).capitalize(), "name": "_".join(words), "cls": "".join(map(str.capitalize, words))}
    written = []
    for relative, template in kind_named(kind).template.items():
        path = directory / relative.format(**names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.format(**names), encoding="utf-8")
        written.append(path)
    return written
