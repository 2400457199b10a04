"""Unpacks a folder from a zip file, as judges and sites hand it out (Kattis' .zip and .kpp, GitHub's downloads).

Guarantees: it is unpacked into a folder of its own, which is removed afterwards; nothing is written outside of it;
memory and disk use are bounded, whatever the file claims. Links are left out.
"""

from __future__ import annotations

import io
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from coderefine.errors import UsageError

MAX_FILES = 50_000
MAX_BYTES = 512 << 20
"""The most bytes of all files of an archive, unpacked."""
MAX_DIRECTORY_BYTES = 8 << 20
"""The most bytes of an archive's list of files; in memory it takes about ten times as much."""
_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 20
_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The other methods are rare, and take as much memory as a file asks for."""
_LEFT_OUT = "__MACOSX"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, IndexError, NotImplementedError, OverflowError, ValueError,
)  # fmt: skip
"""What Python raises for files that are no valid archives."""


def is_one(path: Path) -> bool:
    """Whether a file is a zip file, judged by its first bytes."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _STARTS
    except OSError:
        return False


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Path, int]]:
    """Unpack a zip file; yield the folder, which is named after the file, and how many links were left out.

    Raises UsageError for a file that is no zip file, or exceeds a limit.
    """
    with tempfile.TemporaryDirectory(prefix="coderefine-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve() / (path.stem or "set")
        folder.mkdir()
        try:
            with _Reader(path) as file, zipfile.ZipFile(file) as archive:
                links = _unpack(archive, folder)
        except _BROKEN as error:  # UnicodeDecodeError is among them
            raise UsageError(f"{path} cannot be unpacked: {' '.join(str(error).split())[:200] or 'broken'}") from None
        except OSError as error:
            raise UsageError(f"{path} cannot be unpacked: {error.strerror or error}") from None
        yield folder, links


class _Reader(io.FileIO):
    """A file that refuses single reads larger than an archive's list of files may be."""

    def read(self, size: int | None = -1, /) -> bytes:
        most = MAX_DIRECTORY_BYTES + 1
        data = super().read(most if size is None or size < 0 else min(size, most)) or b""
        if len(data) == most:
            raise zipfile.BadZipFile(f"its list of files is longer than {MAX_DIRECTORY_BYTES >> 20} MiB")
        return data


def _unpack(archive: zipfile.ZipFile, folder: Path) -> int:
    files = [it for it in archive.infolist() if not it.is_dir()]
    members = [it for it in files if not _is_link(it)]
    if len(files) > MAX_FILES:
        raise zipfile.BadZipFile(f"it holds more than {MAX_FILES:,} files")
    left = MAX_BYTES
    for member in members:
        place = _place(member)
        if place.parts[0] == _LEFT_OUT:
            continue
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
            raise zipfile.BadZipFile(f"{place} is encrypted, or packed by another method than deflate")
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, target.open("xb") as file:
            while chunk := packed.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise zipfile.BadZipFile(f"it expands to more than {MAX_BYTES >> 20} MiB")
                file.write(chunk)
    return len(files) - len(members)


def _is_link(member: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _place(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of a file below the folder; raises BadZipFile where it leads outside."""
    place = PurePosixPath(member.filename.replace("\\", "/"))
    if place.is_absolute() or not place.parts or ".." in place.parts or ":" in place.parts[0]:
        raise zipfile.BadZipFile(f"{member.filename[:80]!r} leads out of it")
    return place
