"""Names of models: a name says which model; the address of its server is another option, never a part of the name."""

from __future__ import annotations

import re

from coderefine.errors import UsageError

_NAME = re.compile(r"[^\W_][\w.+@=~:-]*(?:/[\w.+@=~-][\w.+@=~:-]*)*")
"""Words between single slashes. litellm takes some providers' names that look like an address for one."""
_SCHEME = re.compile(r"(?:^|/)[a-z][a-z0-9+.-]*:(?:/|$)|https?", re.IGNORECASE)
_MAX_CHARS = 200


def check_name(name: str) -> str:
    """Return a name unchanged; raises UsageError for one that is, or contains, an address."""
    if len(name) > _MAX_CHARS or not _NAME.fullmatch(name) or _SCHEME.search(name):
        shown = name if len(name) <= _MAX_CHARS else f"{name[:_MAX_CHARS]}..."
        raise UsageError(
            f"{shown!r} is no model's name: write PROVIDER/MODEL, such as openai/gpt-4o-mini; "
            "the address of a server goes into --api-base"
        )
    return name
