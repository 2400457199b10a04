"""Any model that litellm knows, and any server that speaks OpenAI's protocol (`openai/NAME` with an `api_base`).

litellm takes seconds to import, so the first call imports it. It is kept quiet and offline: no price table is fetched
and no .env file is read. Retries are our own, because litellm's need a package that it does not install.
"""

from __future__ import annotations

import logging
import math
import os
import random
import time
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from coderefine.budget import Ceiling
from coderefine.errors import BudgetExhausted, CoderefineError, ModelError
from coderefine.interrupts import sleep
from coderefine.models.deadline import within
from coderefine.models.image import TOKENS
from coderefine.models.litellm_errors import FailedAttempt, missing_keys, translate
from coderefine.models.model import (
    Answer,
    Prompt,
    TimedOutError,
    UnusableAnswerError,
    estimate_tokens,
    most_tokens,
)
from coderefine.models.openai_client import open_client
from coderefine.models.secrets import hide_known
from coderefine.models.server import Accepted, Refusal, Server, heeding
from coderefine.models.transfer import Transfer
from coderefine.models.window import ANSWER_TOKENS
from coderefine.patch.reply.reasoning import without_reasoning

TIMEOUT_S = 120.0
_MAX_DELAY_S = 30.0
_MOST_CHARS_PER_TOKEN = 64  # more than any tokenizer makes of anything but white space
_MOST_CHANGES = 6  # of the way a server is asked, in one call
_LONGEST_SILENCE_S = 86_400.0
_GRACE_S = 1.0  # litellm's own time-out comes first, because its errors say more


