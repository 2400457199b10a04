"""The programs on which pipelines are tried: those that a set contains for repair, each with its problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coderefine.descent.kind import PromptedKind
from coderefine.errors import UsageError
from coderefine.folder.verify import submissions
from coderefine.formats.record import Record
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem
from coderefine.tuning.pipelines.learning import Cases
from coderefine.tuning.split import split


@dataclass(frozen=True, slots=True)
class Program:
    """A program to repair."""

    name: str
    problem: Problem
    """With its hidden tests, which only score."""
    source: str


def programs(records: Iterable[Record]) -> list[Program]:
    """Return the program of each row of a set, and for a problem in a folder its submissions that are not accepted.

    Problems that are answered in words or measured are left out, because nothing in them is repaired. Raises
    UsageError.
    """
    found: list[Program] = []
    for record in records:
        problem = record.problem
        if record.pending or problem.is_measured or PromptedKind.of(problem).answers_in_words:
            continue
        if record.buggy:
            found.append(Program(problem.slug, problem, record.buggy))
        elif problem.path:
            wrong = (it for it in submissions(problem) if it.expected is not Verdict.AC)
            found += [Program(f"{problem.slug}: {it.path.stem}", problem, it.source) for it in wrong]
    return found


def parts(found: Sequence[Program], sizes: Sequence[int] | None, seed: int) -> Cases[Program]:
    """Return the three parts; all programs for one problem are in the same part. `sizes` counts problems.

    Raises UsageError where there are too few.
    """
    if not found:
        raise UsageError(
            "the set has no program to repair: give a set that brings some, or folders of problems with submissions"
        )
    problems = {it.problem.slug: it.problem for it in found}
    three = split(problems.values(), sizes, seed)

    def of(part: Iterable[Problem]) -> tuple[Program, ...]:
        slugs = {problem.slug for problem in part}
        return tuple(it for it in found if it.problem.slug in slugs)

    return Cases(of(three.training), of(three.validation), of(three.test))
