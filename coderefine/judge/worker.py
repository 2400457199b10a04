"""The host's end of one warm sandbox: requests out, events in, every wait bounded.

A `Worker` raises WorkerFault for whatever is our failure or the environment's. It never judges.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from coderefine.judge import wire

START_TIMEOUT_S = 30.0
GRACE_S = 10.0
"""What the runner may need beyond a case's own limit before we call it broken."""


class WorkerFault(Exception):
    """The sandbox failed, not the candidate."""


class Channel(Protocol):
    """Bytes to and from a runner, over a pipe, a socket or a Docker stream."""

    def send(self, data: bytes) -> None:
        """Send all of it; raises OSError."""
        ...

    def receive(self, timeout_s: float) -> bytes:
        """Return some bytes, none at the end of the stream; raises TimeoutError or OSError."""
        ...

    def close(self) -> str:
        """End the sandbox and all that runs in it; return what it wrote to its standard error."""
        ...


@dataclass(frozen=True, slots=True)
class Event:
    """What the runner reports of one case (see `sandbox/runner.py`)."""

    case: int
    status: str
    wall_s: float
    cpu_s: float
    exit: int | None
    message: bytes
    """Hostile bytes."""
    printed: bytes
    """Hostile bytes."""


class Worker:
    """One sandbox with a warm runner inside; used by one thread at a time."""

    def __init__(self, channel: Channel, memory_mib: int) -> None:
        self._channel = channel
        self._frames = wire.FrameBuffer()
        self._ids = itertools.count(1)
        self.memory_mib = memory_mib
        """The largest memory limit of a candidate that fits into this sandbox."""
        self.peak_kib = 0
        self.clean = True
        """False once a candidate left something behind: the worker must not be used again."""
        try:
            self.hello, _ = self._receive(START_TIMEOUT_S)
        except WorkerFault:
            self._channel.close()
            raise
        if self.hello.get("status") != "ready":
            self._channel.close()
            raise WorkerFault(str(self.hello.get("reason", "the runner did not start")))

    def run(self, spec: dict[str, Any], limits: dict[str, Any], source: str, cases: Sequence[bytes]) -> Iterator[Event]:
        """Run a candidate; yield an event a case, in order. Closing the iterator early stops the run."""
        run_id = next(self._ids)
        request = {"op": "run", "id": run_id, "spec": spec, "limits": limits}
        self._send(wire.pack(request, source.encode("utf-8", "surrogatepass"), *cases))
        done = False
        try:
            while True:
                header, parts = self._receive(2 * limits["wall_s"] + GRACE_S)
                if header.get("status") == "done":
                    done = True
                    self.peak_kib, self.clean = int(header["peak_kib"]), bool(header["clean"])
                    return
                message, printed = parts
                yield Event(
                    header["case"],
                    header["status"],
                    header["wall_s"],
                    header["cpu_s"],
                    header["exit"],
                    message,
                    printed,
                )
        finally:
            if not done:
                self._stop(run_id, 2 * limits["wall_s"] + GRACE_S)

    def close(self) -> str:
        """End the sandbox; return what it wrote to its standard error."""
        self.clean = False
        return self._channel.close()

    def _stop(self, run_id: int, timeout_s: float) -> None:
        self.clean = False  # until the runner confirms
        self._send(wire.pack({"op": "stop", "id": run_id}))
        while True:
            header, _ = self._receive(timeout_s)
            if header.get("status") == "done":
                self.peak_kib, self.clean = int(header["peak_kib"]), bool(header["clean"])
                return

    def _send(self, data: bytes) -> None:
        try:
            self._channel.send(data)
        except OSError as error:
            raise self._fault(f"the sandbox is gone ({error})") from None

    def _receive(self, timeout_s: float) -> tuple[dict[str, Any], list[bytes]]:
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                frame = self._frames.pop()
                if frame is not None:
                    return frame
                data = self._channel.receive(max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise self._fault(f"the sandbox gave no sign of life for {timeout_s:.0f} s") from None
            except (OSError, wire.WireError) as error:
                raise self._fault(f"the connection to the sandbox broke ({error})") from None
            if not data:
                raise self._fault("the sandbox ended")
            self._frames.feed(data)

    def _fault(self, what: str) -> WorkerFault:
        self.clean = False
        detail = self._channel.close().strip().rpartition("\n")[2]
        return WorkerFault(f"{what}: {detail}" if detail else what)
