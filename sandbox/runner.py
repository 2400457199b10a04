"""The zygote: PID 1 of a sandbox, which forks a confined child for every candidate and speaks for it to the host.

Theory of operation. The host sends a request: a source text and the arguments of its cases. For each request the zygote
forks a server, which never executes or parses what it is sent and keeps a spare child ready: forked with every module
warm, and confined. That child gets the source, loads it and answers case after case over a pipe. The server measures
time from outside, caps what the child may print or answer, kills it when a limit is passed, goes on with the remaining
cases in a new child, finally kills whatever else lives in its PID namespace, and ends. The zygote itself receives no
request, so nothing of one is in the memory from which the processes of the next are forked. When the host is gone,
standard input ends and so do server and zygote, and with them the namespace.

Request (host to runner): {"op": "run", "id", "spec", "limits"}, parts: prelude, source, then one part a case.
  "limits": {"wall_s", "cpu_s", "memory_mib", "output_bytes", "kept_bytes", "answer_bytes"}; "fresh" in the spec asks
  for a new process for every case; {"op": "stop", "id"} ends the run early.
Events (runner to host): {"id", "case", "status", "wall_s", "cpu_s", "exit", "printed_bytes"}, parts: the child's
  message, and what it printed. Case -1 is the loading of the source. Statuses: "answer" (see candidate.py),
  "timeout", "exit" (ended unasked), "output" (printed or answered too much), "protocol" (wrote nonsense).
  {"id", "status": "done", "peak_kib", "clean"} ends a run.
A session is a run whose cases come one by one: {"op": "session", "id", "spec", "limits"}, parts: prelude, source; then
  {"op": "ask", "wall_s", "cpu_s"}, part: the payload. So a test's code and the candidate talk through the host.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import gc
import os
import platform
import resource
import select
import signal
import sys
import time
import traceback
from typing import Any

from sandbox import confine, guest, prelude, wire

MAX_DESCRIPTORS = 64
MAX_SESSION_CASES = 100  # that use all of their time, before the kernel's own limit ends the process
LOADING = -1  # the case number of loading the source
HOST_GONE = 3  # exit status of a server
READY = b'["ready"]'  # the message of a source that was loaded
UNCONFINED = signal.SIGUSR2  # ends a child that could not confine itself; a confined one can send no signals
_HEAD = guest.HEAD
_CHUNK = 1 << 16


class HostGone(Exception):
    """Standard input ended."""


class Host:
    """The channel to the host: frames in, frames out."""

    def __init__(self, source: int, sink: int) -> None:
        self.source, self.sink = source, sink
        self._frames = wire.FrameBuffer()

    def receive(self) -> tuple[dict[str, Any], list[bytes]]:
        """Wait for the next frame; raises HostGone."""
        while True:
            frame = self._frames.pop()
            if frame is not None:
                return frame
            self.pull()

    def pull(self) -> None:
        """Take in what has arrived, waiting for at least one byte; raises HostGone."""
        data = os.read(self.source, 1 << 20)
        if not data:
            raise HostGone
        self._frames.feed(data)

    def stop_requested(self, run_id: int) -> bool:
        """Whether the host asked to end this run; a stop for an earlier one is dropped."""
        while select.select([self.source], [], [], 0)[0]:
            self.pull()
        frame = self._frames.pop()
        return frame is not None and frame[0] == {"op": "stop", "id": run_id}

    def send(self, header: dict[str, Any], *parts: bytes) -> None:
        """Send one frame."""
        data = memoryview(wire.pack(header, *parts))
        while data:
            data = data[os.write(self.sink, data) :]


class Event:
    """What happened when a payload was sent to a child."""

    def __init__(
        self, status: str, wall_s: float, cpu_s: float, message: bytes, printed: bytes, printed_bytes: int
    ) -> None:
        self.status, self.wall_s, self.cpu_s = status, wall_s, cpu_s
        self.message, self.printed, self.printed_bytes = message, printed, printed_bytes
        self.exit: int | None = None  # exit status, negative for a signal; None while it lives or if we killed it


class Child:
    """A confined process that runs one candidate, once it is asked to load it."""

    def __init__(self, host: Host, confinement: confine.Confinement, names: dict[str, Any]) -> None:
        self._host = host
        command_end, self._commands = os.pipe()
        self._results, result_end = os.pipe()
        self._output, output_end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _take_descriptors(command_end, result_end, output_end, confinement.handle)
                confinement.enter()
            except BaseException:
                os.kill(os.getpid(), UNCONFINED)
            try:
                guest.main(confinement, names)
            finally:
                os._exit(1)
        for end in (command_end, result_end, output_end):
            os.close(end)
        os.set_blocking(self._commands, False)
        self._poll = select.poll()
        for handle in (host.source, self._results, self._output):
            self._poll.register(handle, select.POLLIN)
        # The clock of another process, read from outside: MAKE_PROCESS_CPUCLOCK of the kernel's posix-timers.h.
        self._clock = (~self.pid << 3) | 2

    def cpu_s(self) -> float:
        """CPU seconds that the child has used, by the kernel's count."""
        try:
            return time.clock_gettime(self._clock)
        except OSError:
            return 0.0

    def ask(self, payload: bytes, limits: dict[str, Any]) -> Event:
        """Send one payload and wait for the message that answers it; never longer than the limits allow."""
        nonce = os.urandom(8)
        pending = memoryview(_HEAD.pack(nonce, len(payload)) + payload)
        answer, printed, printed_bytes = bytearray(), bytearray(), 0
        status: str | None = None
        started, cpu_started = time.monotonic(), self.cpu_s()
        pending = self._write(pending)
        if pending:
            self._poll.register(self._commands, select.POLLOUT)
        while status is None:
            wall_left = started + limits["wall_s"] - time.monotonic()
            cpu_left = cpu_started + limits["cpu_s"] - self.cpu_s()
            if wall_left <= 0 or cpu_left <= 0:
                status = "timeout"
                break
            ready = dict(self._poll.poll(1000 * max(0.001, min(wall_left, cpu_left))))
            if self._host.source in ready:
                self._host.pull()
            if self._commands in ready:
                pending = self._write(pending)
                if not pending:
                    self._poll.unregister(self._commands)
            if self._output in ready:
                data = os.read(self._output, _CHUNK)
                if not data:
                    self._poll.unregister(self._output)
                printed_bytes += len(data)
                printed += data[: max(0, limits["kept_bytes"] - len(printed))]
                if printed_bytes > limits["output_bytes"]:
                    status = "output"
            elif self._results in ready:  # only once what was printed before the answer is taken in
                data = os.read(self._results, _CHUNK)
                answer += data
                status = _state(answer, nonce, limits["answer_bytes"]) if data else "exit"
        wall_s, cpu_s = time.monotonic() - started, max(0.0, self.cpu_s() - cpu_started)
        message = bytes(answer[_HEAD.size :]) if status == "answer" else b""
        return Event(status, wall_s, cpu_s, message, bytes(printed), printed_bytes)

    def _write(self, pending: memoryview) -> memoryview:
        try:
            return pending[os.write(self._commands, pending[:_CHUNK]) :]
        except BlockingIOError:
            return pending
        except BrokenPipeError:  # the child is ending; its result channel will say so
            return pending[:0]

    def close(self, ending: bool = False) -> tuple[int | None, int]:
        """Kill and reap it; return (exit status or None if it had to be killed, peak memory in KiB).

        `ending`: its channel closed, so that it deserves a moment to be gone by itself and to leave a status.
        """
        for handle in (self._commands, self._results, self._output):
            os.close(handle)
        deadline = time.monotonic() + (0.2 if ending else 0.0)
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        while pid == 0 and time.monotonic() < deadline:
            time.sleep(0.0005)
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if pid == 0:
            os.kill(self.pid, signal.SIGKILL)
            return None, os.wait4(self.pid, 0)[2].ru_maxrss
        return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), usage.ru_maxrss


