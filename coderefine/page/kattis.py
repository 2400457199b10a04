"""A single Kattis problem, as a folder or as the zip file that was downloaded."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.formats import archive, kattis, reading
from coderefine.formats.record import Fault
from coderefine.page.reading import Page
from coderefine.page.text import Note


def fits(path: Path) -> bool:
    """Whether a folder contains a package; a zip file is assumed to."""
    return kattis.fits(path) if path.is_dir() else archive.is_one(path)


def read(path: Path) -> Page:
    """Return the problem in a package; raises UsageError, also where there are several."""
    faults: list[Fault] = []
    found = list(islice(reading.read(path, faults.append, format_="kattis"), 2))
    if not found:
        raise UsageError(str(faults[0]) if faults else f"{path} is not laid out as {kattis.LAYOUT}")
    if len(found) > 1:
        raise UsageError(f"{path} holds several packages; for all of them: coderefine import kattis {path} -o DIR")
    record = found[0]
    problem = replace(record.problem, slug=re.sub(r"_+", "-", record.problem.slug))
    return Page(problem, notes=tuple(Note(0, it) for it in record.notes), oracle=record.oracle)
