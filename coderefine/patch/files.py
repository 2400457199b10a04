"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from coderefine.errors import UsageError


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step, keeping its mode and following links; raises UsageError where it cannot.

    What is no regular file, such as /dev/stdout or a named pipe, is written to and never replaced.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        try:
            target.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from None
        return
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o644
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None
