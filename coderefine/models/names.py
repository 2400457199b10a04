"""Names of models. A name says which model; where it is asked is another option, and never a part of the name."""

from __future__ import annotations

import re

from coderefine.errors import UsageError

_NAME = re.compile(r"[^\W_][\w.+@=~:-]*(?:/[\w.+@=~-][\w.+@=~:-]*)*")
"""Words between single slashes. litellm takes what looks like an address in some providers' names for one."""
_SCHEME = re.compile(r"(?:^|/)[a-z][a-z0-9+.-]*:(?:/|$)|https?", re.IGNORECASE)
_MAX_CHARS = 200


def check_name(name: str) -> str:
    """Return a name as it is; raises UsageError for one that is, or holds, an address."""
    if len(name) > _MAX_CHARS or not _NAME.fullmatch(name) or _SCHEME.search(name):
        shown = name if len(name) <= _MAX_CHARS else f"{name[:_MAX_CHARS]}..."
        raise UsageError(
            f"{shown!r} is no model's name: write PROVIDER/MODEL, such as openai/gpt-4o-mini; "
            "the address of a server goes into --api-base"
        )
    return name
