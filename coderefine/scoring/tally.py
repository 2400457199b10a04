"""Faults and notes that many rows share, reported once for each kind with a count."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence

from coderefine.formats.record import Fault

_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
"""The parts that differ between faults of one kind: quoted text, and numbers."""


_PACKAGES = {
    "PIL": "pillow", "bs4": "beautifulsoup4", "cv2": "opencv-python-headless", "sklearn": "scikit-learn",
    "skimage": "scikit-image", "yaml": "pyyaml", "docx": "python-docx", "dateutil": "python-dateutil",
    "Crypto": "pycryptodome", "Levenshtein": "levenshtein", "mpl_toolkits": "matplotlib",
}  # fmt: skip
"""Packages whose modules have another name."""


def packages(modules: Iterable[str]) -> str:
    """Return the packages that contain these modules, in the form of --packages."""
    return ",".join(sorted({_PACKAGES.get(name, name) for name in modules}))


class Tally:
    """Faults and notes by kind; used from several threads."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], tuple[str, int]] = {}
        self._lacking: dict[str, int] = {}
        self._rows_lacking: list[str] = []
        self._lock = threading.Lock()
        self.faults = 0
        """How many rows could not be read."""

    def fault(self, fault: Fault) -> None:
        """Add a row that could not be read."""
        self.faults += 1
        self._add((fault.file, _PARTICULAR.sub("*", fault.reason)), str(fault))

    def note(self, text: str, where: str) -> None:
        """Add a note on what was left out of a row."""
        self._add(("", _PARTICULAR.sub("*", text)), f"{where}: {text}")

    def lacking(self, modules: Sequence[str], where: str) -> int:
        """Add a row that is not scored because its sandbox lacks modules; return how many such rows there are
        so far.
        """
        self.faults += 1
        with self._lock:
            self._rows_lacking.append(where)
            for name in modules:
                self._lacking[name] = self._lacking.get(name, 0) + 1
            return len(self._rows_lacking)

    def _add(self, kind: tuple[str, str], text: str) -> None:
        with self._lock:
            first, count = self._kinds.get(kind, (text, 0))
            self._kinds[kind] = first, count + 1

    def tell(self, warn: Callable[[str], None]) -> None:
        """Report what was added since the last time: the first of each kind, and how many more there are."""
        with self._lock:
            kinds, self._kinds = self._kinds, {}
            lacking, self._lacking = self._lacking, {}
            where, self._rows_lacking = self._rows_lacking, []
        for first, count in kinds.values():
            warn(first if count == 1 else f"{first}, and {count - 1:,} more like it")
        if lacking:
            rows = where[0] if len(where) == 1 else f"{where[0]} and {len(where) - 1:,} more"
            each = ", ".join(f"{name} ({count})" for name, count in sorted(lacking.items(), key=lambda it: -it[1]))
            warn(f"{rows} need modules that the sandbox does not have: {each}; try: --packages {packages(lacking)}")
