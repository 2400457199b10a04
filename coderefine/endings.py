"""How a run ended before its time, as data: what it takes for a replay to end in the same way."""

from __future__ import annotations

from typing import NoReturn

from coderefine import errors
from coderefine.errors import BudgetExhausted, CoderefineError

_KINDS: dict[str, type[CoderefineError]] = {
    kind.__name__: kind for kind in (errors.UsageError, errors.ModelError, errors.JudgeError, errors.SandboxUnavailable)
}


def ending_of(error: BaseException) -> dict[str, str]:
    """Return an exception as JSON-ready data."""
    if isinstance(error, BudgetExhausted):
        return {"kind": "BudgetExhausted", "limit": error.limit, "message": str(error)}
    if isinstance(error, KeyboardInterrupt):
        return {"kind": "KeyboardInterrupt", "message": "interrupted"}
    names = [kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _KINDS]
    return {"kind": names[0] if names else "CoderefineError", "message": str(error) or type(error).__name__}


def raise_ending(ending: dict[str, str]) -> NoReturn:
    """Raise what `ending_of` was given, or the nearest class of ours."""
    if ending["kind"] == "BudgetExhausted":
        raise BudgetExhausted(ending["limit"], ending["message"])
    if ending["kind"] == "KeyboardInterrupt":
        raise KeyboardInterrupt
    raise _KINDS.get(ending["kind"], CoderefineError)(ending["message"])
