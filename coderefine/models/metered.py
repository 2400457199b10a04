"""Puts a budget around a model: checked before each call, counted after it."""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.budget import Meter
from coderefine.models.model import Answer, Model, Prompt, UnusableAnswerError


@dataclass(frozen=True, slots=True)
class Metered:
    """A model whose calls count against `meter`; one that was not answered is not billed and does not count."""

    model: Model
    meter: Meter

    @property
    def name(self) -> str:
        """The name of the model inside."""
        return self.model.name

    def complete(self, prompt: Prompt) -> Answer:
        """Answer a prompt; raises BudgetExhausted, before spending anything, where that would exceed a limit."""
        with self.meter.call(prompt.tokens) as count:
            try:
                answer = self.model.complete(prompt)
            except UnusableAnswerError as error:
                count(error.answer.prompt_tokens, error.answer.completion_tokens, error.answer.cost_usd)
                raise
            count(answer.prompt_tokens, answer.completion_tokens, answer.cost_usd)
            return answer
