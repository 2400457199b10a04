"""The limits of a server: sizes, counts and times. Frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from coderefine.problem.problem import MEMORY_MIB


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a server."""

    body_bytes: int = 32 << 20
    """The most bytes of one request."""
    held_bytes: int = 256 << 20
    """The most bytes of all requests in progress together."""
    programs: int = 4096
    """The most programs of one request."""
    waiting: int = 16384
    """The most programs of all requests together that have no verdict yet."""
    problems: int = 512
    """The most problems that are remembered by their digests."""
    problem_bytes: int = 256 << 20
    """The most bytes of the texts of all remembered problems."""
    program_s: float = 120.0
    """CPU seconds of a program on all tests; on the wall clock twice as much, and half a second more."""
    memory_mib: int = MEMORY_MIB[1]
    """The most memory that a problem may grant a program."""
    connections: int = 1024
    head_s: float = 20.0
    """Seconds that a connection may take for the head of a request, or be idle."""
    body_s: float = 60.0
    """Seconds that a request's body may take."""
    write_s: float = 30.0
    """Seconds that a client may go without receiving what is sent to it."""
    grace_s: float = 30.0
    """Seconds that requests may continue once the server is told to stop."""
