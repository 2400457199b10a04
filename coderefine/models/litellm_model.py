"""Any model that litellm knows, and any server that speaks OpenAI's protocol (`openai/NAME` with an `api_base`).

litellm takes seconds to import, so that is left to the first call. It is kept quiet and offline: no price table is
fetched and no .env file is read. Retries are our own, because litellm's need a package that it does not install.
"""

from __future__ import annotations

import logging
import math
import os
import random
import time
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from coderefine.budget import Ceiling
from coderefine.errors import BudgetExhausted
from coderefine.models.deadline import within
from coderefine.models.litellm_errors import Failure, missing_keys, translate
from coderefine.models.model import Answer, Prompt, UnusableAnswerError, estimate_tokens, most_tokens
from coderefine.models.secrets import hide_known

_MAX_DELAY_S = 30.0
_MOST_CHARS_PER_TOKEN = 64  # more than any tokenizer makes of anything but white space
_GRACE_S = 1.0  # litellm's own time-out comes first: its errors say more


@dataclass(frozen=True, slots=True)
class LiteLLMModel:
    """A model by its litellm name, such as `openai/gpt-4o-mini`."""

    name: str
    _: KW_ONLY
    api_base: str | None = None
    """Address of a server other than the provider's, such as `http://localhost:8000/v1`."""
    temperature: float = 0.0
    sampling_temperature: float = 0.8
    """Of the second and further samples of a prompt."""
    max_tokens: int = 4096
    """Of an answer."""
    timeout_s: float = 120.0
    """Of one attempt."""
    retries: int = 3
    """How often an attempt that failed for a passing reason is repeated."""
    sleep: Callable[[float], None] = time.sleep
    seconds_left: Callable[[], float] = lambda: math.inf
    """Of the time budget: no attempt and no pause outlasts it."""

    @property
    def parameters(self) -> dict[str, Any]:
        """What decides an answer besides the prompt."""
        return {
            "temperature": self.temperature,
            "sampling_temperature": self.sampling_temperature,
            "max_tokens": self.max_tokens,
        }

    def ceiling(self, prompt: Prompt) -> Ceiling:
        """Return the most that a call can cost; its price is 0 where it is not known."""
        prompt_tokens = most_tokens(prompt.system) + most_tokens(prompt.user)
        try:
            prices = _import_litellm().cost_per_token(self.name, prompt_tokens, self.max_tokens)
        except Exception:  # noqa: BLE001 - litellm raises a plain Exception for a model without a price
            prices = (0.0, 0.0)
        return Ceiling(prompt_tokens, self.max_tokens, *prices)

    def complete(self, prompt: Prompt) -> Answer:
        """Answer a prompt; raises ModelError, UsageError for an unknown name, BudgetExhausted where time runs out."""
        litellm = _import_litellm()
        from openai import OpenAIError  # the base of litellm's errors

        for attempt in range(self.retries + 1):
            started = time.monotonic()
            try:
                response = self._call(litellm, prompt)
            except (OpenAIError, TimeoutError) as error:
                failure = translate(litellm, error, self.name, self.api_base)
            else:
                most_chars = self._max_tokens(prompt) * _MOST_CHARS_PER_TOKEN
                return _read(response, prompt, self, time.monotonic() - started, most_chars)
            # Nothing is chained: tracebacks of clients hold headers.
            if not failure.passing or attempt == self.retries:
                raise failure.error from None
            self._pause(failure, attempt)
        raise AssertionError("the last attempt returns or raises")

    def _call(self, litellm: Any, prompt: Prompt) -> Any:
        timeout = max(0.1, min(self.timeout_s, self.seconds_left()))
        options: dict[str, Any] = {"api_base": self.api_base} if self.api_base else {}
        if self.api_base and any(key.endswith("_API_KEY") for key in missing_keys(litellm, self.name)):
            options["api_key"] = "none"  # clients insist on one, where local servers want none
        messages = [{"role": "system", "content": prompt.system}] if prompt.system else []
        return within(
            timeout + _GRACE_S,
            lambda: litellm.completion(
                model=self.name,
                messages=[*messages, {"role": "user", "content": prompt.user}],
                temperature=self.sampling_temperature if prompt.sample else self.temperature,
                max_tokens=self._max_tokens(prompt),
                drop_params=True,  # reasoning models refuse a temperature
                timeout=timeout,
                num_retries=0,
                max_retries=0,
                **options,
            ),
        )

    def _max_tokens(self, prompt: Prompt) -> int:
        return min(self.max_tokens, prompt.max_tokens or self.max_tokens)

    def _pause(self, failure: Failure, attempt: int) -> None:
        delay = failure.retry_after_s
        if delay is None:
            delay = min(_MAX_DELAY_S, 2.0**attempt) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries
        if delay >= self.seconds_left():
            raise BudgetExhausted("seconds", f"the time budget ends before {self.name} can be asked again")
        self.sleep(delay)


def _import_litellm() -> Any:
    # Read by litellm at import: the price table comes from the package, not from the network, and no .env file of
    # the folder above is loaded, which could send the user's key to an address of its own.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    import litellm

    litellm.suppress_debug_info = True
    litellm.telemetry = False
    logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
    return litellm


def _read(response: Any, prompt: Prompt, model: LiteLLMModel, seconds: float, most_chars: int) -> Answer:
    name = model.name
    choice = response.choices[0] if response.choices else None
    # Half a surrogate pair, which JSON may spell, can be neither stored nor sent on.
    text = (choice.message.content or "").encode("utf-8", "replace").decode() if choice else ""
    finish = choice.finish_reason if choice else ""
    usage = getattr(response, "usage", None)
    answer = Answer(
        # Cut, as a server that knows no limit would fill our memory and its next prompt.
        text=hide_known(text[:most_chars], model.api_base),
        # Some local servers count nothing.
        prompt_tokens=getattr(usage, "prompt_tokens", 0) or prompt.tokens,
        completion_tokens=getattr(usage, "completion_tokens", 0) or estimate_tokens(text),
        cost_usd=response._hidden_params.get("response_cost"),
        seconds=seconds,
        truncated=finish == "length" or len(text) > most_chars,
    )
    if choice is None:
        raise UnusableAnswerError(f"{name} sent an answer without choices; does the server speak OpenAI's API?", answer)
    refusal = (getattr(choice.message, "provider_specific_fields", None) or {}).get("refusal")
    if finish == "content_filter" or (refusal and not text.strip()):
        raise UnusableAnswerError(f"{name} refused to answer: a content filter or the model itself declined", answer)
    if not text.strip() and answer.truncated:
        raise UnusableAnswerError(f"{name} reached its limit of tokens before it wrote an answer", answer)
    if not text.strip():
        raise UnusableAnswerError(f"{name} sent an empty answer", answer)
    return answer
