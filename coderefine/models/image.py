"""Images as parts of a prompt, for models that take them."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from coderefine.errors import UsageError
from coderefine.outside import read_bytes

MAX_BYTES = 20 << 20
TOKENS = 1000
"""The approximate number of tokens of an image; providers count them by its size."""
_MEDIA_TYPE = re.compile(r"image/[a-z0-9][a-z0-9.+-]{0,60}")
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image that follows the text of a prompt."""

    data: bytes
    media_type: str = ""
    """For example `image/png`; where it is "", it is determined from the data."""

    def __post_init__(self) -> None:
        if not isinstance(self.data, bytes):
            raise TypeError(f"an image is bytes, not {type(self.data).__name__}; ImagePart.read takes a path")
        found = self.media_type or _media_type(self.data)
        if not found:
            raise UsageError("expected an image in PNG, JPEG, GIF or WebP; give its media_type otherwise")
        # it becomes part of a URL unchanged
        if not (self.data and isinstance(found, str) and _MEDIA_TYPE.fullmatch(found)):
            raise UsageError("expected an image that is not empty, and a media_type such as image/png")
        if len(self.data) > MAX_BYTES:
            raise UsageError(f"the image is larger than {MAX_BYTES >> 20} MiB")
        object.__setattr__(self, "media_type", found)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return the image in a file; raises UsageError."""
        try:
            return cls(read_bytes(Path(path), MAX_BYTES))
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}") from None
        except ValueError as error:  # a null in the path, or a file that is too large
            raise UsageError(f"cannot read {path!r}: {error}") from None
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from None

    @property
    def url(self) -> str:
        """The image as a data URL."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"

    @property
    def digest(self) -> str:
        """An id for records, which do not contain the image itself."""
        return hashlib.sha256(self.media_type.encode() + b"\0" + self.data).hexdigest()


def _media_type(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((name for magic, name in _MAGIC if data.startswith(magic)), "")
