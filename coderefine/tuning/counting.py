"""Counts the cost of answers, those from the record as well, so that a resumed run has the same curve."""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.budget import Meter
from coderefine.models.model import Answer, Prompt, UnusableAnswerError, WrappedModel


@dataclass(frozen=True, slots=True)
class CountingModel(WrappedModel):
    """A model whose answers are counted by `meter`, without those of earlier runs; it has no limits."""

    meter: Meter

    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt; raises what the wrapped model raises."""
        try:
            answer = self.model.complete(prompt)
        except UnusableAnswerError as error:
            self._count(error.answer)
            raise
        self._count(answer)
        return answer

    def _count(self, answer: Answer) -> None:
        if not answer.cached:
            self.meter.add_call(answer.prompt_tokens, answer.completion_tokens, answer.cost_usd)
