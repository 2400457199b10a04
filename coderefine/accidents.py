"""Accidents: what nobody meant to raise, in a part of the work that must not cost the rest of it.

Whoever does such a part does it within `Accidents.survive`. What fails there is reported in one line, once for each
part: which part, what was raised and where, and what to send to whom. Ctrl-C and an exit asked for pass through.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coderefine.errors import Accident, CoderefineError

T = TypeVar("T")

_HERE = Path(__file__).parent
_LONGEST = 300
"""Characters of a message."""


class Accidents:
    """The accidents of one piece of work."""

    def __init__(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` is handed each line; that it fails as well is no further accident."""
        self.lines: list[str] = []
        self._tell = tell
        self._parts: set[str] = set()
        self._lock = threading.Lock()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def survive(self, part: str, then: str = "the rest goes on", *, but: type[Exception] | None = None) -> Survival:
        """Let no error out of a `with` block but those of one kind, raised on purpose; CoderefineError is all of them.

        `then` says what becomes of the work.
        """
        return Survival(self, part, then, but)

    @contextmanager
    def within(self, part: str, manager: AbstractContextManager[T]) -> Iterator[T]:
        """Enter a context manager; if nothing failed within the block, leaving it must not fail either."""
        entered = manager.__enter__()
        try:
            yield entered
        except BaseException as error:
            if not manager.__exit__(type(error), error, error.__traceback__):
                raise
        else:
            with self.survive(part):
                manager.__exit__(None, None, None)

    def note(self, part: str, error: BaseException, then: str) -> None:
        """Tell of an error, unless one of that part was told."""
        with self._lock:
            if part in self._parts:
                return
            self._parts.add(part)
            self.lines.append(f"{part} failed; {then}: {describe(error)}")
        with suppress(Exception):
            self._tell(self.lines[-1])


@dataclass(frozen=True, slots=True)
class Survival:
    """A context manager around a part of the work."""

    accidents: Accidents
    part: str
    then: str
    but: type[Exception] | None

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Exception):
            return False  # Ctrl-C and the like keep their meaning
        if self.but and isinstance(error, self.but) and not isinstance(error, Accident):
            return False
        self.accidents.note(self.part, error, self.then)
        return True


def describe(error: BaseException) -> str:
    """Return an error in one line: a deliberate one says it all, of others the type, the place and what to send."""
    said = text_of(error)
    if isinstance(error, CoderefineError):
        return said
    what = f"{type(error).__name__} in {_place(error)}" + (f": {said}" if said else "")
    return f"{what}; please report this line to the authors of coderefine, with the problem and the program"


def text_of(error: BaseException) -> str:
    """Return what an error says, in one line that is not too long."""
    try:
        said = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - whoever wrote the error's text may be wrong, too
        said = "its text cannot be had"
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."


def _place(error: BaseException) -> str:
    """The innermost place in this package, and the innermost of all where that is another."""
    places = [(Path("nowhere"), "0")]
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append((Path(code.co_filename), f"{trace.tb_lineno} ({code.co_name})"))
        trace = trace.tb_next
    path, line = places[-1]
    if path.is_relative_to(_HERE):
        return f"{path.relative_to(_HERE)}:{line}"
    ours = [f"{path.relative_to(_HERE)}:{line}" for path, line in places if path.is_relative_to(_HERE)]
    return ", ".join([*(f"{path.name}:{line}",), *(f"called in {place}" for place in ours[-1:])])
