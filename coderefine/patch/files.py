"""Writes files completely or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from coderefine.errors import unwritable


def write_whole(path: Path, text: str | bytes) -> None:
    """Replace a file in one step, keeping its mode and following links; raises CoderefineError where that fails.

    A path that is not a regular file, such as /dev/stdout or a named pipe, is written to and never replaced; so is a
    file with another name, by a hard link.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    target = path.resolve()
    try:
        found = target.stat() if target.exists() else None
        if found and (not target.is_file() or found.st_nlink > 1):
            target.write_bytes(data)
            return
    except OSError as error:
        raise unwritable(path, error) from None
    mode = found.st_mode & 0o7777 if found else 0o644
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            if found:
                with suppress(OSError):  # only a user who may, such as root, can give it back to its owner
                    os.chown(temporary, found.st_uid, found.st_gid)
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise unwritable(path, error) from None
