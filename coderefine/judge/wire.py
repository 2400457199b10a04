"""The frames between the host and the runner in the sandbox.

A frame is a 4-byte big-endian length, that many bytes of JSON (the header), and the parts whose lengths the header
lists under "parts". Headers come from the two trusted ends; parts are opaque and may be hostile. Every length is
capped before anything is allocated.

This file is also sent into the sandbox: standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any

MAX_HEADER_BYTES = 1 << 20
MAX_PARTS_BYTES = 256 << 20
READY = b'["ready"]'
"""The message of a program that was loaded (see `sandbox/guest.py`)."""
REQUEST, FIRST_REQUEST, REQUESTS_AHEAD = b"R", b"F", b"A"
"""The first byte of what a test's code asks of the candidate: any request, the first one of this test, and several at
once (followed by a frame of requests). The arguments of a case begin with a bracket instead.
"""
PATIENCE = 5
"""How many times its limit on the wall clock a process may wait for a processor, beyond that limit."""
_LENGTH = struct.Struct(">I")
# Bound now, as a test may patch the modules that they are of.
_ENCODE, _DECODE, _WRITE = json.JSONEncoder(separators=(",", ":")).encode, json.JSONDecoder().decode, os.write


class WireError(Exception):
    """The stream does not consist of frames."""


def pack(header: dict[str, Any], *parts: bytes) -> bytes:
    """Return one frame."""
    text = _ENCODE({**header, "parts": [len(part) for part in parts]}).encode("ascii")
    return b"".join((_LENGTH.pack(len(text)), text, *parts))


def unpack(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return header and parts of the one frame in `data`; raises WireError."""
    buffer = FrameBuffer()
    buffer.feed(data)
    frame = buffer.pop()
    if frame is None:
        raise WireError("an incomplete frame")
    return frame


def write_all(handle: int, data: bytes) -> None:
    """Write all of `data` to a blocking descriptor; raises OSError."""
    left = memoryview(data)
    while left:
        left = left[_WRITE(handle, left) :]


class FrameBuffer:
    """Collects bytes as they arrive and gives them back frame by frame."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Add received bytes."""
        self._data += data

    def pop(self) -> tuple[dict[str, Any], list[bytes]] | None:
        """Return the next whole frame as (header, parts), or None; raises WireError on nonsense."""
        data = self._data
        if len(data) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(data)
        if length > MAX_HEADER_BYTES:
            raise WireError("a header of {} bytes".format(length))
        end = _LENGTH.size + length
        if len(data) < end:
            return None
        try:
            header = _DECODE(str(data[_LENGTH.size : end], "utf-8"))
            sizes = header.pop("parts")
            total = sum(sizes)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise WireError("a header that is none") from error
        if total > MAX_PARTS_BYTES or any(size < 0 for size in sizes):
            raise WireError("parts of {} bytes".format(total))
        if len(data) < end + total:
            return None
        parts = []
        for size in sizes:
            with memoryview(data) as view:
                parts.append(bytes(view[end : end + size]))
            end += size
        del data[:end]
        return header, parts
