"""Textual gradient descent on any text: a prompt, an answer, a formula, JSON (TextGrad, arXiv 2406.07496).

Programs have an optimizer of their own, `TextualGradientDescent`, which knows their problems and their tests.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from coderefine.autograd.variable import Variable, zero_grad
from coderefine.descent.text_prompt import EarlierText, TextPrompt
from coderefine.engine import StepReport
from coderefine.errors import CoderefineError, PatchError
from coderefine.models.fitting import complete_fitting
from coderefine.models.model import Answer, Model, Prompt
from coderefine.models.window import DEFAULT_PROMPT_TOKENS
from coderefine.parallel import in_parallel
from coderefine.patch.text import read_text

MAX_REASKS = 1
HISTORY_TOKENS = 2000
TextForm: TypeAlias = Literal["auto", "whole", "edit"]
"""The form in which a model is asked for a new text: whole, as an edit, or by the length of the text."""


@dataclass(frozen=True, slots=True)
class TextStep:
    """The result of a step for one variable."""

    variable: Variable
    before: str
    texts: tuple[str, ...]
    """The new texts, all different; the variable has the first one."""


class TextDescent:
    """Rewrites texts as their gradients say, any number of them in one step.

    Like torch's optimizers it leaves `zero_grad` to the caller: the gradients that several losses gave since the last
    one are a batch, and one step answers all of them.
    """

    def __init__(
        self,
        variables: Variable | Sequence[Variable],
        model: Model,
        *,
        constraints: Sequence[str] = (),
        examples: Sequence[str] = (),
        momentum: int = 0,
        samples: int = 1,
        system: str | None = None,
        form: TextForm = "auto",
        context: str = "",
        check: Callable[[Variable, str], None] | None = None,
        max_reasks: int = MAX_REASKS,
        prompt_tokens: int = DEFAULT_PROMPT_TOKENS,
    ) -> None:
        """`constraints` are sentences that new texts must meet, `examples` good texts of the kind.

        `momentum` is how many earlier versions are shown with their criticisms, `samples` how many answers a step asks
        for, `system` a system prompt in place of `prompts/improve_system.txt`. `form` is the form in which an answer is
        asked for: the whole text, an edit of it, or whichever suits its length; every form is read. `context` says what
        the texts are for, such as the question that they answer. `check(variable, text)` raises PatchError for a text
        to refuse; the model is then asked again with its message, at most `max_reasks` times. `prompt_tokens` is what
        the model reads (`models.window.prompt_tokens`). Raises ValueError for no variables, and for one that requires
        no gradient.
        """
        self.variables = (variables,) if isinstance(variables, Variable) else tuple(dict.fromkeys(variables))
        if not self.variables:
            raise ValueError("there is no variable to optimize")
        if fixed := [it.role or it.value[:40] for it in self.variables if not it.requires_grad]:
            raise ValueError(f"{fixed[0]!r} would never be criticised: make it with requires_grad=True")
        self.model = model
        self.prompt = TextPrompt(tuple(constraints), tuple(examples), system, form, context)
        self.samples = max(1, samples)
        self.check = check
        self.max_reasks = max_reasks
        self.prompt_tokens = prompt_tokens
        self.step_report = StepReport()
        self._history: dict[Variable, deque[EarlierText]] = {
            variable: deque(maxlen=max(0, momentum)) for variable in self.variables
        }

    def zero_grad(self) -> None:
        """Remove the criticisms of all variables."""
        zero_grad(self.variables)

    def step(self) -> tuple[TextStep, ...]:
        """Ask for new texts, give each variable its first one and return them, in the order of the variables.

        A variable without a gradient costs no call and stays as it is. So does one for which no answer contains a text;
        `step_report.failure` says so. Calls run in parallel; a sample that fails is ignored if another was answered. A
        step that raises what `Model.complete` raises leaves every variable as it was.
        """
        criticised = [variable for variable in self.variables if variable.gradients]
        self.step_report = StepReport()
        asked = [partial(self._ask, variable, sample) for variable in criticised for sample in range(self.samples)]
        outcomes, size = in_parallel(asked), self.samples
        answered = [outcomes[at : at + size] for at in range(0, len(outcomes), size)]
        read = in_parallel([partial(self._read, *pair) for pair in zip(criticised, answered, strict=True)])
        found = [done.result() for done in read]
        failures = [text for text in found if isinstance(text, str)]
        self.step_report = StepReport(failure="; ".join(failures))
        steps = []
        for variable, texts in zip(criticised, found, strict=True):
            criticisms = tuple(gradient.text for gradient in variable.gradients)
            if not isinstance(texts, str):
                self._history[variable].append(EarlierText(variable.value, criticisms))
                steps.append(TextStep(variable, variable.value, texts))
        for step in steps:
            step.variable.value = step.texts[0]
        return tuple(steps)

    def _ask(self, variable: Variable, sample: int) -> Answer:
        earlier = tuple(self._history[variable])

        def prompt_with(room: int) -> Prompt:
            return self.prompt.first(variable, earlier, room, sample)

        return complete_fitting(self.model, prompt_with, HISTORY_TOKENS if earlier else 0, self.prompt_tokens)

    def _read(self, variable: Variable, outcomes: Sequence[Future[Answer]]) -> tuple[str, ...] | str:
        """Return the different texts that were answered, or the reason in words why there is none."""
        answers = [done.result() for done in outcomes if not isinstance(done.exception(), CoderefineError)]
        answers = answers or [outcomes[0].result()]  # raises what the first sample raised
        texts: dict[str, None] = {}
        failures: list[tuple[Answer, PatchError]] = []
        for answer in answers:
            try:
                texts.setdefault(self._text(variable, answer))
            except PatchError as error:
                failures.append((answer, error))
        left = 0 if texts else self.max_reasks
        while left and not texts:
            left -= 1
            answer, mismatch = failures[-1]
            answer = self.model.complete(self.prompt.again(variable, answer.text, str(mismatch)))
            try:
                texts.setdefault(self._text(variable, answer))
            except PatchError as error:
                failures.append((answer, error))
        if texts:
            return tuple(texts)
        return f"{self.model.name} sent no new version of the {variable.role or 'text'}: {failures[-1][1]}"

    def _text(self, variable: Variable, answer: Answer) -> str:
        text = read_text(variable.value, answer.text, truncated=answer.truncated)
        if self.check:
            self.check(variable, text)
        return text
