"""The score of a prompt on a problem: a model answers with it, and the judge says whether the answer is right.

Each pair of prompt and problem is asked only once. In a resumed run, and with the cache, recorded answers are used.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from coderefine.descent import evidence
from coderefine.descent.answering import question_prompt
from coderefine.descent.engine import draft
from coderefine.descent.kind import PromptedKind
from coderefine.descent.problem_text import problem_text
from coderefine.judge.judge import Judge
from coderefine.models.model import Model, NothingWrittenError, Prompt, UnusableAnswerError
from coderefine.parallel import in_parallel
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a prompt on one problem."""

    problem: Problem
    asked: Prompt
    """The prompt that was sent."""
    answer: str
    """ "" where there was none that can be used."""
    is_right: bool
    error: str = ""
    """Why there is no answer; "" where there is one."""


@dataclass(slots=True)
class Evaluator:
    """Asks a model, and has its answers judged."""

    model: Model
    judge: Judge
    _known: dict[tuple[str, str], Future[Outcome]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def outcomes(self, prompt: str, problems: Sequence[Problem]) -> list[Outcome]:
        """Return the outcome of a prompt on each problem, asked in parallel; raises the errors that end a run."""
        done = in_parallel([partial(self._outcome, prompt, problem) for problem in problems])
        return [it.result() for it in done]

    def _outcome(self, prompt: str, problem: Problem) -> Outcome:
        key = (prompt, problem.slug)
        with self._lock:
            known = self._known.get(key)
            future = known or self._known.setdefault(key, Future())
        if known is None:
            try:
                future.set_result(self._asked(prompt, problem))
            except BaseException as error:  # noqa: BLE001 - raised again for every caller
                with self._lock:
                    del self._known[key]
                future.set_exception(error)
        return future.result()

    def _asked(self, prompt: str, problem: Problem) -> Outcome:
        in_words = PromptedKind.of(problem).answers_in_words
        asked = question_prompt(problem, system=prompt) if in_words else Prompt(prompt, problem_text(_open(problem)))
        ask: Callable[[], str] = (
            (lambda: self.model.complete(asked).text)
            if in_words
            else partial(draft, self.model, problem, max_redrafts=0, system=prompt)
        )
        try:
            answer = ask().strip()
        except (UnusableAnswerError, NothingWrittenError) as error:
            return Outcome(problem, asked, "", is_right=False, error=str(error))
        return Outcome(problem, asked, answer, is_right=self.judge.run(problem, answer, "all").accepted)

    def failure(self, outcome: Outcome) -> str:
        """Return what is wrong, for a critic: of a program what visible tests show, of a question the right answer."""
        problem, answer = outcome.problem, outcome.answer
        if not answer:
            return outcome.error
        kind = PromptedKind.of(problem)
        if not kind.answers_in_words:
            return evidence.describe(self.judge.run(_open(problem), answer), _open(problem), answer)
        read = kind.final_answer(problem, answer)
        found = "No answer can be read." if read is None else f"The answer that was read is:\n{fenced(read)}"
        return f"{found}\nThe right answer is:\n{fenced(str(problem.hidden[0].expected))}\n{kind.answer(problem)}"


def _open(problem: Problem) -> Problem:
    return problem.without_hidden()
