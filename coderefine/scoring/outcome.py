"""What scoring knows of a program and of an attempt at a problem: frozen data. No value of a hidden test is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self

from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict

Status = Literal["done", "failed", "missing"]
"""`failed`: the judge or a model failed, which says nothing of the program; a resumed run tries again.
`missing`: there is no program, which counts as one that is not right."""


Verdicts = tuple[Verdict | None, ...]
"""Of tests in order; None for one that was left out, since the program had failed one before it."""
_LEFT_OUT = "-"


@dataclass(frozen=True, slots=True)
class ProgramOutcome:
    """The verdicts of a program on the visible and on the hidden tests of a problem, in order."""

    visible: Verdicts
    hidden: Verdicts = ()

    @classmethod
    def of(cls, visible: Iterable[CaseResult], hidden: Iterable[CaseResult] = ()) -> Self:
        """Keep the verdicts of cases."""
        return cls(tuple(case.verdict for case in visible), tuple(case.verdict for case in hidden))

    @property
    def verdict(self) -> Verdict:
        """That of the first test that it fails: the same, whether or not the tests after it are run."""
        verdicts = (verdict for verdict in (*self.visible, *self.hidden) if verdict is not None)
        return next((verdict for verdict in verdicts if verdict is not Verdict.AC), Verdict.AC)

    @property
    def plausible(self) -> bool:
        """Whether it passes all visible tests."""
        return bool(self.visible) and set(self.visible) == {Verdict.AC}

    @property
    def right(self) -> bool:
        """Whether it passes all tests."""
        return self.plausible and self.verdict is Verdict.AC

    def to_text(self) -> str:
        """Return both lists as `AC WA - / -`, with a dash for what was left out."""
        visible, hidden = (
            " ".join(verdict.value if verdict else _LEFT_OUT for verdict in verdicts)
            for verdicts in (self.visible, self.hidden)
        )
        return f"{visible} / {hidden}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The inverse of `to_text`."""
        visible, hidden = (
            tuple(None if code == _LEFT_OUT else Verdict(code) for code in part.split()) for part in text.split("/")
        )
        return cls(visible, hidden)


@dataclass(frozen=True, slots=True)
class Spent:
    """What an attempt took."""

    calls: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    """None where a price is not known."""
    candidates: int = 0
    """Programs that the judge ran, without those that only scored."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One program for one problem, scored."""

    number: int
    """Of the problem in the set, from 1."""
    slug: str
    sample: int
    """From 1."""
    key: str
    """Digest of what was scored: problem, tests and the program that was given."""
    status: Status
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    kind: str = ""
    """What group of the set the problem belongs to."""
    source: str | None = None
    before: ProgramOutcome | None = None
    refined: str | None = None
    """The program after refinement; None where nothing was refined."""
    after: ProgramOutcome | None = None
    refinement: str | None = None
    """The run that refined or drafted it."""
    spent: Spent = Spent()
    error: str = ""

    def row(self) -> dict[str, Any]:
        """Return its columns in the table `scores`."""
        columns: dict[str, Any] = {
            name: getattr(self, name)
            for name in (
                "number",
                "slug",
                "sample",
                "key",
                "status",
                "difficulty",
                "kind",
                "source",
                "refined",
                "refinement",
            )
        }
        columns |= {"tags": json.dumps(self.tags), "error": self.error}
        for name, outcome in (("before", self.before), ("after", self.after)):
            columns |= {
                f"cases_{name}": outcome.to_text() if outcome else None,
                f"verdict_{name}": outcome.verdict.value if outcome else None,
                f"plausible_{name}": outcome.plausible if outcome else None,
                f"right_{name}": outcome.right if outcome else None,
            }
        return columns | {name: getattr(self.spent, name) for name in Spent.__slots__}
