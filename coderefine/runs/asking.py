"""Refinement with questions: where programs that pass differ, the user says what is right, and the search goes on.

Each answer becomes a visible test. If the current program does not pass it, the problem is refined again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coderefine.errors import JudgeError
from coderefine.harden.inputs import asking
from coderefine.harden.question import MOST_PROGRAMS, Question, questions
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult
from coderefine.problem.problem import Problem
from coderefine.result import Result
from coderefine.runs.tasks import Options

MOST_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The right value on the input of a question."""

    value: Any


@dataclass(frozen=True, slots=True)
class Asked:
    """The outcome of a refinement with questions."""

    problem: Problem
    """With the answers as visible tests, at the end."""
    results: tuple[Result, ...]
    """The result of each refinement, the last one first."""
    questions: tuple[tuple[Question, Answer | None], ...] = field(default=())
    """The questions with their answers; None where the user gave none."""
    interrupted: bool = False
    """Whether Ctrl-C ended the asking."""

    @property
    def result(self) -> Result:
        """The final result."""
        return self.results[0]


def with_several(options: Options) -> Options:
    """Return options with which a search returns enough programs to ask about; a model's samples are not increased."""
    if set(options.models) != {"search"}:
        return options
    engine = replace(options.engine, candidates=max(options.engine.candidates, MOST_PROGRAMS))
    return replace(options, engine=engine)


def refine_asking(
    problem: Problem,
    judge: Judge,
    run: Callable[[Problem], Result],
    ask: Callable[[Problem, Question], Answer | None],
    most: int = MOST_QUESTIONS,
) -> Asked:
    """Refine by `run`, ask about the result at most `most` times, and refine again where an answer requires it.

    Ctrl-C, or a failing sandbox, while a question is prepared ends the asking, and nothing is lost.
    """
    found = Asked(problem, (run(problem),))
    while len(found.questions) < most:
        try:
            question = _next(found, judge)
            answer = ask(found.problem, question) if question else None
            if question is None:
                break
            found = replace(found, questions=(*found.questions, (question, answer)))
            if answer is None:
                continue
            found = replace(found, problem=question.with_answer(found.problem, answer.value))
            is_right = judge.run(found.problem, found.result.source).accepted
        except KeyboardInterrupt:
            return replace(found, interrupted=True)
        except JudgeError:
            break
        if not is_right:
            found = replace(found, results=(run(found.problem), *found.results))
    return found


def _next(found: Asked, judge: Judge) -> Question | None:
    """Return the next question; None where there is none."""
    if not found.result.accepted:
        return None
    asked = [question.args for question, _ in found.questions]
    sources = [source for source in _alternatives(found.result) if judge.run(found.problem, source).accepted]
    return next((it for it in questions(found.problem, judge, sources) if it.args not in asked), None)


def _alternatives(result: Result) -> Sequence[str]:
    """Return the programs that passed, beginning with the one that was chosen."""
    tested = [it.source for step in reversed(result.iterations) for it in step.tested if it.report.accepted]
    return [result.source, *tested]


def by_a_program(judge: Judge, oracle: str) -> Callable[[Problem, Question], Answer | None]:
    """Return a function that answers by a right program, for measurements; it returns None where that program fails."""

    def ask(problem: Problem, question: Question) -> Answer | None:
        case: CaseResult = judge.run(asking(problem, [question.args]), oracle).cases[0]
        return Answer(case.got) if case.answered and not case.got_cut else None

    return ask
