"""A confined child, as the runner sees it: started, asked, watched from outside, ended.

Time is the kernel's, not the child's; what the child prints or answers is capped; whatever it does, `ask` returns
within the limits.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import select
import signal
import time
from typing import Any

from sandbox import confine, guest
from sandbox.host import Host

MAX_DESCRIPTORS = 64
UNCONFINED = signal.SIGUSR2  # ends a child that could not confine itself; a confined one can send no signals
_HEAD = guest.HEAD
_CHUNK = 1 << 16


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
