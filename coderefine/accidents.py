"""Accidents: unexpected errors in a part of the work that must not cost the rest of it.

Such a part runs within `Accidents.survive`. A failure there is reported in one line, once for each part: which part,
what was raised and where, and, of our own code, where to report it. Ctrl-C and a requested exit pass through.
"""

from __future__ import annotations

import sysconfig
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coderefine.errors import Accident, CoderefineError

T = TypeVar("T")

_HERE = Path(__file__).parent
_LONGEST = 300
"""The most characters of a message."""


class Accidents:
    """The accidents of one piece of work."""

    def __init__(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` is called with each line; an error in `tell` itself is ignored."""
        self.lines: list[str] = []
        self._tell = tell
        self._parts: set[str] = set()
        self._lock = threading.Lock()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def survive(self, part: str, then: str = "the rest goes on", *, but: type[Exception] | None = None) -> Survival:
        """Let only errors of one kind out of a `with` block, those raised on purpose (by default CoderefineError).

        `then` says how the work goes on.
        """
        return Survival(self, part, then, but)

    @contextmanager
    def within(self, part: str, manager: AbstractContextManager[T]) -> Iterator[T]:
        """Enter a context manager; if the block does not fail, leaving the manager must not fail either."""
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
        """Report an error, unless one of that part was reported."""
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
    """Return an error in one line: a deliberate one as it is, others with their type and place; of our own code, also
    where to report it.
    """
    said = text_of(error)
    if isinstance(error, CoderefineError):
        return said
    places = _places(error)
    what = f"{type(error).__name__} in {_innermost(places)}" + (f": {said}" if said else "")
    if not _is_ours(places):
        return what
    return f"{what}; please report this line to the authors of coderefine, with the problem and the program"


def text_of(error: BaseException) -> str:
    """Return an error's text, on one line and not too long."""
    try:
        said = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - the error's own text may fail, too
        said = "its text cannot be had"
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."


def _places(error: BaseException) -> list[tuple[Path, str]]:
    """Return the file, and the line with its function, of each call that the error came through, the innermost last."""
    places = [(Path("nowhere"), "0")]
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append((Path(code.co_filename), f"{trace.tb_lineno} ({code.co_name})"))
        trace = trace.tb_next
    return places


def _is_ours(places: Sequence[tuple[Path, str]]) -> bool:
    """Whether the innermost code that is no library's is this package's, and not an engine or an observer of a user."""
    kept = (path for path, _ in reversed(places) if path.is_relative_to(_HERE) or not _is_of_a_library(path))
    return next(kept, _HERE).is_relative_to(_HERE)


def _is_of_a_library(path: Path) -> bool:
    libraries = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return not path.is_absolute() or any(path.is_relative_to(folder) for folder in libraries)


def _innermost(places: Sequence[tuple[Path, str]]) -> str:
    """Return the innermost place in this package, and the innermost place of all if it is another."""
    path, line = places[-1]
    if path.is_relative_to(_HERE):
        return f"{path.relative_to(_HERE)}:{line}"
    ours = [f"{path.relative_to(_HERE)}:{line}" for path, line in places if path.is_relative_to(_HERE)]
    return ", ".join([*(f"{path.name}:{line}",), *(f"called in {place}" for place in ours[-1:])])