def _take_descriptors(command_end: int, result_end: int, output_end: int, kept: int) -> None:
    """Leave the child nothing to read, its output, its two channels, and `kept`, which `enter` closes."""
    os.setsid()
    # Out of the way first, so that no dup2 overwrites an end that is still needed.
    ends = [os.dup2(end, 50 + i) for i, end in enumerate((command_end, result_end, output_end))]
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    for target, end in ((guest.COMMANDS, ends[0]), (guest.RESULTS, ends[1]), (1, ends[2]), (2, ends[2])):
        os.dup2(end, target)
    os.closerange(guest.RESULTS + 1, kept)
    os.closerange(kept + 1, MAX_DESCRIPTORS)


def _state(answer: bytearray, nonce: bytes, limit: int) -> str | None:
    """Judge what the child has written so far; None while it is incomplete."""
    if len(answer) < _HEAD.size:
        return None
    told, length = _HEAD.unpack_from(answer)
    if told != nonce:
        return "protocol"
    if length > limit:
        return "output"
    missing = _HEAD.size + length - len(answer)
    if missing > 0:
        return None
    return "answer" if missing == 0 else "protocol"


class Zygote:
    """Forks a server for each request. A server has children: one to run a candidate, and a spare for the next."""

    def __init__(self, confinement: confine.Confinement) -> None:
        self._confinement = confinement
        self._names = prelude.names()
        os.environ.clear()
        for name in [name for name in sys.modules if name == "sandbox" or name.startswith("sandbox.")]:
            del sys.modules[name]  # a solution may have modules of these names
        self._spare: Child | None = None
        gc.collect()
        gc.freeze()  # so that children do not copy pages by counting references in them
        gc.disable()

    def serve(self, host: Host) -> bool:
        """Have a new process serve the next request; return whether the host is still there.

        A child's memory is a copy of its parent's, and freed memory keeps what it held: what a run was sent, which may
        be a checker's expected values, must not be in a process that later forks another candidate.
        """
        alone = os.getpid() == 1
        server = os.fork()
        if server == 0:
            status = 1
            try:
                confine.die_with_parent()
                self.prepare(host)
                request, parts = host.receive()
                while request["op"] not in ("run", "session"):  # a stop that came too late
                    request, parts = host.receive()
                serve = self.run if request["op"] == "run" else self.session
                serve(host, request, parts, alone)
                status = 0
            except HostGone:
                status = HOST_GONE
            except BaseException:  # for whoever reads the log; the host sees that the sandbox ended
                traceback.print_exc()
            finally:
                os._exit(status)
        status = os.waitpid(server, 0)[1]
        if status != 0:
            sweep(alone)
        return status == 0

    def prepare(self, host: Host) -> None:
        """Have a spare child; a new server does this while the host is busy with what it was sent last."""
        if self._spare is None:
            self._spare = Child(host, self._confinement, self._names)

    def run(self, host: Host, request: dict[str, Any], parts: list[bytes], alone: bool) -> None:
        """Run one candidate on its cases, sending an event for each. `alone`: in a PID namespace of our own."""
        prelude_, source, *cases = parts
        limits = dict(request["limits"], cases=len(cases))
        program = wire.pack({"spec": request["spec"], "limits": limits}, prelude_, source)
        child, peak_kib = None, 0
        try:
            for index, case in enumerate(cases):
                loaded = child is not None
                if child is None:
                    child = self._take(host)
                    event = child.ask(program, limits)
                    loaded = event.message == READY
                if loaded:
                    event = child.ask(case, limits)
                if event.status != "answer" or request["spec"]["fresh"]:
                    event.exit, kib = child.close(ending=event.status == "exit")
                    child, peak_kib = None, max(peak_kib, kib)
                _send_event(host, request["id"], index if loaded else LOADING, event)
                if not loaded or host.stop_requested(request["id"]):
                    break
        finally:
            if child is not None:
                peak_kib = max(peak_kib, child.close()[1])
        host.send({"id": request["id"], "status": "done", "peak_kib": peak_kib, "clean": sweep(alone)})

    def session(self, host: Host, request: dict[str, Any], parts: list[bytes], alone: bool) -> None:
        """Load one program, then pass on what the host asks of it, until the host stops or the program fails."""
        limits = dict(request["limits"], cases=MAX_SESSION_CASES)
        child: Child | None = self._take(host)
        assert child is not None
        event = child.ask(wire.pack({"spec": request["spec"], "limits": limits}, *parts), limits)
        number = LOADING
        peak_kib = 0
        try:
            while True:
                if event.status != "answer":
                    event.exit, peak_kib = child.close(ending=event.status == "exit")
                    child = None
                _send_event(host, request["id"], number, event)
                if child is None:
                    break
                asked, payloads = host.receive()
                if asked["op"] != "ask":
                    break
                number += 1
                event = child.ask(payloads[0], dict(limits, wall_s=asked["wall_s"], cpu_s=asked["cpu_s"]))
        finally:
            if child is not None:
                peak_kib = child.close()[1]
        host.send({"id": request["id"], "status": "done", "peak_kib": peak_kib, "clean": sweep(alone)})

    def _take(self, host: Host) -> Child:
        self.prepare(host)
        child, self._spare = self._spare, None
        assert child is not None
        return child


