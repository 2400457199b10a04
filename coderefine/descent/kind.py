"""What prompts ask of a problem's kind: how a problem and the outcome of a case are put in words."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from coderefine.descent.case_lines import argument_lines, code_lines, outcome_lines
from coderefine.judge.report import CaseResult
from coderefine.problem.problem import Kind, Problem


class PromptedKind(Kind):
    """A kind of problem that a model can be asked about."""

    limits_title: ClassVar[str] = "Limits a test"
    """The title of the limits of time and memory."""
    draft_rules: ClassVar[tuple[str, ...]] = ()
    """Sentences on what a first program may and must not do."""

    can_be_drafted: ClassVar[bool] = False
    """Whether the problem alone says what a program has to be, so that one can be written without another at hand."""

    answers_in_words: ClassVar[bool] = False
    """Whether a solution is a text with an answer in it, and not a program."""

    improved_by: ClassVar[str] = ""
    """The command that improves a solution, where that is not `coderefine refine`."""

    def final_answer(self, problem: Problem, text: str) -> str | None:
        """Return the answer in a text, by which votes are counted.

        None without one, and where solutions are programs.
        """
        return None

    @abstractmethod
    def interface(self, problem: Problem) -> str:
        """Return what a solution has to be, in words that follow "Interface:"."""

    @abstractmethod
    def answer(self, problem: Problem) -> str:
        """Return a sentence on what is compared."""

    def context(self, problem: Problem) -> list[str]:
        """Return the parts of a prompt that show the surroundings of a solution."""
        return []

    def test_lines(self, problem: Problem, case: CaseResult, chars: int) -> list[str]:
        """Return the lines for the input of a test that is not code, each value cut at `chars` characters."""
        return argument_lines(case, [param.name for param in problem.params], chars)

    def case_lines(self, problem: Problem, case: CaseResult, code: str, chars: int) -> list[str]:
        """Return the lines for a case and its outcome; `code` is the program."""
        test = code_lines(case, chars) if case.code else self.test_lines(problem, case, chars)
        return test + outcome_lines(case, problem, code, chars)