@dataclass(frozen=True, slots=True)
class LiteLLMModel:
    """A model by its litellm name, such as `openai/gpt-4o-mini`."""

    name: str
    _: KW_ONLY
    api_base: str | None = None
    """Address of a server other than the provider's, such as `http://localhost:8000/v1`."""
    temperature: float = 0.0
    sampling_temperature: float = 0.8
    """The temperature of the second and further samples of a prompt."""
    max_tokens: int = ANSWER_TOKENS
    """The most tokens of an answer."""
    timeout_s: float = TIMEOUT_S
    """Seconds that an attempt may receive nothing."""
    retries: int = 3
    """How often an attempt is repeated that failed for a passing reason."""
    sleep: Callable[[float], None] = sleep
    seconds_left: Callable[[], float] = lambda: math.inf
    """The rest of the time budget: no attempt and no pause exceeds it."""
    server: Server = field(default_factory=Server)
    """What the run has learnt about the server; models of one run may share it."""

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that an answer depends on besides the prompt."""
        return {
            "temperature": self.temperature,
            "sampling_temperature": self.sampling_temperature,
            "max_tokens": self.max_tokens,
        }

    def ceiling(self, prompt: Prompt) -> Ceiling:
        """Return the most that a call can cost; the price is 0 where it is not known."""
        prompt_tokens = most_tokens(prompt.system) + most_tokens(prompt.user) + TOKENS * len(prompt.images)
        answer_tokens = self._answer_tokens(prompt)
        return Ceiling(prompt_tokens, answer_tokens, *self._prices(prompt_tokens, answer_tokens))

    def complete(self, prompt: Prompt) -> Answer:
        """Return the answer to a prompt.

        Raises ModelError, UsageError for an unknown name, and BudgetExhausted where time runs out. A parameter that the
        server refuses is left out, at once and from then on. Passing failures are waited for; where the server is busy
        with other requests of ours, these are waited for. An attempt that received something is not repeated here,
        since it may be billed: UnusableAnswerError says what it cost.
        """
        litellm = _import_litellm()
        from openai import OpenAIError  # the base of litellm's errors

        attempt = changes = 0
        while True:
            accepted, started = self.server.accepted, time.monotonic()
            transfer = Transfer(self.server.pulse.beat, self._answer_tokens(prompt) * _MOST_CHARS_PER_TOKEN)
            try:
                with self.server.turns.turn(self.seconds_left) as turn:
                    response = self._call(litellm, prompt, accepted, transfer)
            except (OpenAIError, TimeoutError) as error:
                failure = translate(litellm, error, self.name, self.api_base)
                timed_out = isinstance(error, TimeoutError | litellm.Timeout) and transfer.status in (None, 200)
            else:
                return _read(response, prompt, self, time.monotonic() - started, transfer.most_chars)
            # Nothing is chained: tracebacks of clients contain headers.
            if timed_out or transfer.began:
                raise self._given_up(failure, prompt, transfer, time.monotonic() - started, timed_out) from None
            if failure.said and changes < _MOST_CHANGES and (changed := self._heed(failure.said, prompt, accepted)):
                self.server.accepted = changed
                changes += 1
                continue
            if failure.is_busy and self.server.turns.is_crowded(turn):
                continue
            if not failure.passing or attempt == self.retries:
                raise failure.error from None
            self._pause(failure, attempt)
            attempt += 1

    def _call(self, litellm: Any, prompt: Prompt, accepted: Accepted, transfer: Transfer) -> Any:
        timeout = max(0.1, min(self.timeout_s, self.seconds_left()))
        options: dict[str, Any] = {"timeout": timeout} | ({"api_base": self.api_base} if self.api_base else {})
        if self.api_base and any(key.endswith("_API_KEY") for key in missing_keys(litellm, self.name)):
            options["api_key"] = "none"  # clients require one, where local servers need none
        client = open_client(litellm, self.name, self.api_base, options.get("api_key"), transfer, accepted)
        grace = _GRACE_S
        if client is not None:
            import httpx

            # The pulse decides how long a silence may last: a request may wait behind others at the server.
            grace, options["client"] = 0.0, client
            options["timeout"] = httpx.Timeout(_LONGEST_SILENCE_S, connect=timeout)
        if accepted.temperature:
            options["temperature"] = self.sampling_temperature if prompt.sample else self.temperature
        if accepted.limit:
            options[accepted.limit] = self._answer_tokens(prompt)
        try:
            return within(
                timeout + grace,
                lambda: litellm.completion(
                    model=self.name,
                    messages=_messages(prompt, accepted),
                    drop_params=True,  # reasoning models refuse a temperature
                    num_retries=0,
                    max_retries=0,
                    **options,
                ),
                pulse=self.server.pulse if client is not None else None,
                most_s=max(0.1, self.seconds_left()) + grace,
            )
        except TimeoutError:
            transfer.abort()
            raise
        finally:
            if client is not None:
                client.close()

    def _heed(self, said: str, prompt: Prompt, accepted: Accepted) -> Accepted | None:
        """Return how to ask instead, where the server's words tell; else None."""
        answer_tokens = self._answer_tokens(prompt)
        return heeding(Refusal(said, accepted, answer_tokens, prompt.tokens, bool(prompt.system)))

    def _answer_tokens(self, prompt: Prompt) -> int:
        """Return the limit of the answer: that of the budget or a second try, within what the server accepts."""
        return self.server.accepted.answer_tokens(prompt.max_tokens or self.max_tokens, prompt.tokens)

    def _given_up(
        self, failure: FailedAttempt, prompt: Prompt, transfer: Transfer, seconds: float, timed_out: bool
    ) -> CoderefineError:
        """Return the error for an attempt that may be billed, with what it cost at least, by our estimate."""
        if not isinstance(failure.error, ModelError):
            return failure.error
        tokens = estimate_tokens("x" * transfer.chars)
        prices = self._prices(prompt.tokens, tokens)
        answer = Answer(
            hide_known(_storable(transfer.text), self.api_base),
            prompt.tokens,
            tokens,
            sum(prices) if any(prices) else None,
            seconds,
            truncated=not timed_out and failure.passing,
        )
        cost = f"{failure.error} (given up after {seconds:.0f} s and about {prompt.tokens + tokens} tokens)"
        return TimedOutError(cost, answer) if timed_out else UnusableAnswerError(str(failure.error), answer)

    def _prices(self, prompt_tokens: int, answer_tokens: int) -> tuple[float, float]:
        try:
            prompt_usd, answer_usd = _import_litellm().cost_per_token(self.name, prompt_tokens, answer_tokens)
        except Exception:  # noqa: BLE001 - litellm raises a plain Exception for a model without a price
            return 0.0, 0.0
        return float(prompt_usd), float(answer_usd)

    def _pause(self, failure: FailedAttempt, attempt: int) -> None:
        delay = failure.retry_after_s
        if delay is None:
            delay = min(_MAX_DELAY_S, 2.0**attempt) * random.uniform(0.5, 1.0)  # noqa: S311 - it spreads retries
        if delay >= self.seconds_left():
            raise BudgetExhausted("seconds", f"the time budget ends before {self.name} can be asked again")
        self.sleep(delay)


