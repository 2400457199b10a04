"""Applies a patch to the working tree, as a formatter applies its changes, and never to the index.

The user's own edits stay. Where they are in the same place as the patch, the file is left alone.
"""

from __future__ import annotations

import codecs
import tempfile
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.hook.git import merged
from coderefine.outside import decode_python, encode_python
from coderefine.patch.files import write_whole


def apply(root: Path, name: str, before: str, after: str) -> bool:
    """Make the change from `before` to `after` in a file below a folder; return whether it was made.

    A file is left alone that is missing, is reached by a link, is not text, or was edited in the same place.
    """
    path = root / name
    if not path.is_file() or path.resolve() != root.resolve() / name:
        return False
    try:
        data = path.read_bytes()
        current = decode_python(data)
    except (OSError, UnicodeDecodeError):
        return False
    if "\r\n" in current and "\r\n" not in before:  # git may give the working tree other line ends
        before, after = before.replace("\n", "\r\n"), after.replace("\n", "\r\n")
    with tempfile.TemporaryDirectory(prefix="coderefine-") as scratch:
        found = merged(Path(scratch), *(text.encode() for text in (current, before, after)))
    if found is None:
        return False
    if found != current.encode():
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        try:
            write_whole(path, mark + encode_python(found.decode("utf-8")))
        except UsageError:
            return False
    return True
