"""The main function of a confined child, which never returns: it loads a program and answers until it is ended.

Nothing here protects anything: the program shares this process and can rewrite all of it. All that it can gain is to
answer its own questions differently, because the confinement was entered before.

The first request is a frame with the spec, the limits, the problem's prelude and the source. Each later request is
answered by the program that was loaded: a candidate (candidate.py, stdio.py), a suite (suite.py), a tester (tester.py)
or a screening (screening.py). Every answer repeats its request's nonce.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import array
import fcntl
import gc
import os
import random
import struct
import sys
import termios
from time import monotonic, sleep, thread_time
from typing import Any

from sandbox import candidate, confine, measuring, screening, shortage, stdio, suite, tester, values, wire

COMMANDS, RESULTS = 3, 4  # file descriptors, set up by the runner
HEAD = struct.Struct(">8sI")  # of a question: nonce, length
_READ = os.read  # bound now, as a test may patch the module
BEGUN = b"b"  # sent before anything of a candidate is there: until then, a failure is ours
ANSWER_HEAD = struct.Struct(">8sIdd")  # of an answer: nonce, length, the wall clock and our CPU clock
SPENT = 1 << 31  # set in the length of an answer that left this process short of memory or threads (see shortage.py)
RECURSION_LIMIT = 50000
OUT_OF_MEMORY: list[Any] = ["error", "MemoryError", "", None, []]
_REHEARSAL = b"""
def solve(numbers):
    for number in numbers:
        if number:
            return [number]
    counts = {}
    counts[numbers] = 1
"""
_REHEARSED = {
    "spec": {
        "kind": "function",
        "entry": "solve",
        "nodes": [""],
        "returns": "",
        "answer": None,
        "prefix": False,
        "evidence": False,
    },
    "limits": {"wall_s": 1.5, "cpu_s": 1.5, "memory_mib": 1, "output_bytes": 1},
}
_REHEARSED_TEST = {"kind": "test", "entry": "solve", "is_function": True, "may_equal": False, "evidence": False}
_REHEARSAL_TEST = b"""
def check(candidate):
    assert candidate([0, 5]) == [5]
    assert candidate(numbers=[7]) != [8, 7.5, "nine", (1, 2)]
    assert len(candidate([2])) == 1
    for number in range(1, 4):
        assert candidate([number]) == [number]

check(candidate)
"""
_WARM_RUNS = 20


def main(confinement: confine.Confinement, names: dict[str, Any]) -> None:
    """Load a program, answer requests until the runner closes the channel, and end without any clean-up.

    `names` are the builtins of the program (see prelude.py).
    """
    sys.setrecursionlimit(RECURSION_LIMIT)
    random.seed(0)  # the same candidate gets the same verdict
    gc.enable()
    channel = Channel()
    wire.write_all(RESULTS, BEGUN)
    header, (prelude, source) = wire.unpack(channel.receive())
    spec, limits = header["spec"], header["limits"]
    confinement.limit(limits["memory_mib"], limits["cpu_s"] * (limits["cases"] + 1))
    short = shortage.Shortage(limits["memory_mib"])
    program: Any
    message: list[Any] = ["ready"]
    if spec["kind"] != "program":
        os.close(stdio.INPUT)
    if spec["kind"] == "test":
        program = tester.Tester(spec, prelude, names, channel.exchange)
    elif spec["kind"] == "pytest":
        program = suite.Suite(confinement)
        message = program.load(prelude, source)
    else:
        if confinement.profile.is_alone:
            measuring.enter(confinement.profile)
        program = _loader(spec, names, channel)
        message = program.load(prelude, source)
    channel.send_message(message)
    while True:
        message = short.told(_answer(program, channel.receive()))
        channel.send_message(message, short)


def _answer(program: Any, request: bytes) -> list[Any]:
    try:
        message: list[Any] = program.answer(request)
    except MemoryError:  # there was not enough memory left to describe the error
        shortage.take_reserve()
        message = OUT_OF_MEMORY
    return message


def _loader(spec: dict[str, Any], names: dict[str, Any], channel: Channel) -> Any:
    if spec["kind"] == "program":
        return stdio.Stdio(spec)
    if spec["kind"] == "screening":
        return screening.Screening(spec, names)
    return candidate.Candidate(spec, names, channel.exchange)


def warm(names: dict[str, Any]) -> None:
    """Do in the nursery, several times, what its children will do.

    The interpreter then specialises our code once, and not in every child, which would first have to copy it.
    """
    header, (prelude, source) = wire.unpack(wire.pack(_REHEARSED, b"", _REHEARSAL))
    for _ in range(_WARM_RUNS):
        program = candidate.Candidate(header["spec"], names)
        program.load(prelude, source)
        values.dumps(program.answer(b"[[1]]"))

        def exchange(request: bytes, program: candidate.Candidate = program) -> bytes:
            if request[:1] == wire.REQUESTS_AHEAD:
                return wire.pack({}, *(exchange(inner) for inner in wire.unpack(request[1:])[1]))
            return values.dumps(program.answer(request)).encode("ascii")

        test = tester.Tester(_REHEARSED_TEST, b"", names, exchange)
        values.dumps(test.answer(wire.pack({"ahead": True}, _REHEARSAL_TEST)))
    del sys.modules[candidate.MODULE]  # a suite may have a module of this name as well


class Channel:
    """The pipes to the runner. An answer carries the nonce of the request that it answers."""

    def __init__(self) -> None:
        self._nonce = b""

    def exchange(self, payload: bytes) -> bytes:
        """Answer with a request of our own, and return the reply."""
        self.send(payload)
        return self.receive()

    def send_message(self, message: list[Any], short: shortage.Shortage | None = None) -> None:
        """Answer with JSON data, and with whether the process is now short of anything, where `short` can tell."""
        try:
            payload = values.dumps(message).encode("ascii")
        except MemoryError:
            shortage.take_reserve()
            message = OUT_OF_MEMORY
            payload = values.dumps(message).encode("ascii")
        except (ValueError, RecursionError) as error:
            payload = values.dumps(["unreadable", "a value that cannot be written: %s" % error]).encode("ascii")
        self.send(payload, spent=short is not None and short.after(message))

    def send(self, payload: bytes, spent: bool = False) -> None:
        """Answer with a payload, after all that was printed."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # the candidate may have closed or replaced the stream
                pass
        _let_it_be_read()
        # Reading the CPU clock also updates the kernel's count, on which the relay relies.
        head = ANSWER_HEAD.pack(self._nonce, len(payload) | (SPENT if spent else 0), monotonic(), thread_time())
        wire.write_all(RESULTS, head + payload)

    def receive(self) -> bytes:
        """Return the next request; at the end of the requests, report that and wait to be ended."""
        self._nonce, length = HEAD.unpack(_read_exactly(HEAD.size))
        return _read_exactly(length)


def _let_it_be_read() -> None:
    """Wait until what was printed has been read from the pipe, so that it is counted with the current question."""
    unread = array.array("i", (0,))
    while True:
        try:
            fcntl.ioctl(1, termios.FIONREAD, unread)
        except BaseException:  # the candidate may have closed or replaced the stream
            return
        if not unread[0]:
            return
        sleep(0.0001)


def _read_exactly(count: int) -> bytes:
    chunks = []
    while count:
        chunk = _READ(COMMANDS, min(count, 1 << 20))
        if not chunk:
            os.closerange(1, 3)
            while True:  # the runner now reads how much memory we took, and ends us
                sleep(1.0)
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)
