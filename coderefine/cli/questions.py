"""Asks, on the terminal, which of the answers of programs that pass is right."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import click

from coderefine.cli import show
from coderefine.cli.show import SharedConsole
from coderefine.interrupts import interruptible
from coderefine.rendering import count, literal

if TYPE_CHECKING:
    from coderefine.harden.question import Question
    from coderefine.judge.judge import Judge
    from coderefine.problem.problem import Problem
    from coderefine.result import Result
    from coderefine.runs.asking import Answer, Asked

_PROMPT = "which is right? its number, n (neither), s (skip), or the answer itself"


def ask(
    judge: Judge, asker: Asker, kept_in: Problem | None, problem: Problem, refine: Callable[[Problem], Result]
) -> Asked:
    """Refine and ask; add the answers to the tests of the problem that they are `kept_in`.

    Where no one can answer, the first question is returned unanswered.
    """
    from coderefine.runs.asking import MOST_QUESTIONS, refine_asking

    asked = refine_asking(problem, judge, refine, asker.ask, most=MOST_QUESTIONS if asker.answers else 1)
    if kept_in:
        keep(kept_in, asked.problem)
    return asked


@dataclass(slots=True)
class Asker:
    """Prints questions, and reads the answers line by line."""

    console: SharedConsole
    answers: TextIO | None
    """The stream of answers; None where no one answers."""

    def ask(self, problem: Problem, question: Question) -> Answer | None:
        """Return the answer; None where it is skipped, or there are no more."""
        from coderefine.problem.problem import TestCase

        if self.answers is None:
            return None
        call = problem.kind.case_text(problem, TestCase("", question.args))
        self.console.print(show.plain(f"\nprograms that pass all visible tests differ for {call}", "bold"))
        for number, choice in enumerate(question.choices, 1):
            programs = count(len(choice.programs), "program")
            self.console.print(show.plain(f"  {number}  {literal(choice.value)}  ({programs})"))
        if question.failing:
            self.console.print(show.plain(f"  -  {count(len(question.failing), 'program')} without an answer", "dim"))
        return self._answer(problem, question)

    def _answer(self, problem: Problem, question: Question) -> Answer | None:
        from coderefine.harden.kind import HardenedKind
        from coderefine.runs.asking import Answer

        while (text := self._line(_PROMPT)) not in ("", "s", "skip"):
            if text.isdigit() and 1 <= int(text) <= len(question.choices):
                return Answer(question.choices[int(text) - 1].value)
            if text in ("n", "neither") and not (text := self._line("the answer itself, or nothing")):
                return None
            like = question.choices[0].value
            try:
                return Answer(HardenedKind.of(problem).read_answer(text, like))
            except ValueError:
                self.console.print(
                    show.plain(f"{text!r} is neither a number of the list nor a value such as {literal(like)}")
                )
        return None

    def _line(self, prompt: str) -> str:
        assert self.answers is not None
        click.echo(f"{prompt}: ", nl=False, err=True)
        line = interruptible(_line_of)(self.answers)
        if not line:
            click.echo(err=True)
            self.answers = None
        return line.strip()


def _line_of(stream: TextIO) -> str:
    return stream.readline()


def keep(problem: Problem, harder: Problem) -> None:
    """Add the new tests of `harder` to the visible tests of a problem in a folder, whose layout stays as it is."""
    added = harder.visible[len(problem.visible) :]
    path = problem.path / "tests/visible.json" if problem.path else None
    if not added or path is None or not path.is_file():
        return
    from coderefine.kinds.called import CalledProblemKind
    from coderefine.patch.files import write_whole

    kind = CalledProblemKind.of(problem)
    rows = [json.dumps({"name": case.name, **kind.row(problem, case)}) for case in added]
    text = path.read_text(encoding="utf-8").rstrip().removesuffix("]").rstrip()
    separator = ",\n  " if not text.endswith("[") else "\n  "
    write_whole(path, (text + separator + ",\n  ".join(rows) + "\n]\n").encode())
