"""Opens our own client for servers that speak OpenAI's protocol, which litellm then uses in place of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from coderefine.models.server import Accepted
from coderefine.models.transfer import Transfer

if TYPE_CHECKING:
    from openai import OpenAI


def open_client(
    litellm: Any, name: str, api_base: str | None, api_key: str | None, transfer: Transfer, accepted: Accepted
) -> OpenAI | None:
    """Return a client for one request, which the caller closes; None for providers with another protocol."""
    try:
        _, provider, key, base = litellm.get_llm_provider(name, api_base=api_base, api_key=api_key)
    except Exception:  # noqa: BLE001 - litellm raises its own for an unknown name, and will again
        return None
    key = key or litellm.api_key or litellm.openai_key or os.environ.get("OPENAI_API_KEY")
    if provider != "openai" or not key:
        return None
    from openai import OpenAI

    from coderefine.models.chat_client import ChatClient

    base = base or litellm.api_base or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
    transfer.stream, transfer.stream_usage = accepted.stream, accepted.stream_usage
    return OpenAI(api_key=key, base_url=base or None, http_client=ChatClient(transfer), max_retries=0)
