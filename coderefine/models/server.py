"""What a run learns about a server as it goes: which parameters it refuses, and how much it reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from coderefine.models.deadline import Pulse
from coderefine.models.turns import Turns

LEAST_ANSWER_TOKENS = 256
"""A shorter answer is of no use: then the prompt has to shrink instead."""
_MARGIN_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Accepted:
    """How a server has to be asked."""

    temperature: bool = True
    system: bool = True
    """Whether a system message is accepted; else its text precedes the user's."""
    limit: str = "max_tokens"
    """The parameter that limits an answer; "" for none."""
    most_answer_tokens: int | None = None
    stream: bool = True
    stream_usage: bool = True
    """Whether it accepts the request to count the tokens of a stream."""
    window: int | None = None
    """How many tokens it reads, prompt and answer together; None where not known."""
    density: float = 1.3
    """How many of its tokens one token of our estimate stands for."""

    def answer_tokens(self, wanted: int, prompt_tokens: int) -> int:
        """Return how long an answer may be to a prompt of `prompt_tokens`, by our estimate."""
        most = wanted if self.most_answer_tokens is None else min(wanted, self.most_answer_tokens)
        if self.window is None:
            return most
        left = self.window - int(prompt_tokens * self.density) - _MARGIN_TOKENS
        return min(most, max(left, LEAST_ANSWER_TOKENS))


@dataclass(slots=True)
class Server:
    """A server in the course of a run. Threads share it: what one request learns holds for the next of all threads."""

    accepted: Accepted = field(default_factory=Accepted)
    pulse: Pulse = field(default_factory=Pulse)
    """When it last sent us something: a request that waits behind others there is not given up."""
    turns: Turns = field(default_factory=Turns)
    """Requests of ours wait for each other here, where the server refuses several at once."""


@dataclass(slots=True)
class Servers:
    """The servers that a run asks."""

    known: dict[tuple[str, str | None], Server] = field(default_factory=dict)

    def of(self, name: str, api_base: str | None) -> Server:
        """Return the server of a model; every caller gets the same object."""
        return self.known.setdefault((name, api_base), Server())


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that a server refused, with the server's words."""

    said: str
    asked: Accepted
    answer_tokens: int
    """The limit of the answer in the request."""
    prompt_tokens: int
    """By our estimate."""
    has_system: bool = True

    def names(self, *words: str) -> bool:
        """Whether one of these words occurs in the server's words."""
        return any(re.search(rf"\b{word}\b", self.said, re.IGNORECASE) for word in words)


def heeding(refusal: Refusal) -> Accepted | None:
    """Return how to ask instead, where the server's words tell; None where there is nothing to change."""
    for rule in _RULES:
        changed = rule(refusal)
        if changed is not None:
            return changed if changed != refusal.asked else None
    return None


_WINDOW = re.compile(
    r"(?:maximum context length (?:is|of)|maximum (?:input|sequence) length (?:is|of)"
    r"|context (?:window|size|length) (?:is|of|\()|available context size \("
    r"|(?:n_ctx|max_model_len)\W{1,5}|context limit\D{0,20})\s*\(?(\d+)",
    re.IGNORECASE,
)
_PROMPT = (  # the surest first: "you requested 900 tokens" counts prompt and answer together
    re.compile(r"\((\d+) (?:tokens )?(?:in|from) the (?:messages|prompt|input)", re.IGNORECASE),
    re.compile(r"n_prompt_tokens\W{1,5}(\d+)", re.IGNORECASE),
    re.compile(r"(\d+) (?:input|prompt) tokens", re.IGNORECASE),
    re.compile(
        r"\b(?:request|prompt|messages|input)(?: has| contains| is| of| length is)? ?\(?(\d+) tokens", re.IGNORECASE
    ),
    re.compile(r"resulted in (\d+) tokens", re.IGNORECASE),
)
_CAP = re.compile(
    r"(?:less than or equal to|at most|<=|not exceed|up to|\[\s*\d+\s*,|> "
    r"|maximum(?: allowed)?(?: value| number)?(?: of (?:output |completion )?tokens)?(?: for this model)?(?: is| of|:))"
    r"\s*(\d{2,7})",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"support|unknown|unrecogni[sz]ed|unexpected|not permitted|extra|not allowed|instead", re.IGNORECASE
)
_TOO_LONG = re.compile(
    r"context (?:window|length|size)|too many tokens|prompt is too long|exceed_context", re.IGNORECASE
)


def is_about_window(said: str) -> bool:
    """Whether a refusal is about the length of the prompt, or of prompt and answer together."""
    return bool(_WINDOW.search(said) or _TOO_LONG.search(said))


def _shorter_answer(refusal: Refusal) -> Accepted | None:
    """Learn the window from a refusal of prompt and answer together, and shorten the answer if that is enough."""
    if not is_about_window(refusal.said):
        return None
    window = _WINDOW.search(refusal.said)
    if window is None:
        return refusal.asked
    tokens = int(window[1])
    counts = (found for form in _PROMPT if (found := form.search(refusal.said)))
    counted = int(found[1]) if (found := next(counts, None)) else None
    # A little more than counted, because the next prompt is another one.
    density = 1.05 * counted / max(1, refusal.prompt_tokens) if counted else refusal.asked.density
    learnt = replace(refusal.asked, window=tokens, density=density)
    needed = int(refusal.prompt_tokens * density) + _MARGIN_TOKENS
    fits = needed + LEAST_ANSWER_TOKENS <= tokens and needed + refusal.answer_tokens > tokens
    return learnt if fits else refusal.asked


def _stream(refusal: Refusal) -> Accepted | None:
    if refusal.asked.stream_usage and refusal.names("stream_options", "include_usage"):
        return replace(refusal.asked, stream_usage=False)
    if refusal.asked.stream and refusal.names("stream", "streaming") and not refusal.names("only supports streaming"):
        return replace(refusal.asked, stream=False)
    return None


def _system(refusal: Refusal) -> Accepted | None:
    if not (refusal.asked.system and refusal.has_system):
        return None
    words = (r"system (?:role|messages?|prompts?|instructions?)", "developer instructions?", r"role\W+system")
    roles = (r"roles (?:must|have to|should) (?:be )?alternat\w+", "(?:unknown|unsupported|invalid) role")
    return replace(refusal.asked, system=False) if refusal.names(*words, *roles) else None


def _temperature(refusal: Refusal) -> Accepted | None:
    if refusal.asked.temperature and refusal.names("temperature"):
        return replace(refusal.asked, temperature=False)
    return None


def _limit(refusal: Refusal) -> Accepted | None:
    if not refusal.asked.limit or not refusal.names("max_tokens", "max_completion_tokens", "max tokens"):
        return None
    other = "max_completion_tokens" if refusal.asked.limit == "max_tokens" else ""
    numbers = [int(found) for found in _CAP.findall(refusal.said)]
    if _UNKNOWN.search(refusal.said) and (not numbers or "instead" in refusal.said):
        return replace(refusal.asked, limit=other)
    lower = [number for number in numbers if number < refusal.answer_tokens]
    if lower:
        return replace(refusal.asked, most_answer_tokens=max(lower))
    return replace(refusal.asked, limit=other)


_RULES: tuple[Callable[[Refusal], Accepted | None], ...] = (_shorter_answer, _stream, _system, _temperature, _limit)
"""In order: the first rule that applies to a refusal decides."""
