"""The nursery: PID 1 of a sandbox, which forks confined children, ends them, and never sees a request.

A child's memory is a copy of the memory that it was forked from, and freed memory keeps what it held. So the process
that forks candidates knows nothing of any run: the relay only tells it to fork and to end a child, and gets the child's
pipes unread.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import array
import os
import signal
import socket
import struct
import time
from typing import Any, Sequence, Tuple

from sandbox import confine, guest, inputs, stdio

MAX_DESCRIPTORS = 64  # more than this process ever has open
UNCONFINED = signal.SIGUSR2  # ends a child that could not confine itself; a confined one can send no signals
SPENT = 118  # exit status of a child that had no memory left to report that
FORK, KILL, WAIT, REAP = 0, 1, 2, 3
ORDER = struct.Struct("=ii")  # one of the orders above, and the pid of the child
# its pid, or -1; sent with our ends of its pipes: commands, results, output, and its input
FORKED = struct.Struct("=i")
REAPED = b"."
ENDED = struct.Struct("=?iq")  # whether it was let to end, and ended by itself; its wait status; its peak memory in KiB
_LEAVING_S = 0.2  # that a child that is ending by itself gets to leave a status


class Nursery:
    """The process that forks."""

    def __init__(self, relay: socket.socket, confinement: confine.Confinement, names: dict[str, Any]) -> None:
        self._relay, self._confinement, self._names = relay, confinement, names

    def serve(self) -> None:
        """Carry out the relay's orders until the relay is gone."""
        while True:
            order = self._relay.recv(ORDER.size)
            if not order:
                return
            what, pid = ORDER.unpack(order)
            if what == FORK:
                self._fork()
            elif what == REAP:
                _reap()
                self._relay.send(REAPED)
            else:
                self._relay.send(ENDED.pack(*_end(pid, leaving=what == WAIT)))

    def _fork(self) -> None:
        commands, commands_end = os.pipe()
        results_end, results = os.pipe()
        output_end, output = os.pipe()
        os.fchmod(output, 0o222)  # /dev/stdout can be opened, whichever user the child is
        input_end, input_ = inputs.make()
        ours = os.getpid()
        try:
            pid = os.fork()
        except OSError:  # a candidate may have taken all tasks
            pid = -1
        if pid == 0:
            try:
                _take_descriptors((commands, results, output, input_), self._confinement.handle)
                self._confinement.enter()
                if os.getppid() != ours:  # the parent ended before the kernel was asked to end us with it
                    os._exit(1)
            except BaseException:
                os.kill(os.getpid(), UNCONFINED)
            try:
                guest.main(self._confinement, self._names)
            except MemoryError:
                os._exit(SPENT)
            finally:
                os._exit(1)
        ends = array.array("i", (commands_end, results_end, output_end, input_end))
        self._relay.sendmsg([FORKED.pack(pid)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, ends)])
        for end in (commands, results, output, input_, *ends):
            os.close(end)


def _end(pid: int, leaving: bool) -> Tuple[bool, int, int]:
    """Kill and reap a child; return the fields of ENDED."""
    deadline = time.monotonic() + (_LEAVING_S if leaving else 0.0)
    ended, status, usage = os.wait4(pid, os.WNOHANG)
    while ended == 0 and time.monotonic() < deadline:
        time.sleep(0.0005)
        ended, status, usage = os.wait4(pid, os.WNOHANG)
    if ended == 0:
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    return leaving and ended != 0, status, usage.ru_maxrss


def _reap() -> None:
    """Reap the children that have ended: what a candidate started and left behind became our child."""
    while os.waitpid(-1, os.WNOHANG)[0]:
        pass


def _take_descriptors(ends: Sequence[int], kept: int) -> None:
    """Leave the child an empty input, its output, its two channels, its input file, and `kept`, which `enter`
    closes.
    """
    os.setsid()
    # Moved out of the way first, so that no dup2 overwrites an end that is still needed.
    commands, results, output, input_ = (os.dup2(end, 50 + i) for i, end in enumerate(ends))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    for target, source in (
        (guest.COMMANDS, commands),
        (guest.RESULTS, results),
        (stdio.INPUT, input_),
        (1, output),
        (2, output),
    ):
        os.dup2(source, target, inheritable=target < guest.COMMANDS)  # the channels are for this program alone
    os.closerange(stdio.INPUT + 1, kept)
    os.closerange(kept + 1, MAX_DESCRIPTORS)