def _import_litellm() -> Any:
    # litellm reads these at import: the price table comes from the package and not from the network, and no .env file
    # of a parent folder is loaded, which could send the user's key to an address of its own.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    try:
        import litellm
    except ImportError:  # an installation without it, see docs/pre-commit.md
        raise ModelError("language models need a package that is not installed: pip install litellm") from None
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
    return litellm


def _messages(prompt: Prompt, accepted: Accepted) -> list[dict[str, Any]]:
    if not prompt.system:
        return [{"role": "user", "content": _content(prompt.user, prompt)}]
    if not accepted.system:
        return [{"role": "user", "content": _content(f"{prompt.system}\n\n{prompt.user}", prompt)}]
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": _content(prompt.user, prompt)}]


def _content(text: str, prompt: Prompt) -> str | list[dict[str, Any]]:
    """Return the user's text, followed by the images where there are any."""
    if not prompt.images:
        return text
    images = [{"type": "image_url", "image_url": {"url": image.url}} for image in prompt.images]
    return [{"type": "text", "text": text}, *images]


def _storable(text: str) -> str:
    """Return a text without halves of surrogate pairs, which JSON may contain, but which cannot be stored or sent."""
    return text.encode("utf-8", "replace").decode()


def _read(response: Any, prompt: Prompt, model: LiteLLMModel, seconds: float, most_chars: int) -> Answer:
    name = model.name
    choice = response.choices[0] if response.choices else None
    written = (choice.message.content or _arguments(choice.message) or "") if choice else ""
    written = _storable(written)
    text = without_reasoning(written)
    finish = choice.finish_reason if choice else ""
    usage = getattr(response, "usage", None)
    answer = Answer(
        # Cut, because a server that knows no limit would fill our memory and its next prompt.
        text=hide_known(text[:most_chars], model.api_base),
        # Some local servers count no tokens.
        prompt_tokens=getattr(usage, "prompt_tokens", 0) or prompt.tokens,
        completion_tokens=getattr(usage, "completion_tokens", 0) or estimate_tokens(written),
        cost_usd=response._hidden_params.get("response_cost"),
        seconds=seconds,
        truncated=finish == "length" or len(written) > most_chars,
    )
    if choice is None:
        raise UnusableAnswerError(f"{name} sent an answer without choices; does the server speak OpenAI's API?", answer)
    refusal = (getattr(choice.message, "provider_specific_fields", None) or {}).get("refusal")
    if finish == "content_filter" or (refusal and not text.strip()):
        raise UnusableAnswerError(f"{name} refused to answer: a content filter or the model itself declined", answer)
    if not text.strip() and answer.truncated:
        raise UnusableAnswerError(f"{name} reached its limit of tokens before it wrote an answer", answer)
    reasoned = written.strip() or (choice.message and getattr(choice.message, "reasoning_content", None))
    if not text.strip() and reasoned:
        raise UnusableAnswerError(f"{name} sent its reasoning and no answer", answer)
    if not text.strip():
        raise UnusableAnswerError(f"{name} sent an empty answer", answer)
    return answer


def _arguments(message: Any) -> str:
    """Return the arguments of a tool call, where the model writes its answer as one."""
    calls = getattr(message, "tool_calls", None) or []
    return "\n".join(call.function.arguments for call in calls if getattr(call.function, "arguments", None))
