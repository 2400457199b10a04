"""The prompts that ask for a patch: the first one, and those after an answer that does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from coderefine.autograd.variable import Gradient, evidence_of
from coderefine.descent import evidence
from coderefine.descent.draft_prompt import draft_prompt
from coderefine.descent.kind import PromptedKind
from coderefine.descent.problem_text import problem_text
from coderefine.judge.report import TestReport
from coderefine.models.model import Prompt
from coderefine.models.second_try import SECOND_SAMPLE
from coderefine.patch import Patch
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced, render

EditFormat = Literal["diff", "whole", "search"]
"""The form in which a model is asked for an edit: a unified diff, the whole program, SEARCH/REPLACE blocks."""


@dataclass(frozen=True, slots=True)
class PatchPrompt:
    """The parts of a prompt that are the same in every step of an optimizer."""

    problems: tuple[Problem, ...]
    constraints: tuple[str, ...] = ()
    """Sentences that the new program must meet."""
    examples: tuple[Patch, ...] = ()
    """Good edits of other programs."""
    edit_format: EditFormat = "diff"
    system: str | None = None
    """Replaces `prompts/patch_system.txt`."""

    def first(self, source: str, gradients: Sequence[Gradient], history: str, room: int, sample: int = 0) -> Prompt:
        """Ask for an edit of `source`, with `history` as a section and `room` tokens for test results.

        Raises ValueError for evidence from other than the visible tests of the problems.
        """
        user = render(
            "patch",
            problem=self._described(),
            code=fenced(source, "python"),
            evidence=self._evidence(source, reports(gradients), room),
            criticisms=_criticisms(gradients),
            more="".join(f"{section}\n\n" for section in [history, *self._sections()] if section),
            form=render(f"form_{self.edit_format}"),
        )
        return Prompt(self._system(), user, sample=sample)

    def again(
        self, source: str, gradients: Sequence[Gradient], answer: str, mismatch: str, *, edit_format: EditFormat
    ) -> Prompt:
        """Ask for the same edit again, in the form `edit_format`, given the last answer and why it does not apply.

        It is asked for as a further sample, because the likeliest answer is the one that the model has just sent.
        """
        user = render(
            "rewrite" if edit_format == "whole" else "repatch",
            code=fenced(source, "python"),
            criticisms=_criticisms(gradients),
            answer=fenced(answer),
            mismatch=fenced(mismatch),
            form=render(f"form_{edit_format}"),
        )
        return Prompt(self._system(), user, sample=SECOND_SAMPLE)

    def _system(self) -> str:
        return render("patch_system") if self.system is None else self.system

    def plainly(self, source: str, gradients: Sequence[Gradient], sample: int) -> Prompt:
        """Ask for the whole program after an answer that was the unchanged one: for a new one, where that can be.

        Neither that answer nor the criticisms are shown: a small model copies the text before it, and believes a
        criticism that finds no fault. Whoever has sent a program unchanged once will do so again while it is shown.
        """
        problem, *others = self.problems
        if PromptedKind.of(problem).can_be_drafted and not others and not self._sections():
            return draft_prompt(problem, sample=sample, system=self.system)
        user = render(
            "plainly",
            problem=self._described(),
            code=fenced(source, "python"),
            evidence=self._evidence(source, reports(gradients), evidence.MAX_TOKENS // 2),
            more="".join(f"{section}\n\n" for section in self._sections()),
            form=render("form_whole"),
        )
        return Prompt(self._system(), user, sample=sample)

    def _described(self) -> str:
        return "\n\n".join(map(problem_text, self.problems))

    def _sections(self) -> list[str]:
        """Return the sections that only some optimizers have."""
        sections = []
        if self.examples:
            pairs = (
                f"Before:\n{fenced(example.before, 'python')}\nAfter:\n{fenced(example.after, 'python')}"
                for example in self.examples
            )
            sections.append(render("examples", examples="\n\n".join(pairs)))
        if self.constraints:
            sections.append(render("constraints", constraints="\n".join(f"- {text}" for text in self.constraints)))
        return sections

    def _evidence(self, source: str, reports: Sequence[TestReport], room: int) -> str:
        """Return the smallest failure of each report; the critic saw the others."""
        described = (
            evidence.describe(report, self._problem(report), source, room // len(reports), max_cases=1)
            for report in reports
        )
        return "\n\n".join(described) or "No test was run."

    def _problem(self, report: TestReport) -> Problem:
        if len(self.problems) == 1:
            return self.problems[0]
        for problem in self.problems:
            if problem.slug == report.problem:
                return problem
        raise ValueError(f"the report is about {report.problem!r}, which is none of the problems of this optimizer")


def reports(gradients: Sequence[Gradient]) -> list[TestReport]:
    """Return the reports that the criticisms rest on, each once."""
    found = evidence_of(gradients)
    return [each for each in (found if isinstance(found, tuple) else [found]) if isinstance(each, TestReport)]


def _criticisms(gradients: Sequence[Gradient]) -> str:
    return "\n\n".join(fenced(gradient.text) for gradient in gradients)
