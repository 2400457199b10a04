"""A confined child as the relay sees it: it is sent questions, watched from outside, and ended.

CPU time is measured by the kernel, not by the child, and time on the wall clock does not count while the child waits
for a processor. What it prints or answers is capped, and `ask` keeps to the limits whatever the child does. Questions
are sent ahead, so that the child never waits for one, and each carries a nonce that its answer must repeat.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import math
import os
import select
import time
from collections import deque
from typing import Any, Callable, Deque, Iterator, List, Sequence, Tuple

from sandbox import guest, inputs, pressure, wire
from sandbox.host import Host
from sandbox.usage import INTERVAL_S, Usage

_CHUNK = 1 << 16
_BEGINNING_S = 10.0  # for a process to be forked and confined
_MAX_GATHER_S = 0.002
_MIN_GATHER_S = 0.0001  # to wait less than this for more output costs as much as it saves


# the message; the child's two clocks when it was given; whether the child is spent
_Answer = Tuple[bytes, float, float, bool]


class Output:
    """What a child printed since its last answer: the beginning of the text, and its whole size."""

    def __init__(self) -> None:
        self.kept, self.size = bytearray(), 0


class Event:
    """The outcome of one question."""

    def __init__(self, status: str, wall_s: float, cpu_s: float, message: bytes, output: Output) -> None:
        self.status, self.wall_s, self.cpu_s = status, wall_s, cpu_s
        self.message, self.printed = message, bytes(output.kept)
        self.spent = False  # whether the process should not be used again
        self.exit: int | None = None  # exit status, negative for a signal; None while it lives or if we killed it


class Child:
    """A confined process that runs one candidate, once it is asked to load it."""

    def __init__(
        self,
        host: Host,
        pid: int,
        commands: int,
        results: int,
        output: int,
        input_: int,
        usage: Usage | None = None,
        proc_pid: int = 0,
    ) -> None:
        """`usage` measures the child with all that it starts, where it may start processes; `proc_pid` is its number in
        /proc, 0 if not known.
        """
        self._host, self.pid, self._usage, self._proc_pid = host, pid, usage, proc_pid
        self._commands, self._results, self._output, self._input = commands, results, output, input_
        for handle in (self._commands, self._results, self._output):
            os.set_blocking(handle, False)
        # The clock of another process, read from outside: MAKE_PROCESS_CPUCLOCK of the kernel's posix-timers.h.
        self._clock = (~pid << 3) | 2
        self._received, self._begun = bytearray(), False
        self._sources = [host.source, self._output, self._results]
        self._hang_up = False
        self.ended = False
        self._look_s = INTERVAL_S if usage else math.inf

    def give_input(self, data: bytes) -> None:
        """Make this the standard input of a program that is not loaded yet."""
        inputs.fill(self._input, data)

    def ask(
        self,
        questions: Sequence[bytes],
        limits: dict[str, Any],
        final: bool = False,
        stopped: Callable[[], bool] | None = None,
    ) -> Iterator[List[Event]]:
        """Send the questions at once; the iterator gives their events in order, in lists of those that are there.

        It ends after the last question, or with the first event that is not an answer; the child must then be closed.
        The limits hold for each question anew. Answers that are found together are measured together, and their time is
        split. `final` says that these are the last questions, so that the child can report its end. `stopped` is called
        when the host has sent something, and returns whether to stop; an event "stopped" is then the last.
        """
        self._hang_up = final
        # waited for before anything of a candidate is sent, so that no candidate can undo the confinement
        if not self._begun and not self._begins():
            return iter([[Event("fault", 0.0, 0.0, b"", Output())]])
        nonces = deque(os.urandom(8) for _ in questions)
        parts = [part for nonce, text in zip(nonces, questions) for part in (guest.HEAD.pack(nonce, len(text)), text)]
        return self._events(nonces, self._write(memoryview(b"".join(parts))), limits, stopped)

    def _events(
        self, nonces: Deque[bytes], pending: memoryview, limits: dict[str, Any], stopped: Callable[[], bool] | None
    ) -> Iterator[List[Event]]:
        # To be woken for each small answer would cost more than to compute it. A child that has answered its final
        # questions closes its output, which wakes us in time.
        output, printed, gather_s = Output(), False, _MAX_GATHER_S if self._hang_up else 0.0
        wall, cpu, delay = time.monotonic(), self._cpu_s(), pressure.Delay(self._proc_pid)
        while nonces:
            answers, status = self._take_answers(nonces, limits["answer_bytes"])
            passed_s, cpu_s = time.monotonic() - wall, max(0.0, self._cpu_s() - cpu)
            if answers:
                wall_s = max(0.0, passed_s - delay.s)
                messages, walls, cpus, spent = zip(*answers)
                outputs = [output, *(Output() for _ in messages[1:])]
                rest = None if nonces else self._take_output(outputs[-1], limits, to_the_end=True)
                events = [
                    Event("answer", *values)
                    for values in zip(_split(wall_s, wall, walls), _split(cpu_s, cpu, cpus), messages, outputs)
                ]
                events[-1].status, events[-1].spent = rest or "answer", spent[-1]
                yield events
                if not nonces:
                    return
                gather_s = min(_MAX_GATHER_S, cpu_s / len(messages) * len(nonces))
                wall, cpu, delay = wall + passed_s, cpu + cpu_s, pressure.Delay(self._proc_pid)
                passed_s, cpu_s, output = 0.0, 0.0, Output()
            if self._usage is not None and status is None:
                status = self._usage.look(limits["memory_mib"])
            # Only now: a child does not answer before what it printed was taken in (guest.py), so this came later.
            if printed or status == "exit":
                status = self._take_output(output, limits, to_the_end=status == "exit") or status
            wall_left, cpu_left = limits["wall_s"] - passed_s, limits["cpu_s"] - cpu_s
            least_s = 0.001
            if wall_left <= 0:  # some of the time may not count, see `Delay`
                wall_left += min(delay.s, wire.PATIENCE * limits["wall_s"])
                least_s = 0.02
            if status is None and (wall_left <= 0 or cpu_left <= 0):
                status = "timeout"
            if status is not None:
                yield [Event(status, max(0.0, passed_s - delay.s), cpu_s, b"", output)]
                return
            soon_s = self._look_s
            if not delay.begun:
                if passed_s < pressure.SOON_S:
                    soon_s = min(soon_s, pressure.SOON_S)
                else:
                    delay.begin()
            gather = gather_s >= _MIN_GATHER_S
            readable, writable, _ = select.select(
                self._sources[:-1] if gather else self._sources,
                [self._commands] if pending else [],
                [],
                gather_s if gather else max(least_s, min(wall_left, cpu_left, soon_s)),
            )
            gather_s, printed = 0.0, self._output in readable
            if writable:
                pending = self._write(pending)
            if self._host.source in readable:
                if stopped is None:
                    self._host.pull()
                elif stopped():
                    yield [Event("stopped", 0.0, 0.0, b"", Output())]
                    return

    def _begins(self) -> bool:
        """Wait until the child says that it begins; return whether it did."""
        if select.select([self._results], [], [], _BEGINNING_S)[0]:
            self._begun = os.read(self._results, 1) == guest.BEGUN
        return self._begun

    def close(self) -> None:
        """Close our ends of its pipes."""
        for handle in (self._commands, self._results, self._output, self._input):
            if handle >= 0:
                os.close(handle)

    def _cpu_s(self) -> float:
        try:
            return time.clock_gettime(self._clock) + (self._usage.cpu_s if self._usage else 0.0)
        except OSError:
            return 0.0

    def _write(self, pending: memoryview) -> memoryview:
        try:
            while pending:
                pending = pending[os.write(self._commands, pending[:_CHUNK]) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:  # the child is ending; its result channel will say so
            return pending[:0]
        if self._hang_up and not pending:
            os.close(self._commands)
            self._commands, self._hang_up = -1, False
        return pending

    def _take_answers(self, nonces: Deque[bytes], limit: int) -> Tuple[List[_Answer], str | None]:
        """Read the answers that are there; return them, and what ended the child, None while it may go on.

        Answers after one that left the child spent are not read.
        """
        received, answers, head = self._received, [], guest.ANSWER_HEAD
        try:
            data = os.read(self._results, _CHUNK)
        except BlockingIOError:
            return [], None
        received += data
        at = 0
        while nonces and len(received) - at >= head.size:
            nonce, length, wall, cpu = head.unpack_from(received, at)
            spent, length = bool(length & guest.SPENT), length & ~guest.SPENT
            if nonce != nonces[0]:
                return answers, "protocol"
            if length > limit:
                return answers, "output"
            end = at + head.size + length
            if end > len(received):
                break
            answers.append((bytes(received[at + head.size : end]), wall, cpu, spent))
            nonces.popleft()
            at = end
            if spent:
                break
        del received[:at]
        if received and not nonces:  # more answers than questions
            nonces.append(b"")
            return answers[:-1], "protocol"
        return answers, None if data or not nonces else "exit"

    def _take_output(self, output: Output, limits: dict[str, Any], to_the_end: bool) -> str | None:
        """Read what was printed; return "output" where it is too much."""
        while True:
            try:
                data = os.read(self._output, _CHUNK)
            except BlockingIOError:
                return None
            if not data:
                self._sources = [self._host.source, self._results]
                return None
            output.size += len(data)
            output.kept += data[: max(0, limits["kept_bytes"] - len(output.kept))]
            if output.size > limits["output_bytes"]:
                return "output"
            if not to_the_end:
                return None


def _split(total_s: float, before: float, clocks: Sequence[float]) -> List[float]:
    """Split a measured time in the proportion that the child reports; a lie moves time only between its own cases."""
    spent = [max(0.0, later - earlier) for earlier, later in zip((before, *clocks), clocks)]
    whole = sum(spent)
    if not 0.0 < whole < math.inf:
        return [total_s / len(clocks)] * len(clocks)
    return [total_s * (part / whole) for part in spent]
