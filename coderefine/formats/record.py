"""The problem that a row of a problem set describes, or the reason why it describes none."""

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
    """Tests without expected values: the set has only their inputs (see `pending.py`)."""

    program: str
    """The program whose answers are the expected values; it runs only in the sandbox."""
    entry: str
    inputs: tuple[tuple[Any, ...], ...]
    build: Callable[[Sequence[Answer]], Problem]
    """Builds the problem from the program's answers, input by input; raises RowError."""


@dataclass(frozen=True, slots=True)
class Record:
    """A problem of a set, and the programs that came with it; solvers get `problem` without its hidden tests."""

    id: str
    """The set's own name of the problem."""
    kind: str
    """The group that it belongs to, such as the kind of a planted bug; "" where there is none."""
    problem: Problem
    buggy: str = ""
    """A program to repair; "" where the set has none."""
    oracle: str = ""
    """A right program; "" where the set has none."""
    pending: Pending | None = None
    """Set where the problem's tests are not complete yet; `problem` then has only their names."""
    notes: tuple[str, ...] = ()
    """What was left out of the row, and why."""
    place: int = 0
    """The row's number in its file, from 1, unreadable rows included; 0 where it is not from a file of rows."""
    needs: tuple[str, ...] = ()
    """Third-party modules that its tests and its own programs import."""
    asks: tuple[str, ...] = ()
    """What its tests or its own program seem to do that a sandbox allows only on demand, such as "processes"."""
    prefix: str = ""
    """The code that a completion is appended to, where a set asks for a completion only."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be read."""

    file: str
    line: int
    """From 1; 0 for the file as a whole."""
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class RowError(UsageError):
    """The reason why a row could not be read; the caller knows which row it is."""


def slug_of(name: str) -> str:
    """Return a slug for a name, usable in file names; raises RowError where nothing is left of it."""
    slug = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")
    if not slug:
        raise RowError(f"expected an id with letters or digits, not {name[:40]!r}")
    if len(slug) <= MAX_SLUG_CHARS:
        return slug
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{slug[: MAX_SLUG_CHARS - 13].rstrip('-')}-{digest}"
