"""The host's end of one warm sandbox: requests out, events in, every wait bounded.

A `Worker` raises WorkerFault for every failure of the sandbox or its environment. It never judges.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, Self

from coderefine.judge import wire
from coderefine.outside import encode_python

START_TIMEOUT_S = 30.0
GRACE_S = 10.0
"""Seconds that the runner may take beyond a case's own limit before it counts as broken."""


def _patience_s(wall_s: float) -> float:
    """Return how many seconds to wait for a runner whose limit is `wall_s`."""
    return max(0.0, wall_s) * (1 + wire.PATIENCE) + GRACE_S


class WorkerFault(Exception):
    """The sandbox failed, not the candidate."""


class WorkerRefused(WorkerFault):
    """The runner started and reported that it cannot serve here."""

    def __init__(self, reason: str, errno: int | None = None) -> None:
        super().__init__(reason)
        self.errno = errno
        """The kernel's error number, where the kernel refused; else None."""


class Channel(Protocol):
    """Bytes to and from a runner, over a pipe, a socket or a Docker stream."""

    def send(self, data: bytes) -> None:
        """Send all of `data`; raises OSError."""
        ...

    def receive(self, timeout_s: float) -> bytes:
        """Return some bytes, none at the end of the stream; raises TimeoutError or OSError."""
        ...

    def close(self) -> str:
        """End the sandbox and all that runs in it; return what it wrote to its standard error."""
        ...


@dataclass(frozen=True, slots=True)
class SandboxProgram:
    """What a sandbox loads: a candidate, a checker or a tester."""

    spec: dict[str, Any]
    """How it is called (see `sandbox/guest.py`)."""
    limits: dict[str, Any]
    """What each of its cases may use (see `sandbox/relay.py`)."""
    source: str
    prelude: str = ""
    """Python that runs before the source."""

    def frame(self, op: str, run_id: int, *cases: bytes) -> bytes:
        """Return the frame of the request that runs it on `cases`."""
        request = {"op": op, "id": run_id, "spec": self.spec, "limits": self.limits}
        return wire.pack(request, encode_python(self.prelude), encode_python(self.source), *cases)


def plain_spec(entry: str, arguments: int) -> dict[str, Any]:
    """Return the spec of a function that takes and returns plain data, as a problem's checker does."""
    return {
        "kind": "function",
        "entry": entry,
        "nodes": [""] * arguments,
        "returns": "",
        "answer": None,
        "prefix": False,
        "fresh": False,
        "evidence": False,
    }


@dataclass(frozen=True, slots=True)
class Event:
    """What the runner reports of one case (see `sandbox/relay.py`)."""

    case: int
    status: str
    wall_s: float
    cpu_s: float
    exit: int | None
    message: bytes
    """Hostile bytes."""
    printed: bytes
    """Hostile bytes."""
    spent: bool = False
    """Whether the case left the process short of memory or threads."""


