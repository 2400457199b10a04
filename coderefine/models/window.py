"""The lengths of prompts that models accept, from the table of models in litellm's package.

The table is read as a data file: importing litellm for it would take seconds, before the first call, or where no call
follows.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

DEFAULT_TOKENS = 8192
"""The window of a model that is not in the table; small servers have at least that."""
ANSWER_TOKENS = 4096
"""Tokens left for the answer, where prompt and answer share a window."""
DEFAULT_PROMPT_TOKENS = DEFAULT_TOKENS - ANSWER_TOKENS
_TABLE = "model_prices_and_context_window_backup.json"


def prompt_tokens(name: str, context_tokens: int | None = None, answer_tokens: int | None = None) -> int:
    """Return about how many tokens a prompt to the model of that litellm name may have, without the answer.

    `context_tokens` is the window that the user states, `answer_tokens` the length of answers.
    """
    window = context_tokens or window_tokens(name) or DEFAULT_TOKENS
    return window - min(answer_tokens or ANSWER_TOKENS, window // 2)


def window_tokens(name: str) -> int | None:
    """Return how many tokens the model reads, prompt and answer together; None where litellm does not know."""
    table = _table()
    # A provider in front, such as `openai/`, may be a part of the key or not.
    for key in (name, name.partition("/")[2]):
        entry = table.get(key)
        tokens = entry.get("max_input_tokens") or entry.get("max_tokens") if isinstance(entry, dict) else None
        if isinstance(tokens, int) and tokens > 0:
            return tokens
    return None


def _table() -> dict[str, object]:
    spec = find_spec("litellm")  # finds the package without importing it
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        try:
            table = json.loads((Path(folder) / _TABLE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return table if isinstance(table, dict) else {}
    return {}
