"""Ctrl-C: where it ends the work at once, and where it waits until nothing can be lost or left half done.

While an `uninterrupted` function runs in the main thread, Ctrl-C waits until the function returns, or for `check`. A
function that it calls and that is `interruptible`, such as a wait for a sandbox or a server, ends at once. The third
Ctrl-C ends everything at any point. Only Python's own handler of SIGINT is replaced, and restored at the end: a program
with a handler of its own is left alone.
"""

from __future__ import annotations

import functools
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_INSISTS = 3
"""This many Ctrl-C while it waits raise KeyboardInterrupt at once."""


def hold(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, bool]:
    """Have Ctrl-C wait while `call` runs; return its result, and whether Ctrl-C was pressed and is due now.

    It is not due where it has to wait for another call further up the stack.
    """
    installed = signal.getsignal(signal.SIGINT) if _is_main() else None
    if isinstance(installed, _Handler):
        result = call(*args, **kwargs)
        return result, installed.waiting > 0 and not _is_held(sys._getframe().f_back) and _take()
    if installed is not signal.default_int_handler:
        return call(*args, **kwargs), False
    handler = _Handler()
    signal.signal(signal.SIGINT, handler)
    try:
        result = call(*args, **kwargs)
    except BaseException:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if handler.waiting:
            raise KeyboardInterrupt from None
        raise
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return result, handler.waiting > 0


def uninterrupted(call: Callable[P, T]) -> Callable[P, T]:
    """Have Ctrl-C wait while `call` runs; it is raised after `call` has returned, or in an `interruptible` function."""

    @functools.wraps(call)
    def held(*args: P.args, **kwargs: P.kwargs) -> T:
        result, waits = hold(call, *args, **kwargs)
        if waits:
            raise KeyboardInterrupt
        return result

    return held


def interruptible(call: Callable[P, T]) -> Callable[P, T]:
    """Have Ctrl-C end `call`, a Python function, at once, even within an `uninterrupted` function.

    A result that it has returned is not lost.
    """

    @functools.wraps(call)
    def opened(*args: P.args, **kwargs: P.kwargs) -> T:
        return call(*args, **kwargs)

    return opened


@interruptible
def sleep(seconds: float) -> None:
    """Sleep for some seconds, or until Ctrl-C."""
    time.sleep(seconds)


def check() -> None:
    """Raise KeyboardInterrupt if Ctrl-C waits."""
    if _take():
        raise KeyboardInterrupt


def waits() -> bool:
    """Return whether Ctrl-C was pressed and waits for this thread."""
    handler = signal.getsignal(signal.SIGINT)
    return isinstance(handler, _Handler) and handler.waiting > 0 and _is_main()


def _take() -> bool:
    """Return whether Ctrl-C was waiting; then it no longer is."""
    handler = signal.getsignal(signal.SIGINT)
    if not isinstance(handler, _Handler) or not waits():
        return False
    handler.waiting = 0
    return True


class _Handler:
    """The handler of SIGINT while an uninterrupted function runs."""

    def __init__(self) -> None:
        self.waiting = 0
        """How many signals wait."""

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.waiting += 1
        if self.waiting >= _INSISTS or not _is_held(frame):
            self.waiting = 0
            raise KeyboardInterrupt


def _is_held(frame: FrameType | None) -> bool:
    """Whether the innermost marked function on the stack is an uninterrupted one, or has not begun yet."""
    if frame is not None and frame.f_code is _HELD:
        frame = frame.f_back
    if frame is not None and frame.f_code is _OPENED:  # the call has not begun, or it has returned
        return True
    while frame is not None:
        if frame.f_code is hold.__code__:
            return True
        if frame.f_code is _OPENED:
            return False
        frame = frame.f_back
    return False


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


# All wrappers of a kind share their code, which identifies them on the stack.
_HELD = uninterrupted(lambda: None).__code__
_OPENED = interruptible(lambda: None).__code__
