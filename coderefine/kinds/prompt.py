"""A prompt: the solution is a text for a model, and its cases are questions or problems of any other kind.

The visible test only checks whether the prompt can be sent: it is not too long, and contains the field that it needs.
Its worth shows when a model has answered the cases with it: `tune` and `score` read the folder for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from coderefine.errors import UnreadableError
from coderefine.judge.kind import Ran, RunPlan, Sandboxes
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.fields import Fields
from coderefine.kinds.stored import quoted
from coderefine.outside import decode
from coderefine.problem.problem import Case, Problem, TestCase, Tests
from coderefine.rendering import MAX_VALUE_CHARS, cut, printable

SENDABLE = "the prompt can be sent"
MAX_PROMPT_CHARS = 20_000
_CASES, _FILE = "cases.jsonl", "prompt.txt"
_QUESTION = "$question"

TEMPLATE = {
    "problem.toml": """\
title = "{title}"
kind = "prompt"
cases = "cases.jsonl"    # questions, or problems of any kind: a file or a folder that score takes
""",
    "statement.md": """\
A prompt for questions about sums.
""",
    "prompt.txt": """\
Answer the question.
""",
    "cases.jsonl": "".join(
        f'{{{{"id": "sum-{n}", "question": "What is {n} + {n * n % 7}?", "answer": {n + n * n % 7}}}}}\n'
        for n in range(1, 8)
    ),
    "submissions/accepted/steps.txt": """\
Answer the question step by step.
""",
}


class PromptKind(ProblemKind):
    """Problems whose solution is a prompt with which a model answers cases."""

    name = "prompt"
    template: ClassVar[Mapping[str, str]] = TEMPLATE
    answers_in_words: ClassVar[bool] = True
    suffix: ClassVar[str] = ".txt"
    improved_by: ClassVar[str] = "coderefine tune"

    def load(self, fields: Fields) -> Problem:
        """Read a prompt's folder; the cases are read later, when the prompt is tried on them."""
        cases = fields.data.pop("cases", _CASES)
        place = fields.folder.inside(cases) if isinstance(cases, str) else None
        if place is None or not place.exists() or place.resolve() == fields.folder.path.resolve():
            raise fields.fail("cases", f"expected the relative path of a file or folder that is there, not {cases!r}")
        starter = fields.folder.optional(_FILE)
        field = fields.choice("field", (_QUESTION, ""), _QUESTION if _QUESTION in starter else "")
        test = TestCase(SENDABLE, (cases, field))
        return Problem(**fields.common() | {"starter": starter}, kind=self, entry="", visible=(test,))

    def set_of(self, problem: Problem) -> Path | None:
        """Return the path of the cases."""
        return problem.path / problem.visible[0].args[0] if problem.path else None

    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return the path of the cases."""
        return {"cases": quoted(problem.visible[0].args[0])}

    def files(self, problem: Problem) -> dict[str, bytes]:
        """Return the first prompt; the cases are a problem set of their own."""
        return {_FILE: problem.starter.encode()}

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> RunPlan:
        """Return the plan that tests whether a prompt can be sent."""

        def run(source: str) -> Ran:
            why = _fault(source, problem.visible[0].args[1])
            verdict = Verdict.WA if why else Verdict.AC
            return Ran([CaseResult(0, SENDABLE, verdict, problem.visible[0].args, None, None, not why, reason=why)])

        return run

    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return where the cases are."""
        return cut(printable(f"a prompt for the cases in {problem.visible[0].args[0]}"), limit)

    def interface(self, problem: Problem) -> str:
        """Return what a prompt is."""
        return "a text that tells a model how to answer."

    def answer(self, problem: Problem) -> str:
        """Return what is judged."""
        return "What a model answers the cases with it is judged."


def _fault(prompt: str, field: str) -> str:
    """Return why a prompt cannot be sent, or "" where it can."""
    try:
        decode(prompt.encode("utf-8", "surrogatepass"))
    except UnreadableError:
        return "it is no text in UTF-8"
    if len(prompt) > MAX_PROMPT_CHARS:
        return f"it is longer than {MAX_PROMPT_CHARS:,} characters"
    return f"the field {field}, where the question goes, is not in it" if field and field not in prompt else ""


PROMPT = PromptKind()
