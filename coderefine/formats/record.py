"""The problem that a row of a problem set describes, or why it describes none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.errors import UsageError
from coderefine.judge.answers import Answer
from coderefine.problem.problem import Problem

MAX_SLUG_CHARS = 100


@dataclass(frozen=True, slots=True)
class Pending:
    """Tests without expected values: the set has their inputs alone (see `pending.py`)."""

    program: str
    """What says by its answers what they are to give; it runs in the sandbox only."""
    entry: str
    inputs: tuple[tuple[Any, ...], ...]
    build: Callable[[Sequence[Answer]], Problem]
    """Makes the problem of what the program answers, input by input; raises RowError."""


@dataclass(frozen=True, slots=True)
class Record:
    """A problem of a set, and the programs that came with it: `problem` without its hidden tests is for solvers."""

    id: str
    """As the set names it."""
    kind: str
    """What group of the set it belongs to, such as the kind of a planted bug; empty where there is none."""
    problem: Problem
    buggy: str = ""
    """A program to repair; empty where the set has none."""
    oracle: str = ""
    """A program that is right; empty where the set has none."""
    pending: Pending | None = None
    """Where the problem's tests are not known yet; `problem` has then its names alone."""
    notes: tuple[str, ...] = ()
    """What was left out of the row, and why."""
    place: int = 0
    """Which row of its file it is, from 1, those counted that cannot be read; 0 where it is not in one."""
    needs: tuple[str, ...] = ()
    """Modules beyond Python's own that its tests and its own programs import."""
    asks: tuple[str, ...] = ()
    """What its tests or its own program seem to do that a sandbox allows on demand only: "processes", for one."""
    prefix: str = ""
    """What a solution is the rest of, where a set asks for the rest alone: a completion is put behind it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be read."""

    file: str
    line: int
    """From 1; 0 where it is the file as a whole."""
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class RowError(UsageError):
    """Why a row could not be read; whoever reads the rows knows which it is."""


def slug_of(name: str) -> str:
    """Return a name for files that stands for `name`; raises RowError where nothing is left of it."""
    slug = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")
    if not slug:
        raise RowError(f"expected an id with letters or digits, not {name[:40]!r}")
    if len(slug) <= MAX_SLUG_CHARS:
        return slug
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{slug[: MAX_SLUG_CHARS - 13].rstrip('-')}-{digest}"
