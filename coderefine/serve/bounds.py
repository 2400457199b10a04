"""What a server takes on: sizes, counts and times. Frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.problem.problem import MEMORY_MIB


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a server."""

    body_bytes: int = 32 << 20
    """Of one request."""
    held_bytes: int = 256 << 20
    """Of all requests in hand together."""
    programs: int = 4096
    """Of one request."""
    waiting: int = 16384
    """Programs of all requests together that have no verdict yet."""
    problems: int = 512
    """That are remembered by their digests."""
    problem_bytes: int = 256 << 20
    """Of the texts of all that are remembered."""
    program_s: float = 120.0
    """CPU seconds of a program on all tests; twice as much, and half a second, on the wall clock."""
    memory_mib: int = MEMORY_MIB[1]
    """The most that a problem may let a program use."""
    connections: int = 1024
    head_s: float = 20.0
    """Seconds that a connection may take for the head of a request, or be idle."""
    body_s: float = 60.0
    """Seconds that a request's body may take."""
    write_s: float = 30.0
    """Seconds that a client may take nothing of what is sent to it."""
    grace_s: float = 30.0
    """Seconds that requests may go on once the server is told to stop."""
