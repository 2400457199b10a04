"""Turns litellm's exceptions into ours: what failed, what to do next, whether to try again, and never a secret."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from coderefine.errors import CoderefineError, ModelError, UsageError
from coderefine.models.model import ContextWindowError
from coderefine.models.secrets import public_address, redact
from coderefine.models.server import is_about_window

_LONGEST_WAIT_S = 60.0
_LONGEST_MESSAGE = 8000
_PASSING = {408, 409, 425, 429}
_REFUSED = {400, 413, 422}
_BUSY = {429, 503, 529}


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """A failed attempt."""

    error: CoderefineError
    passing: bool = False
    """Whether another attempt may succeed."""
    is_busy: bool = False
    """Whether the server is overloaded."""
    retry_after_s: float | None = None
    """How long the server asks to wait."""
    said: str = ""
    """The server's words, where it refused the request itself; else ""."""


def translate(litellm: Any, error: Exception, name: str, api_base: str | None) -> FailedAttempt:
    """Return what an exception of litellm, or our own TimeoutError, means."""
    said = brief(str(error), api_base)
    status = getattr(error, "status_code", None)
    where = f"{name} at {public_address(api_base)}" if api_base else name
    if "LLM Provider NOT provided" in str(error):
        return FailedAttempt(UsageError(_unknown_name(name)))
    words = "".join(_words(error))
    if isinstance(error, litellm.ContextWindowExceededError) or (status in _REFUSED and is_about_window(words)):
        told = f"the prompt is longer than {name} can read; choose a model with a larger context"
        return FailedAttempt(ContextWindowError(told), said=words)
    if isinstance(error, litellm.ContentPolicyViolationError):
        return FailedAttempt(ModelError(f"{name} refused to answer: {said}"))
    missing = missing_keys(litellm, name)
    if status in (401, 403) or (missing and re.search(r"credential|api[ _]key", str(error), re.IGNORECASE)):
        return FailedAttempt(ModelError(_no_access(litellm, name, where, missing, said)))
    if status == 404:
        return FailedAttempt(UsageError(f"{where}: not found; check the model's name and --api-base ({said})"))
    if isinstance(error, TimeoutError | litellm.Timeout):
        return FailedAttempt(ModelError(f"{where} did not answer in time; give it more with --timeout"), passing=True)
    if "Empty or invalid response from LLM endpoint" in str(error):
        return FailedAttempt(ModelError(f"{where} does not speak OpenAI's protocol; check --api-base ({said})"))
    if status in _PASSING or status is None or status >= 500:
        return _passing(error, ModelError(f"{where} failed: {said}"))
    return FailedAttempt(ModelError(f"{where} refused the request: {said}"), said=words)


def missing_keys(litellm: Any, name: str) -> list[str]:
    """Return the environment variables for the keys of the model's provider that are not set."""
    return [variable for variable in litellm.validate_environment(name)["missing_keys"] if "KEY" in variable]


def brief(text: str, api_base: str | None = None) -> str:
    """Return a remote error message as one line of at most 300 printable characters, without secrets."""
    text = redact(text.partition("Traceback (most recent call last)")[0][:_LONGEST_MESSAGE], api_base)
    text = "".join(char if char.isprintable() else " " for char in text)
    text = re.sub(r"^(litellm\.|[A-Z]\w*(Error|Exception)\b|[A-Z]\w*Exception - |[:\s-])+", "", " ".join(text.split()))
    return text if len(text) <= 300 else text[:300] + "..."


def _words(error: Exception) -> Iterator[str]:
    """Yield the server's words, from all exceptions that were made of them on the way."""
    yield str(error)[:_LONGEST_MESSAGE]
    body = getattr(error, "body", None)
    yield f" {json.dumps(body, default=str)[:_LONGEST_MESSAGE]}" if body else ""


def _passing(error: Exception, ours: ModelError) -> FailedAttempt:
    wait = _retry_after_s(getattr(error, "litellm_response_headers", None) or {})
    if wait is not None and wait > _LONGEST_WAIT_S:
        return FailedAttempt(ModelError(f"{ours}; it asks to wait for {wait:.0f} s"))
    is_busy = getattr(error, "status_code", None) in _BUSY
    return FailedAttempt(ours, passing=True, is_busy=is_busy, retry_after_s=wait)


def _retry_after_s(headers: Any) -> float | None:
    """Return the seconds of a Retry-After header, which gives seconds or a date (RFC 9110, section 10.2.3)."""
    text = headers.get("retry-after") or ""
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, IndexError, OverflowError, OSError):  # a server may send anything
        return None


def _unknown_name(name: str) -> str:
    last = name.rpartition("/")[2]
    return (
        f"no provider is known for the model {name!r}: write PROVIDER/MODEL, such as openai/gpt-4o-mini, "
        f"anthropic/claude-sonnet-4-5 or ollama/llama3, or openai/{last} with --api-base for a server of your own"
    )


def _no_access(litellm: Any, name: str, where: str, missing: list[str], said: str) -> str:
    if missing:
        return f"{where} wants a key: set {' or '.join(missing)} in the environment"
    provider = litellm.get_llm_provider(name)[1]
    return f"{where} refused access: check {provider.upper()}_API_KEY in the environment ({said})"
