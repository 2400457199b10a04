"""Asks once more, in another way, where an answer was of no use."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coderefine.models.model import Answer, Prompt, TimedOutError, UnusableAnswerError, WrappedModel

SECOND_SAMPLE = 1000
"""The offset of a second try's sample number, so that no other sample has the same."""


@dataclass(frozen=True, slots=True)
class PersistentModel(WrappedModel):
    """A model that gets a second try, as another sample, and with more room where the answer was cut at the limit.

    A call that timed out is not repeated. Each try is a call of its own, reserved and counted as such.
    """

    answer_tokens: int
    """The most tokens of its answers at first."""

    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt; raises what the second try raises."""
        try:
            return self.model.complete(prompt)
        except TimedOutError:
            raise
        except UnusableAnswerError as error:
            room = 2 * self.answer_tokens if error.answer.truncated else prompt.max_tokens
            return self.model.complete(replace(prompt, sample=prompt.sample + SECOND_SAMPLE, max_tokens=room))
