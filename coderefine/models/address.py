"""Addresses of servers, without their secrets."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from coderefine.models.litellm_errors import redact


def public_address(api_base: str | None) -> str | None:
    """Return a server's address without what may be secret in it: user, password, query."""
    if api_base is None:
        return None
    parts = urlsplit(api_base)
    return redact(urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")))
