"""Something in a program that makes no sense."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding in a program. `key` identifies it, and is the same in two programs that both have it."""

    key: str
    words: str
    line: int
