"""What a language model is to the rest of the program: a prompt goes in, an answer comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from coderefine.errors import ModelError
from coderefine.models.image import TOKENS, ImagePart

_CHARS_PER_TOKEN = 4  # of English and code with common tokenizers
_PIECE = re.compile(r" ?[A-Za-z]{1,4}|[0-9]{1,3}|[^\sA-Za-z0-9]|\s+")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One self-contained request; there is no conversation behind it."""

    system: str
    """Empty for none."""
    user: str
    max_tokens: int | None = None
    """Where the answer is to be cut, if not at the model's own limit."""
    sample: int = 0
    """Which of several answers to the same prompt: those after the first are sampled, so that they differ."""
    images: tuple[ImagePart, ...] = ()
    """They stand behind the user's text, for models that take any."""

    def __post_init__(self) -> None:
        for image in self.images:
            if not isinstance(image, ImagePart):  # an address is never fetched
                raise TypeError(
                    f"an image of a prompt is an ImagePart, not {type(image).__name__}; read it from a file"
                )

    @property
    def tokens(self) -> int:
        """About how many tokens it is."""
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
    """Whether it stopped at the length limit: the end is missing."""
    cached: bool = False
    """Whether it is that of an earlier run, at no cost."""


NO_ANSWER = Answer("", 0, 0, 0.0, 0.0)


class UnusableAnswerError(ModelError):
    """A call that may be billed, without anything to use; `answer` says what it cost, and holds what there is of it."""

    def __init__(self, message: str, answer: Answer = NO_ANSWER) -> None:
        self.answer = answer
        super().__init__(message)


class NothingWrittenError(ModelError):
    """A model was reached and answered, and what was asked for is not in it."""


class TimedOutError(UnusableAnswerError):
    """A call that was given up before it was answered; what it cost is an estimate."""


class ContextWindowError(ModelError):
    """The prompt is longer than the model can read; nothing was answered or billed."""


class Model(Protocol):
    """Answers prompts."""

    @property
    def name(self) -> str:
        """As on the command line."""
        ...

    def complete(self, prompt: Prompt) -> Answer:
        """Answer a prompt; raises ModelError, UsageError for a name that no provider has, or BudgetExhausted."""
        ...


@dataclass(frozen=True, slots=True)
class WrappedModel:
    """A model around another: it has its name, and a subclass's `complete` says what becomes of a call."""

    model: Model

    @property
    def name(self) -> str:
        """The name of the model inside."""
        return self.model.name


def estimate_tokens(text: str) -> int:
    """About how many tokens a text is, without a tokenizer."""
    return -(-len(text) // _CHARS_PER_TOKEN)


def most_tokens(text: str) -> int:
    """About the most tokens that a text has with common tokenizers: they cut numbers and symbols finer than words."""
    return sum(1 if piece.isascii() else len(piece.encode("utf-8", "replace")) for piece in _PIECE.findall(text))