class Worker:
    """One sandbox with warm processes inside; used by one thread at a time."""

    def __init__(self, channel: Channel, memory_mib: int) -> None:
        self._channel = channel
        self._frames = wire.FrameBuffer()
        self.memory_mib = memory_mib
        """The largest memory limit of a candidate that fits into this sandbox."""
        self.peak_kib = 0
        self._closed = False
        self._was_clean = True
        self.runs = 0
        """How many programs were sent to the sandbox."""
        self.clean = True
        """False where the sandbox may not be as it was at first: the worker must not be used again."""
        try:
            self.hello, _ = self._receive(START_TIMEOUT_S)
        except BaseException:
            self._channel.close()
            raise
        if self.hello.get("status") != "ready":
            self._channel.close()
            raise WorkerRefused(str(self.hello.get("reason", "the runner did not start")), self.hello.get("errno"))

    def run(self, program: SandboxProgram, cases: Sequence[bytes]) -> Iterator[Event]:
        """Run a program; yield one event a case, in order. Closing the iterator early stops the run."""
        limits = program.limits
        run_id = self._begin("run", program, *cases)
        done = False
        try:
            while True:
                header, parts = self._receive(_patience_s(2 * limits["wall_s"]))
                done = header.get("status") == "done"
                if done:
                    self._finish(header)
                yield from self._events(header, parts)
                if done:
                    return
        except GeneratorExit:
            if not done and not self._closed:
                self._stop(run_id, _patience_s(2 * limits["wall_s"]))
            raise
        except BaseException:  # Ctrl-C: what is left in the stream could not be matched to a request
            self.close()
            raise

    def session(self, program: SandboxProgram) -> LoadedProgram:
        """Load a program and keep it for questions; a context manager."""
        return LoadedProgram(self, program)

    def close(self) -> str:
        """End the sandbox; return what it wrote to its standard error."""
        self.clean, self._closed = False, True
        return self._channel.close()

    def _begin(self, op: str, program: SandboxProgram, *cases: bytes) -> int:
        self.runs += 1
        self._send(program.frame(op, self.runs, *cases))
        return self.runs

    def _stop(self, run_id: int, timeout_s: float) -> None:
        self._ask_to_stop(run_id)
        self._await_end(timeout_s)

    def _ask_to_stop(self, run_id: int) -> None:
        self._was_clean, self.clean = self.clean, False  # until the runner confirms
        self._send(wire.pack({"op": "stop", "id": run_id}))

    def _await_end(self, timeout_s: float) -> None:
        while True:
            header, _ = self._receive(timeout_s)
            if header.get("status") == "done":
                self.clean = self._was_clean
                self._finish(header)
                return

    def _finish(self, header: dict[str, Any]) -> None:
        """Update the worker's state from the header that ends a run."""
        self.peak_kib, self.clean = int(header["peak_kib"]), self.clean and bool(header["clean"])

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
            except ConnectionResetError:
                data = b""  # the runner ended without reading all that it was sent
            except (OSError, wire.WireError) as error:
                raise self._fault(f"the connection to the sandbox broke ({error})") from None
            if not data:
                raise self._fault("the sandbox ended")
            self._frames.feed(data)

    def _events(self, header: dict[str, Any], parts: list[bytes]) -> Iterator[Event]:
        texts = iter(parts)
        for case, status, wall_s, cpu_s, exit_, spent in header.get("events", ()):
            if status == "fault":
                raise self._fault("a candidate's process failed before it was given anything of a candidate")
            yield Event(case, status, wall_s, cpu_s, exit_, next(texts), next(texts), spent)

    def _fault(self, what: str) -> WorkerFault:
        detail = self.close().strip().rpartition("\n")[2]
        return WorkerFault(f"{what}: {detail}" if detail else what)


class LoadedProgram:
    """One loaded program in a sandbox, asked case by case. A context manager; the worker is busy until it ends.

    Loading goes on in the background; only `loaded` waits for it.
    """

    def __init__(self, worker: Worker, program: SandboxProgram) -> None:
        self._worker, self._program = worker, program
        self._done = self._stopping = False
        self.spent = False
        """Whether a question left the program short of memory or threads."""
        self._id = worker._begin("session", program)

    @cached_property
    def loaded(self) -> Event:
        """The event of loading; nothing can be asked unless its message is READY."""
        (event,) = self._events(self._program.limits["wall_s"])
        return event

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc_info: object) -> None:
        if kind is not None and not issubclass(kind, Exception):  # Ctrl-C: as in `Worker.run`
            self._worker.close()
            return
        self.stop()
        if self._stopping:
            self._stopping = False
            self._worker._await_end(GRACE_S)

    def stop(self) -> None:
        """Ask the runner to end the program; leaving the context waits for that end."""
        if not self._done and not self._worker._closed:
            self._done = self._stopping = True
            self._worker._ask_to_stop(self._id)

    @property
    def alive(self) -> bool:
        """Whether it can be asked: it was loaded, has not failed, and has memory and threads left."""
        return not self._done and self.loaded.message == wire.READY and not self.spent

    def ask(self, *payloads: bytes, wall_s: float, cpu_s: float) -> list[Event]:
        """Send requests; return their events within these seconds, up to the first that is not an answer.

        The program must be `alive`.
        """
        assert self.alive
        self._worker._send(wire.pack({"op": "ask", "wall_s": wall_s, "cpu_s": cpu_s}, *payloads))
        return self._events(wall_s)

    def _events(self, wall_s: float) -> list[Event]:
        events = list(self._worker._events(*self._worker._receive(_patience_s(wall_s))))
        self.spent = self.spent or any(event.spent for event in events)
        if events[-1].status != "answer":  # the program is gone: the runner ends the session by itself
            done, _ = self._worker._receive(GRACE_S)
            self._done = True
            self._worker._finish(done)
        return events
