"""Puts a budget around a model: reserved before each call, settled after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from coderefine.budget import Ceiling, Meter
from coderefine.models.image import TOKENS
from coderefine.models.model import Answer, Prompt, TimedOutError, UnusableAnswerError, WrappedModel, most_tokens


def ceiling_of(prompt: Prompt) -> Ceiling:
    """Return what is known about the cost of a call without knowing the model."""
    return Ceiling(prompt_tokens=most_tokens(prompt.system) + most_tokens(prompt.user) + TOKENS * len(prompt.images))


@dataclass(frozen=True, slots=True)
class MeteredModel(WrappedModel):
    """A model whose calls count against `meter`; a call that was not answered is not billed and does not count."""

    meter: Meter
    ceiling: Callable[[Prompt], Ceiling] = ceiling_of
    """Returns the most that a prompt can cost."""

    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt.

        Raises BudgetExhausted, before spending anything, where it would exceed a limit.

        Near the end of a budget of tokens or money, the answer is limited to what is left.
        """
        granted = self.meter.reserve(self.ceiling(prompt) if self.meter.bounded else Ceiling())
        try:
            if granted.answer_tokens:
                prompt = replace(prompt, max_tokens=granted.answer_tokens)
            answer = self.model.complete(prompt)
            self._count(answer)
        except UnusableAnswerError as error:
            self._count(error.answer)
            if isinstance(error, TimedOutError):
                self.meter.check_time()  # the call may have ended because the run's time is over
            raise
        finally:
            self.meter.settle(granted)
        return answer

    def _count(self, answer: Answer) -> None:
        self.meter.add_call(answer.prompt_tokens, answer.completion_tokens, answer.cost_usd)
