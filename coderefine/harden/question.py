"""Questions that tell plausible programs apart: an input on which they differ, and their answers.

Of programs that pass the visible tests, all but one may be wrong, and the person who has the problem often sees at a
glance which answer is right. That answer then becomes a visible test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coderefine.harden.bounds import Args
from coderefine.harden.inputs import asking, likely
from coderefine.harden.vote import alike, answer
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult
from coderefine.problem.problem import Problem, TestCase
from coderefine.rendering import literal

MOST_PROGRAMS = 12
_INPUTS = 48
_LONGEST = 200
"""The most characters of an input, and of an answer, that a person is shown."""
_TRUST = 0.7
"""How likely a program is to be right, relative to the program before it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, and the positions of the programs that give it."""

    value: Any
    programs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An input on which programs that pass all tests differ; `choices` has the likeliest answer first."""

    args: Args
    choices: tuple[Choice, ...]
    failing: tuple[int, ...] = ()
    """The programs that crash on the input, or do not end."""

    def with_answer(self, problem: Problem, value: Any) -> Problem:
        """Return the problem with the answer as a further visible test."""
        number = sum(case.name.startswith("answer ") for case in problem.visible) + 1
        return replace(problem, visible=(*problem.visible, TestCase(f"answer {number}", self.args, value)))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data; values are literals of Python."""
        return {
            "input": [literal(arg) for arg in self.args],
            "choices": [{"answer": literal(it.value), "programs": len(it.programs)} for it in self.choices],
            "failing": len(self.failing),
        }


def questions(problem: Problem, judge: Judge, sources: Sequence[str]) -> Iterator[Question]:
    """Yield questions about programs that pass all visible tests, those first that tell most of the programs apart.

    Raises JudgeError.
    """
    sources = list(dict.fromkeys(sources))[:MOST_PROGRAMS]
    inputs = [args for args in likely(problem, _INPUTS) if len(repr(args)) <= _LONGEST] if len(sources) > 1 else []
    if not inputs:
        return
    asked = asking(problem, inputs)
    rows = zip(*(judge.run(asked, source).cases for source in sources), strict=True)
    found = [it for args, row in zip(inputs, rows, strict=True) if (it := _question(problem, args, row))]
    yield from sorted(found, key=lambda it: (round(_left(it), 3), len(repr(it.args))))


def _question(problem: Problem, args: Args, row: Sequence[CaseResult]) -> Question | None:
    """Return the question about one input; None where its answer would tell nothing."""
    answers = [answer(problem, case) for case in row]
    programs: defaultdict[int, list[int]] = defaultdict(list)
    failing = []
    for program, first in enumerate(alike(problem, answers)):
        if first is None:
            failing.append(program)
        else:
            programs[first].append(program)
    choices = [Choice(row[first].got, tuple(same)) for first, same in programs.items()]
    is_short = all(not row[first].got_cut and len(literal(row[first].got)) <= _LONGEST for first in programs)
    if len(choices) + bool(failing) < 2 or not choices or not is_short:
        return None
    return Question(args, tuple(sorted(choices, key=lambda it: -_weight(it.programs))), tuple(failing))


def _left(question: Question) -> float:
    """Return the share of the programs that is left after an answer, on average, if one of them is right."""
    weights = [_weight(it.programs) for it in question.choices]
    return sum(weight**2 for weight in weights) / sum(weights) + _weight(question.failing)


def _weight(programs: Sequence[int]) -> float:
    return sum(_TRUST**place for place in programs)
