"""A question: the solution is a text that ends with an answer, which is compared with a key; no code is run.

The visible test of a question is whether an answer can be read; the key is a hidden test, which no model sees.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from coderefine.judge.kind import Ran, RunPlan, Sandboxes
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.fields import Fields
from coderefine.kinds.stored import quoted
from coderefine.patch.reply.reasoning import without_reasoning
from coderefine.problem.final_answer import FORMS, LETTERS, Form, final_answer, normal, same_answer
from coderefine.problem.problem import Case, Problem, TestCase, Tests
from coderefine.rendering import MAX_VALUE_CHARS, cut, printable

READABLE = "an answer can be read"
KEY = "the answer is right"
MAX_CHOICES = len(LETTERS)
_KEY_FILE = "tests/hidden.json"
_ASKED: dict[Form, str] = {
    "choice": "End with a line `Answer: X`, where X is the letter of one choice.",
    "number": "End with a line `Answer: N`, where N is a number without a unit.",
    "text": "End with a line `Answer: ...` that holds the answer and nothing else.",
}


TEMPLATE = {
    "problem.toml": """\
title = "{title}"
kind = "question"
form = "choice"          # choice | number | text
choices = ["4", "5", "6"]
""",
    "statement.md": """\
What is 2 + 3?

A) 4
B) 5
C) 6
""",
    "tests/hidden.json": """\
"B"
""",
    "submissions/accepted/right.txt": """\
Two and three are five.
Answer: B
""",
    "submissions/wrong_answer/wrong.txt": """\
Answer: A
""",
}


class QuestionKind(ProblemKind):
    """Questions with a key: a choice, a number, or a few words."""

    name = "question"
    template = TEMPLATE
    answers_in_words: ClassVar[bool] = True
    suffix: ClassVar[str] = ".txt"

    def load(self, fields: Fields) -> Problem:
        """Read a question from its folder; a folder without a key can be answered but not scored."""
        form = fields.choice("form", FORMS, "text")
        choices = fields.data.pop("choices", [])
        if not isinstance(choices, list) or not all(isinstance(it, str) and it.strip() for it in choices):
            raise fields.fail("choices", "expected a list of texts")
        if len(choices) > MAX_CHOICES or (choices and form != "choice"):
            raise fields.fail("choices", f'expected at most {MAX_CHOICES} of them, and form = "choice"')
        key = None
        if fields.folder.inside(_KEY_FILE).is_file():
            try:
                key = json.loads(fields.folder.text(_KEY_FILE))
            except (ValueError, RecursionError):
                key = 0
            if not isinstance(key, str) or normal(key, _form(form), choices) is None:
                raise fields.fail(_KEY_FILE, f"expected the answer as a text in JSON, in the form {form!r}")
        visible, hidden = tests(_form(form), choices, key)
        return Problem(**fields.common(), kind=self, entry="", visible=visible, hidden=hidden)

    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return the form of the answer and the choices."""
        form, choices = asked_of(problem)
        found = {"form": quoted(form)}
        return found | ({"choices": f"[{', '.join(map(quoted, choices))}]"} if choices else {})

    def files(self, problem: Problem) -> dict[str, bytes]:
        """Return the key, where it is known."""
        return {_KEY_FILE: json.dumps(problem.hidden[0].expected).encode()} if problem.hidden else {}

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> RunPlan:
        """Return the plan that reads the answer in a text and compares it."""
        form, _ = asked_of(problem)

        def judged(index: int, test: TestCase, answer: str | None) -> CaseResult:
            right = answer is not None and (test.expected is None or same_answer(answer, test.expected, form))
            return CaseResult(
                index=index,
                name=test.name,
                verdict=Verdict.AC if right else Verdict.WA,
                args=test.args,
                expected=test.expected,
                got=answer,
                answered=answer is not None,
                reason="" if answer is not None else f"no answer can be read. {_ASKED[form]}",
            )

        def run(source: str) -> Ran:
            answer = self.final_answer(problem, source)
            return Ran([judged(index, test, answer) for index, test in enumerate(problem.cases(tests))])

        return run

    def final_answer(self, problem: Problem, text: str) -> str | None:
        """Return the answer in a text, in the form that votes count; None where none can be read."""
        form, choices = asked_of(problem)
        return final_answer(without_reasoning(text), form, choices)

    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return the question in a line."""
        return cut(printable(" ".join(problem.statement.split())), limit)

    def interface(self, problem: Problem) -> str:
        """Return what an answer is."""
        return "a text that answers the question."

    def answer(self, problem: Problem) -> str:
        """Return how the answer is to be marked."""
        return _ASKED[asked_of(problem)[0]]


def tests(form: Form, choices: list[str], key: str | None) -> tuple[tuple[TestCase, ...], tuple[TestCase, ...]]:
    """Return the visible test of a question, and the hidden one where its key is known."""
    args: tuple[Any, ...] = (form, choices)
    hidden = () if key is None else (TestCase(KEY, (*args, KEY), normal(key, form, choices)),)
    return (TestCase(READABLE, args),), hidden


def asked_of(problem: Problem) -> tuple[Form, list[str]]:
    """Return the form of a question's answer, and its choices."""
    form, choices = problem.visible[0].args[:2]
    return _form(form), choices


def _form(name: str) -> Form:
    return next(form for form in FORMS if form == name)


QUESTION = QuestionKind()
