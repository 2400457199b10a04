"""How a run ended early, as data, so that a replay ends in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from coderefine.budget import Meter
from coderefine.errors import BudgetExhausted, CoderefineError


def ending_of(error: BaseException) -> dict[str, str]:
    """Return an exception as JSON-ready data."""
    if isinstance(error, BudgetExhausted):
        return {"kind": "BudgetExhausted", "limit": error.limit, "message": str(error)}
    if isinstance(error, KeyboardInterrupt):
        return {"kind": "KeyboardInterrupt", "message": "interrupted"}
    # The nearest class whose constructor takes only a message.
    kinds = (kind for kind in type(error).__mro__ if issubclass(kind, CoderefineError) and "__init__" not in vars(kind))
    kind = next(kinds, CoderefineError)
    return {"kind": kind.__name__, "message": str(error) or type(error).__name__}


def raise_ending(ending: dict[str, str], meter: Meter | None = None) -> NoReturn:
    """Raise the exception given to `ending_of`, or the nearest class of ours; a spent budget is that of `meter`."""
    if ending["kind"] == "BudgetExhausted":
        error = BudgetExhausted(ending["limit"], ending["message"])
        error.meter = meter
        raise error
    if ending["kind"] == "KeyboardInterrupt":
        raise KeyboardInterrupt
    raise next((kind for kind in _kinds(CoderefineError) if kind.__name__ == ending["kind"]), CoderefineError)(
        ending["message"]
    )


def _kinds(kind: type[CoderefineError]) -> Iterator[type[CoderefineError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)
