"""Chooses among plausible programs by their behaviour on inputs whose right answers are not known.

First come the programs that fail least: no crash, no time-out, no answer of another type, where others answer. An input
on which all fail is assumed invalid and dropped.

Then, for programs that were written independently, agreement counts: right programs agree, and wrong ones are wrong in
different ways (the majority vote of AlphaCode, Li et al., Science 2022, and MBR-Exec, Shi et al., EMNLP 2022). Copies
of a program have one vote. Edits of one program are not independent: they share its mistakes, and on planted bugs a
vote among them was measured to be worse than the search's own order. So for these, agreement is reported and not used.

Programs that are equal so far are ordered by time, where it is worth measuring, by the size of the change, and last by
the engine's order.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.patch import make_diff
from coderefine.patch.reply.sameness import canonical
from coderefine.problem.problem import Problem
from coderefine.problem.typespec import NODES

_NOISE_S = 0.05
"""CPU seconds below which differences mean nothing."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """How one program did."""

    program: int
    """Its position in the engine's order, from 0."""
    behaviour: int
    """The first program that behaves in the same way."""
    agreement: float
    """The mean share of the other programs that give its answers, over inputs where answers differ; 1 without any."""
    failures: int
    """Inputs on which it crashed, was stopped or answered with another type, where other programs answered."""
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Vote:
    """The ranked programs, best first."""

    ballots: tuple[Ballot, ...]
    split: int
    """Inputs on which answers differed."""


def vote(
    problem: Problem, before: str, sources: Sequence[str], reports: Sequence[TestReport], *, independent: bool
) -> Vote:
    """Rank `sources`, given in the engine's order, by their reports on the same generated inputs.

    `before` is the program that they change. Under a checker several answers may be right, so there only failures
    distinguish programs.
    """
    rows = zip(*([answer(problem, case) for case in report.cases] for report in reports), strict=False)
    same = [alike(problem, row) for row in rows]
    inputs = [index for index, row in enumerate(same) if any(first is not None for first in row)]
    split = [index for index in inputs if len(set(same[index])) > 1]
    first_with: dict[tuple[int | None, ...], int] = {}
    behaviours = [
        first_with.setdefault(tuple(same[index][program] for index in inputs), program)
        for program in range(len(reports))
    ]
    voices = _distinct(sources)

    def agreement(program: int) -> float:
        others = [voice for voice in voices if voice != _first_copy(sources, program, voices)]
        shares = [sum(same[i][program] == same[i][it] for it in others) / len(others) for i in split if others]
        return sum(shares) / len(shares) if shares else 1.0

    ballots = [
        Ballot(
            program,
            behaviours[program],
            round(agreement(program), 3),
            sum(same[i][program] is None for i in inputs),
            round(sum(report.cases[i].cpu_s for i in inputs), 4),
        )
        for program, report in enumerate(reports)
    ]

    def worth(ballot: Ballot) -> tuple[float, ...]:
        if not independent:
            return ballot.failures, ballot.program
        slowness = round(math.log2(max(ballot.cpu_s, _NOISE_S) / _NOISE_S))
        changed = make_diff(before, sources[ballot.program]).count("\n")
        return ballot.failures, -ballot.agreement, slowness, changed, ballot.program

    return Vote(tuple(sorted(ballots, key=worth)), len(split))


def alike(problem: Problem, answers: Sequence[CaseResult | None]) -> list[int | None]:
    """Return for each program the first program that gives the same answer to an input; None for a failure."""
    firsts: list[int | None] = []
    for case in answers:
        known = [first for first in dict.fromkeys(firsts) if first is not None]
        firsts.append(
            None if case is None else next((it for it in known if _same(problem, case, answers[it])), len(firsts))
        )
    return firsts


def _same(problem: Problem, a: CaseResult, b: CaseResult | None) -> bool:
    if b is None or problem.compare.mode == "checker":
        return b is not None
    if a.got_cut or b.got_cut:  # of large answers only the beginning was kept
        return a.got_cut == b.got_cut
    return problem.compare.equal(a.got, b.got)


def answer(problem: Problem, case: CaseResult) -> CaseResult | None:
    """Return the case if its answer looks like a right one; None stands for every failure."""
    known = {_type(it.expected) for it in problem.visible if not it.code} | _declared(problem)
    answered = case.answered and case.verdict in (Verdict.AC, Verdict.WA)
    return case if answered and (not known or _type(case.got) in known) else None


def _type(value: Any) -> str:
    return "number" if type(value) in (int, float) else "list" if isinstance(value, tuple) else type(value).__name__


def _declared(problem: Problem) -> set[str]:
    options = problem.returns.args if problem.returns.name == "union" else (problem.returns,)
    return {"None": {"NoneType"}, **{name: {"list"} for name in NODES}}.get(options[-1].name, set())


def _distinct(sources: Sequence[str]) -> list[int]:
    """Return for each program its first copy; layout and comments do not count."""
    first: dict[Hashable, int] = {}
    for index, source in enumerate(sources):
        first.setdefault(canonical(source), index)
    return list(first.values())


def _first_copy(sources: Sequence[str], program: int, voices: Sequence[int]) -> int:
    return next(voice for voice in voices if canonical(sources[voice]) == canonical(sources[program]))
