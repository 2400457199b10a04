"""What scoring records of a program and of an attempt: frozen data. No value of a hidden test is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self

from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict

Status = Literal["done", "failed", "missing"]
""""failed": the judge or a model failed, which says nothing about the program; a resumed run tries again. "missing":
there is no program, which counts as not right.
"""


Verdicts = tuple[Verdict | None, ...]
"""The verdicts of tests in order; None for a test that was left out because the program had already failed."""
_LEFT_OUT, _EXAMPLE_LEFT_OUT, _PLUS = "-", "_", "+"


@dataclass(frozen=True, slots=True)
class ProgramOutcome:
    """The verdicts of a program on the visible and on the hidden tests of a problem, in order."""

    visible: Verdicts
    hidden: Verdicts = ()
    examples: int = 0
    """How many of the visible tests, the first ones, are examples that are not in the set."""
    plus: int = 0
    """How many of the hidden tests, the last ones, are extra tests, for which the set has a second figure."""

    @classmethod
    def of(cls, visible: Iterable[CaseResult], hidden: Iterable[CaseResult] = ()) -> Self:
        """Return the verdicts of cases."""
        return cls(tuple(case.verdict for case in visible), tuple(case.verdict for case in hidden))

    @property
    def _base(self) -> Verdicts:
        return (*self.visible[self.examples :], *self.hidden[: len(self.hidden) - self.plus])

    @property
    def verdict(self) -> Verdict:
        """The verdict of the first test that it fails, examples aside: the same whether or not later tests are run."""
        verdicts = (*self.visible[self.examples :], *self.hidden)
        return next((verdict for verdict in verdicts if verdict not in (None, Verdict.AC)), None) or Verdict.AC

    @property
    def plausible(self) -> bool:
        """Whether it passes all visible tests, the examples included."""
        return bool(self.visible) and set(self.visible) == {Verdict.AC}

    @property
    def knows_plausible(self) -> bool:
        """Whether enough visible tests were run to know that."""
        return None not in self.visible or any(it not in (None, Verdict.AC) for it in self.visible)

    @property
    def right(self) -> bool:
        """Whether it passes all tests of the set; examples that are not in the set do not count."""
        return {*self.visible[self.examples :], *self.hidden} == {Verdict.AC}

    @property
    def base_right(self) -> bool:
        """Whether it passes all tests of the set except the extra ones."""
        return set(self._base) == {Verdict.AC} if self.plus else self.right

    def to_text(self) -> str:
        """Return both lists as `ac AC / - AC+`: a dash for a test left out, lower case for examples, + for
        extra tests.
        """
        visible = _coded(self.visible)
        hidden = _coded(self.hidden)
        extra = len(hidden) - self.plus
        shown = [code.lower().replace(_LEFT_OUT, _EXAMPLE_LEFT_OUT) for code in visible[: self.examples]]
        told = [*shown, *visible[self.examples :], "/", *hidden[:extra], *(f"{code}{_PLUS}" for code in hidden[extra:])]
        return " ".join(told if hidden else [*told, ""])

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the outcome that `to_text` wrote."""
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
    """The cost of an attempt."""

    calls: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    """None where a price is not known."""
    candidates: int = 0
    """Programs that the judge ran, except those that only scored."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One program for one problem, scored."""

    number: int
    """The number of the problem in the set, from 1."""
    slug: str
    sample: int
    """From 1."""
    key: str
    """A digest of what was scored: the problem with its tests, and the given program."""
    status: Status
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    kind: str = ""
    """The group of the set that the problem belongs to."""
    source: str | None = None
    before: ProgramOutcome | None = None
    answer: str | None = None
    """The final answer in the form that votes count; None where there is none, and where solutions are programs."""
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