def _send_event(host: Host, run_id: int, index: int, event: Event) -> None:
    header = {
        "id": run_id,
        "case": index,
        "status": event.status,
        "wall_s": event.wall_s,
        "cpu_s": event.cpu_s,
        "exit": event.exit,
        "printed_bytes": event.printed_bytes,
    }
    host.send(header, event.message, event.printed)


def sweep(alone: bool) -> bool:
    """Kill all of this PID namespace but its first process and this one; return whether there was nothing."""
    if not alone:
        return True  # without a namespace of our own, seccomp has kept candidates from starting processes
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False  # the host then ends this sandbox


def main(config: dict[str, Any]) -> None:
    """Serve the host on standard input and output until it is gone."""
    namespaces: list[str] = []
    if config["separate"]:
        namespaces = confine.separate()
        inner = os.fork()
        if inner:
            os.closerange(0, 2)
            status = os.waitpid(inner, 0)[1]
            os._exit(1 if status else 0)
        confine.die_with_parent()
    confine.hide()
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_DESCRIPTORS, MAX_DESCRIPTORS))
    host = Host(0, 1)
    try:
        confinement = confine.Confinement(config["require_landlock"])
    except OSError as error:
        host.send({"status": "refused", "reason": str(error)})
        return
    host.send(
        {
            "status": "ready",
            "python": platform.python_version(),
            "landlock_abi": confinement.abi,
            "namespaces": namespaces,
            "changes_uid": confinement.changes_uid,
        }
    )
    zygote = Zygote(confinement)
    while zygote.serve(host):
        pass
