"""Reads the files of a folder that a stranger may have written: only files within it, up to a limited size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coderefine.errors import ProblemError, UnreadableError
from coderefine.outside import MAX_TEXT_BYTES, decode, read_bytes


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; links that lead out of it, perhaps to private files, are only followed where the user says so."""

    path: Path
    follows_links: bool = False

    def inside(self, name: str | Path) -> Path:
        """Return the path of a file below the folder; raises ProblemError where links lead out of it, or nowhere."""
        path = self.path / name
        try:
            is_inside = self.follows_links or path.resolve().is_relative_to(self.path.resolve())
        except (OSError, RuntimeError, ValueError):  # ValueError: a NUL byte
            is_inside = False
        if not is_inside:
            expected = "expected no link that leads out of the folder; where you trust it: --follow-links"
            raise ProblemError(path, "", expected)
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise ProblemError(path, "", "expected a file")  # a pipe would be waited for
        return path

    def has(self, name: str | Path) -> bool:
        """Whether something of that name exists."""
        return self.inside(name).exists()

    def data(self, name: str | Path, most: int = MAX_TEXT_BYTES) -> bytes:
        """Return the content of a file; raises ProblemError."""
        path = self.inside(name)
        try:
            return read_bytes(path, most)
        except OSError as error:
            raise ProblemError(path, "", f"cannot be read: {error.strerror}") from None
        except UnreadableError as error:
            raise ProblemError(path, "", str(error)) from None

    def text(self, name: str | Path) -> str:
        """Return the text of a file with Unix line ends; raises ProblemError."""
        try:
            return decode(self.data(name)).replace("\r\n", "\n").replace("\r", "\n")
        except UnreadableError as error:
            raise ProblemError(self.path / name, "", str(error)) from None

    def optional(self, name: str | Path) -> str:
        """Return the text of a file, "" where it does not exist; raises ProblemError."""
        return self.text(name) if self.has(name) else ""
