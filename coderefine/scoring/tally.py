"""What there is to say of many rows alike, said once for each kind with a count."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from coderefine.formats.record import Fault

_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
"""What differs between faults of one kind: what is quoted, and numbers."""


class Tally:
    """Faults and notes by kind; asked from several threads."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], tuple[str, int]] = {}
        self._lock = threading.Lock()
        self.faults = 0
        """How many rows could not be read."""

    def fault(self, fault: Fault) -> None:
        """Take in a row that could not be read."""
        self.faults += 1
        self._add((fault.file, _PARTICULAR.sub("*", fault.reason)), str(fault))

    def note(self, text: str, where: str) -> None:
        """Take in what was left out of a row."""
        self._add(("", _PARTICULAR.sub("*", text)), f"{where}: {text}")

    def _add(self, kind: tuple[str, str], text: str) -> None:
        with self._lock:
            first, count = self._kinds.get(kind, (text, 0))
            self._kinds[kind] = first, count + 1

    def tell(self, warn: Callable[[str], None]) -> None:
        """Say what was taken in since the last time: the first of each kind, and how many more there are."""
        with self._lock:
            kinds, self._kinds = self._kinds, {}
        for first, count in kinds.values():
            warn(first if count == 1 else f"{first}, and {count - 1:,} more like it")
