"""The set-up of a scoring run; it is recorded, so that the run can be resumed by its id alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from coderefine.budget import Budget
from coderefine.formats.reading import read
from coderefine.formats.record import Fault, Record
from coderefine.outside import name_of
from coderefine.scoring.place import Rules


@dataclass(frozen=True, slots=True)
class Setup:
    """A set of problems, the source of the first programs, and what is done with them."""

    problems: tuple[str, ...]
    """Files and folders, or names of bundled problems."""
    format: str | None = None
    """The format of the files; None where each row shows it."""
    solutions: str | None = None
    """A folder or a file of programs; None takes those that come with the problems."""
    drafts: int = 0
    """How many programs a model writes for each problem; 0 where they are given."""
    refine: bool = False
    ask_oracle: bool = False
    """Whether the set's own program answers the questions that a refinement would ask its user."""
    total: Budget = field(default_factory=Budget)
    """The limits of the whole run."""
    calls_per_minute: float | None = None
    follow_links: bool = False
    """Whether links that lead out of the folders of problems are followed."""
    limit: int | None = None
    """How many problems are scored, from the first on; None for all."""
    fail_fast: bool = False
    """Whether judging ends with the first test that a program fails."""
    test_s: float | None = None
    """CPU seconds for a test, in place of the set's."""
    program_s: float | None = None
    """CPU seconds for all tests of a program together."""
    threads: int | None = None
    """How many attempts run in parallel; None leaves that to the judge."""

    allow: tuple[str, ...] = ()
    """What the tests of pytest may do: "processes", "network-loopback"."""

    @property
    def rules(self) -> Rules:
        """The rules for judging programs."""
        return Rules(self.fail_fast, not self.fail_fast or self.refine, self.test_s, self.program_s)

    @property
    def name(self) -> str:
        """A short name of the set."""
        first = name_of(Path(self.problems[0]))
        return first if len(self.problems) == 1 else f"{first} and {len(self.problems) - 1} more"

    def records(self, on_fault: Callable[[Fault], None]) -> Iterator[Record]:
        """Yield the problems in order, each slug once, up to the limit."""
        return itertools.islice(self._records(on_fault), self.limit)

    def _records(self, on_fault: Callable[[Fault], None]) -> Iterator[Record]:
        seen: set[str] = set()
        for path in self.problems:
            for record in read(path, on_fault, format_=self.format, follow_links=self.follow_links):
                if record.problem.slug in seen:
                    on_fault(Fault(path, 0, f"{record.problem.slug} is in the set twice"))
                else:
                    seen.add(record.problem.slug)
                    yield record

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data, with absolute paths."""
        found = asdict(self)
        found["problems"] = [_absolute(path) for path in self.problems]
        found["solutions"] = _absolute(self.solutions) if self.solutions else None  # "oracle" stays
        return found

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild it from `to_json`."""
        lists = {name: tuple(data.get(name, ())) for name in ("problems", "allow")}
        return cls(**{**data, **lists, "total": Budget(**data["total"])})


def _absolute(path: str) -> str:
    """Return an absolute path; the name of a bundled problem stays."""
    return str(Path(path).absolute()) if Path(path).exists() else path
