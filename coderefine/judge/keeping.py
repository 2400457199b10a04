"""What a report keeps of answers: small ones whole, of large ones the beginning.

An answer may take as much memory as the judge allows, and a run has hundreds. So it is cut as soon as it has been
compared. `CaseResult.got_cut` then describes the whole answer, in the same words for the same answer.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from coderefine.judge.report import CaseResult
from coderefine.problem import values

WHOLE_BYTES = 1 << 20
"""Up to how many bytes of memory an answer is kept whole."""
TOTAL_BYTES = 16 << 20
"""Up to how many bytes of memory all answers of a report are kept whole."""
ITEMS, CHARS, MEMBERS = 200, 4096, 1000
"""How many items are kept of a container that is cut, how many characters of a text, and how many values in all."""
_FEW = 20
_INT_BITS = 8 * CHARS
_SMALL = 1024


class Keeper:
    """Cuts the answers of one report, in order."""

    def __init__(self) -> None:
        self._left = TOTAL_BYTES

    def keep(self, result: CaseResult, message: bytes) -> CaseResult:
        """Return the result with as much of its answer as is kept; `message` is what the answer was read from."""
        if not result.answered:
            return result
        size = len(message) if len(message) < _SMALL else values.weight(message)
        if size <= min(WHOLE_BYTES, self._left):
            self._left -= size
            return result
        return cut(result, message)


def cut(result: CaseResult, message: bytes) -> CaseResult:
    """Return the result with only the beginning of its answer."""
    digest = hashlib.sha256(message).hexdigest()[:16]
    length = f"{len(result.got)} items or characters, " if hasattr(result.got, "__len__") else ""
    note = f"cut: {length}{len(message)} bytes in all, sha256 {digest}"
    return replace(result, got=beginning(result.got), got_cut=note)


def beginning(value: Any) -> Any:
    """Return a value of the same type with the first members of its containers."""
    return _beginning(value, [MEMBERS])


def _beginning(value: Any, left: list[int]) -> Any:
    left[0] -= 1
    if isinstance(value, dict):
        pairs = zip(value.items(), range(ITEMS), strict=False)
        return {key: _beginning(item, left) for (key, item), _ in pairs if left[0] > 0 and _is_short(key)}
    if isinstance(value, (list, tuple, set, frozenset)):
        members = zip(value, range(ITEMS), strict=False)
        hashed = isinstance(value, (set, frozenset))
        return type(value)(
            item if hashed else _beginning(item, left)
            for item, _ in members
            if left[0] > 0 and (not hashed or _is_short(item))
        )
    if isinstance(value, (str, bytes)):
        return value[:CHARS]
    if isinstance(value, int) and value.bit_length() > _INT_BITS:
        return value >> (value.bit_length() - _INT_BITS)
    return value


def _is_short(value: Any) -> bool:
    """Whether a member that cannot be cut, because it is hashed, is short enough to be kept."""
    if isinstance(value, (tuple, frozenset)):
        return len(value) <= _FEW and all(_is_short(item) for item in value if not isinstance(item, (tuple, frozenset)))
    if isinstance(value, (str, bytes)):
        return len(value) <= ITEMS
    return not isinstance(value, int) or value.bit_length() <= _INT_BITS
