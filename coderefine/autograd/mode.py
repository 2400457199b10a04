"""Whether computations are recorded; as in torch, `no_grad` holds for a block and for nothing outside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The state belongs to the context, not to the process: other threads and tasks go on recording meanwhile.
_recording: ContextVar[bool] = ContextVar("recording", default=True)


def recording() -> bool:
    """Return whether a variable made now keeps its predecessors."""
    return _recording.get()


@contextmanager
def no_grad() -> Iterator[None]:
    """Within the block, or the decorated function, variables keep no history, so no gradient passes through them."""
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)
