"""Runs hostile code: what happens inside a confined child, which never returns.

Nothing here protects anything. The candidate shares this process and can rewrite all of it; what it can gain is to
answer its own questions differently. Expected values are never here, and the confinement was entered before.

The first request of the runner is a frame with the spec, the limits and the source; each one after it holds the
arguments of a case. Every answer is the request's nonce, a length and a payload: the encoding of a list whose first
item is "ready", "value", "error", "compile" or "unreadable".
"""

from __future__ import annotations

import gc
import os
import random
import struct
import sys
from typing import Any

from sandbox import confine, nodes, values, wire

COMMANDS, RESULTS = 3, 4  # file descriptors, set up by the runner
FILE = "solution.py"
RECURSION_LIMIT = 50000
MAX_MESSAGE_CHARS = 2000
MAX_FRAMES = 20
HEAD = struct.Struct(">8sI")


def main(confinement: confine.Confinement, names: dict[str, Any]) -> None:
    """Load a source, answer cases until the runner closes the channel, and leave without any clean-up.

    `names` are the builtins of the candidate (see prelude.py).
    """
    for name in [name for name in sys.modules if name == "sandbox" or name.startswith("sandbox.")]:
        del sys.modules[name]  # a solution may have modules and functions of these names
    sys.setrecursionlimit(RECURSION_LIMIT)
    random.seed(0)  # the same candidate gives the same verdict
    gc.enable()
    scope = {"__name__": "solution", "__builtins__": names}
    nonce, request = receive()
    header, (source,) = wire.unpack(request)
    spec, limits = header["spec"], header["limits"]
    confinement.limit(limits["memory_mib"], limits["cpu_s"] * (limits["cases"] + 1))
    send(nonce, load(source, scope))
    while True:
        nonce, text = receive()
        send(nonce, answer(spec, scope, text))


def load(source: bytes, scope: dict[str, Any]) -> list[Any]:
    """Execute the candidate's module."""
    try:
        code = compile(source, FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return ["compile", type(error).__name__, str(error.msg), error.lineno, error.offset]
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return ["compile", type(error).__name__, str(error), None, None]
    try:
        exec(code, scope)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the candidate's failures as well
        return describe(error)
    return ["ready"]


def answer(spec: dict[str, Any], scope: dict[str, Any], text: bytes) -> list[Any]:
    """Run one case and return its message."""
    try:
        args = values.decode(text)
        call = call_class if spec["kind"] == "class" else call_function
        return ["value", call(spec, scope, args)]
    except values.Unencodable as error:
        return ["unreadable", str(error)]
    except BaseException as error:  # see load
        return describe(error)


def call_function(spec: dict[str, Any], scope: dict[str, Any], args: list[Any]) -> Any:
    """Call the entry point and return what the problem compares, as JSON data."""
    args = [nodes.build(kind, arg) for kind, arg in zip(spec["nodes"], args)]
    result = entry_point(spec["entry"], scope)(*args)
    if spec["answer"] is not None:  # an argument changed in place, and perhaps only its first `result` items
        changed = args[spec["answer"]]
        result = changed[:result] if spec["prefix"] else changed
    return values.to_jsonable(nodes.flatten(spec["returns"], result))


def call_class(spec: dict[str, Any], scope: dict[str, Any], args: list[Any]) -> list[Any]:
    """Construct the class and call one operation after the other."""
    operations, arguments = args
    target = entry_point(spec["entry"], scope)(*arguments[0])
    results: list[Any] = [None]
    for operation, arguments_ in zip(operations[1:], arguments[1:]):
        results.append(values.to_jsonable(getattr(target, operation)(*arguments_)))
    return results


def entry_point(entry: str, scope: dict[str, Any]) -> Any:
    """Find `Solution.method`, bound to a new instance, or a plain name."""
    owner, _, method = entry.rpartition(".")
    try:
        if not owner:
            return scope[entry]
        return getattr(scope[owner](), method)
    except KeyError as error:
        raise NameError("the solution does not define `%s`" % error.args) from None


def describe(error: BaseException) -> list[Any]:
    """Return the message for an exception, with the candidate's own frames only."""
    frames: list[list[Any]] = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            frames.append([trace.tb_lineno, trace.tb_frame.f_code.co_name])
        trace = trace.tb_next
    if len(frames) > MAX_FRAMES:
        frames = frames[: MAX_FRAMES // 2] + frames[-(MAX_FRAMES // 2) :]
    try:
        message = str(error)[:MAX_MESSAGE_CHARS]
    except BaseException:  # a __str__ that raises
        message = ""
    return ["error", type(error).__name__, message, frames[-1][0] if frames else None, frames]


def send(nonce: bytes, message: list[Any]) -> None:
    """Write one message to the runner."""
    try:
        text = values.dumps(message).encode("ascii")
    except (ValueError, RecursionError, MemoryError) as error:
        text = values.dumps(["unreadable", "a value that cannot be written: %s" % error]).encode("ascii")
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # the candidate may have closed or replaced it
            pass
    data = memoryview(HEAD.pack(nonce, len(text)) + text)
    while data:
        data = data[os.write(RESULTS, data) :]


def receive() -> tuple[bytes, bytes]:
    """Return the next (nonce, text) from the runner; exits where there is none."""
    nonce, length = HEAD.unpack(read_exactly(HEAD.size))
    return nonce, read_exactly(length)


def read_exactly(count: int) -> bytes:
    """Read `count` bytes of commands."""
    chunks = []
    while count:
        chunk = os.read(COMMANDS, min(count, 1 << 20))
        if not chunk:
            os._exit(0)
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)
