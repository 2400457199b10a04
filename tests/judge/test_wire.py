"""Frames survive any cut of the stream, and nonsense is refused."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coderefine.judge import wire


@given(st.lists(st.lists(st.binary(), max_size=3), max_size=4), st.integers(1, 50))
def test_frames_come_back_whole_however_the_stream_is_cut(frames, size):
    stream = b"".join(wire.pack({"n": n}, *parts) for n, parts in enumerate(frames))
    buffer, found = wire.FrameBuffer(), []
    for start in range(0, len(stream), size):
        buffer.feed(stream[start : start + size])
        while (frame := buffer.pop()) is not None:
            found.append(frame)
    assert found == [({"n": n}, parts) for n, parts in enumerate(frames)]


def raw(header):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text


@pytest.mark.parametrize(
    "stream",
    [
        struct.pack(">I", wire.MAX_HEADER_BYTES + 1),
        raw(b"nonsense"),
        raw({}),
        raw([1]),
        raw({"parts": 3}),
        raw({"parts": ["a"]}),
        raw({"parts": [-1]}),
        raw({"parts": [wire.MAX_PARTS_BYTES + 1]}),
    ],
)
def test_nonsense_is_refused_before_anything_is_allocated(stream):
    buffer = wire.FrameBuffer()
    buffer.feed(stream)
    with pytest.raises(wire.WireError):
        buffer.pop()
