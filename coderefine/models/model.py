"""The interface of language models: a prompt goes in, an answer comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from coderefine.errors import ModelError
from coderefine.models.image import TOKENS, ImagePart

_CHARS_PER_TOKEN = 4  # for English and code with common tokenizers
_PIECE = re.compile(r" ?[A-Za-z]{1,4}|[0-9]{1,3}|[^\sA-Za-z0-9]|\s+")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One self-contained request; there is no conversation behind it."""

    system: str
    """ "" for none."""
    user: str
    max_tokens: int | None = None
    """Where the answer is to be cut, if before the model's own limit."""
    sample: int = 0
    """Which of several answers to the same prompt is asked for; those after the first are sampled, so that they
    differ.
    """
    images: tuple[ImagePart, ...] = ()
    """They follow the user's text, for models that accept images."""

    def __post_init__(self) -> None:
        for image in self.images:
            if not isinstance(image, ImagePart):  # an address is never fetched
                raise TypeError(
                    f"an image of a prompt is an ImagePart, not {type(image).__name__}; read it from a file"
                )

    @property
    def tokens(self) -> int:
        """The approximate number of tokens."""
        return estimate_tokens(self.system) + estimate_tokens(self.user) + TOKENS * len(self.images)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote, and what it cost."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """None where the price is unknown."""
    seconds: float
    truncated: bool = False
    """Whether it was cut at the length limit, so that the end is missing."""
    cached: bool = False
    """Whether it is the answer of an earlier run, at no cost."""


NO_ANSWER = Answer("", 0, 0, 0.0, 0.0)


class UnusableAnswerError(ModelError):
    """A call that may be billed but has no usable answer; `answer` holds its cost, and the text so far."""

    def __init__(self, message: str, answer: Answer = NO_ANSWER) -> None:
        self.answer = answer
        super().__init__(message)


class NothingWrittenError(ModelError):
    """A model answered, but the answer does not contain what was asked for."""


class TimedOutError(UnusableAnswerError):
    """A call that was given up before it was answered; its cost is an estimate."""


class ContextWindowError(ModelError):
    """The prompt is longer than the model can read; nothing was answered or billed."""


class Model(Protocol):
    """Answers prompts."""

    @property
    def name(self) -> str:
        """The name on the command line."""
        ...

    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt; raises ModelError, UsageError for an unknown name, or BudgetExhausted."""
        ...


@dataclass(frozen=True, slots=True)
class WrappedModel:
    """A model around another one, with its name; subclasses define `complete`."""

    model: Model

    @property
    def name(self) -> str:
        """The name of the wrapped model."""
        return self.model.name


def estimate_tokens(text: str) -> int:
    """Return the approximate number of tokens of a text, without a tokenizer."""
    return -(-len(text) // _CHARS_PER_TOKEN)


def most_tokens(text: str) -> int:
    """Return about the most tokens that a text has with common tokenizers, which split numbers and symbols more than
    words.
    """
    return sum(1 if piece.isascii() else len(piece.encode("utf-8", "replace")) for piece in _PIECE.findall(text))
