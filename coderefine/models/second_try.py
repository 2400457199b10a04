"""Asks once more where an answer was of no use, in a way that may help."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coderefine.models.model import Answer, Prompt, TimedOutError, UnusableAnswerError, WrappedModel

SECOND_SAMPLE = 1000
"""What a second try adds to the number of a sample, so that no other sample has it."""


@dataclass(frozen=True, slots=True)
class PersistentModel(WrappedModel):
    """A model that gets a second try, as another sample, and with more room where the limit came first.

    A call that timed out is not repeated. Each try is a call of its own, reserved and counted as such.
    """

    answer_tokens: int
    """How long its answers may be at first."""

    def complete(self, prompt: Prompt) -> Answer:
        """Answer a prompt; raises what the second try raises."""
        try:
            return self.model.complete(prompt)
        except TimedOutError:
            raise
        except UnusableAnswerError as error:
            room = 2 * self.answer_tokens if error.answer.truncated else prompt.max_tokens
            return self.model.complete(replace(prompt, sample=prompt.sample + SECOND_SAMPLE, max_tokens=room))
