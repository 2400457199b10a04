"""Chooses among plausible programs by how they agree on inputs whose answers nobody knows.

Programs that are right agree; wrong ones are wrong each in its own way (the majority vote of AlphaCode's clusters and
of MBR-Exec, Li et al., Science 2022 and Shi et al., EMNLP 2022). Programs that answer every input alike count as one
behaviour with one voice, since copies of a program are no evidence. An input on which every behaviour fails is taken
for invalid and dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.judge.compare import Compare
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Ballot:
    """How one program did."""

    program: int
    """Its place in the engine's order, from 0."""
    behaviour: int
    """The first program that behaves like it."""
    agreement: float
    """The mean share of the other behaviours that give its answers; 1 where there is no other."""
    failures: int
    """Inputs on which it crashed, was stopped or answered with another type, where others answered."""
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Vote:
    """The outcome, best first."""

    ballots: tuple[Ballot, ...]
    inputs: int
    """Inputs on which at least one program answered."""
    split: int
    """Inputs on which answers differed."""

    @property
    def behaviours(self) -> int:
        """How many different behaviours there were."""
        return len({ballot.behaviour for ballot in self.ballots})


def vote(reports: Sequence[TestReport], compare: Compare, sizes: Sequence[int], like: Sequence[Any] = ()) -> Vote:
    """Rank programs, in the engine's order, by their reports on the same inputs.

    `sizes` are those of their changes; `like` are answers that are known to be right, whose types all answers should
    have. Under a checker several answers may be right, so only failures count there.
    """
    types = frozenset(map(_type, like))
    answers = [[_answer(case, types) for case in report.cases] for report in reports]
    tell_apart = compare.mode != "checker"

    def same(a: CaseResult | None, b: CaseResult | None) -> bool:
        if a is None or b is None:
            return a is b
        return not tell_apart or compare.equal(a.got, b.got)

    inputs = [index for index in range(min(map(len, answers), default=0)) if any(row[index] for row in answers)]
    behaviours: list[int] = []
    for row in answers:
        alike = (first for first in dict.fromkeys(behaviours) if all(same(row[i], answers[first][i]) for i in inputs))
        behaviours.append(next(alike, len(behaviours)))
    voices = sorted(set(behaviours))
    split = [i for i in inputs if not all(same(answers[voices[0]][i], answers[voice][i]) for voice in voices)]

    def agreement(program: int) -> float:
        others = [voice for voice in voices if voice != behaviours[program]]
        shares = [sum(same(answers[program][i], answers[other][i]) for other in others) / len(others) for i in split if others]
        return sum(shares) / len(shares) if shares else 1.0

    ballots = [
        Ballot(
            program,
            behaviours[program],
            agreement(behaviours[program]),
            sum(answers[program][i] is None for i in inputs),
            sum(report.cases[i].cpu_s for i in inputs),
        )
        for program, report in enumerate(reports)
    ]
    ranked = sorted(ballots, key=lambda it: (it.failures, -it.agreement, it.program))
    return Vote(tuple(ranked), len(inputs), len(split))


def _answer(case: CaseResult, types: frozenset[str]) -> CaseResult | None:
    """The case where it was answered as answers look; None stands for every failure."""
    answered = case.answered and case.verdict in (Verdict.AC, Verdict.WA)
    return case if answered and (not types or _type(case.got) in types) else None


def _type(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__
