"""Counts what answers had cost, those from the record as well: so the curve of a run that goes on is the same."""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.budget import Meter
from coderefine.models.model import Answer, Prompt, UnusableAnswerError, WrappedModel


@dataclass(frozen=True, slots=True)
class CountingModel(WrappedModel):
    """A model whose answers are counted by `meter`, but for those of earlier runs; it limits nothing."""

    meter: Meter

    def complete(self, prompt: Prompt) -> Answer:
        """Answer a prompt; raises what the model inside raises."""
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
