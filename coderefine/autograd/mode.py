"""Whether computations are recorded; as in torch, `no_grad` is on for a block and for nothing outside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Of the context, not of the process: another thread or task that computes meanwhile goes on recording.
_recording: ContextVar[bool] = ContextVar("recording", default=True)


def recording() -> bool:
    """Whether a variable made now keeps what it was computed from."""
    return _recording.get()


@contextmanager
def no_grad() -> Iterator[None]:
    """Within the block, or the function it decorates, variables keep no history, so no gradient passes them."""
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)
