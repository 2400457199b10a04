"""Something in a program that makes no sense."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found. `key` tells it from others, and is the same in two programs that both have it."""

    key: str
    words: str
    line: int
