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
_LEFT_OUT, _EXAMPLE_LEFT_OUT, _PLUS = "-", "_", "+"


@dataclass(frozen=True, slots=True)
class ProgramOutcome:
    """The verdicts of a program on the visible and on the hidden tests of a problem, in order."""

    visible: Verdicts
    hidden: Verdicts = ()
    examples: int = 0
    """How many of the visible ones, the first, are examples that the set itself does not test."""
    plus: int = 0
    """How many of the hidden ones, the last, are extra tests, by which the set has a second figure."""

    @classmethod
    def of(cls, visible: Iterable[CaseResult], hidden: Iterable[CaseResult] = ()) -> Self:
        """Keep the verdicts of cases."""
        return cls(tuple(case.verdict for case in visible), tuple(case.verdict for case in hidden))

    @property
    def _base(self) -> Verdicts:
        return (*self.visible[self.examples :], *self.hidden[: len(self.hidden) - self.plus])

    @property
    def verdict(self) -> Verdict:
        """That of the first test that it fails, but for examples: the same, whether or not those after it are run."""
        verdicts = (*self.visible[self.examples :], *self.hidden)
        return next((verdict for verdict in verdicts if verdict not in (None, Verdict.AC)), None) or Verdict.AC

    @property
    def plausible(self) -> bool:
        """Whether it passes all visible tests, the examples too."""
        return bool(self.visible) and set(self.visible) == {Verdict.AC}

    @property
    def knows_plausible(self) -> bool:
        """Whether enough visible tests were run to tell."""
        return None not in self.visible or any(it not in (None, Verdict.AC) for it in self.visible)

    @property
    def right(self) -> bool:
        """Whether it passes all tests of the set, which leaves out examples that the set does not test."""
        return {*self.visible[self.examples :], *self.hidden} == {Verdict.AC}

    @property
    def base_right(self) -> bool:
        """Whether it passes all tests of the set but the extra ones."""
        return set(self._base) == {Verdict.AC} if self.plus else self.right

    def to_text(self) -> str:
        """Return both lists as `ac AC / - AC+`: a dash for what was left out, examples small, extra tests with a +."""
        visible = _coded(self.visible)
        hidden = _coded(self.hidden)
        extra = len(hidden) - self.plus
        shown = [code.lower().replace(_LEFT_OUT, _EXAMPLE_LEFT_OUT) for code in visible[: self.examples]]
        told = [*shown, *visible[self.examples :], "/", *hidden[:extra], *(f"{code}{_PLUS}" for code in hidden[extra:])]
        return " ".join(told if hidden else [*told, ""])

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The inverse of `to_text`."""
        visible, hidden = (part.split() for part in text.split("/"))
        examples = sum(code == code.lower() and code != _LEFT_OUT for code in visible)
        return cls(_read(visible), _read(hidden), examples, sum(code.endswith(_PLUS) for code in hidden))


def _coded(verdicts: Verdicts) -> list[str]:
    return [verdict.value if verdict else _LEFT_OUT for verdict in verdicts]


def _read(codes: Iterable[str]) -> Verdicts:
    plain = (code.removesuffix(_PLUS).upper() for code in codes)
    return tuple(None if code in (_LEFT_OUT, _EXAMPLE_LEFT_OUT) else Verdict(code) for code in plain)


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
    answer: str | None = None
    """The answer in the end, as votes count it; None where there is none, and where solutions are programs."""
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
                "answer",
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
