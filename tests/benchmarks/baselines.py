"""What the judge is compared with: other ways to run a candidate on cases, none of which protects anything.

Each is a context manager whose `run(source, cases)` returns the answers, a list as long as `cases`.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from contextlib import contextmanager

from coderefine import resources

_LENGTH = struct.Struct(">I")

# A zygote as small as ours, with the same modules loaded, and nothing else of it: no limits, no confinement, no nonce,
# no time measured, one message for all cases. The parent only forwards the bytes.
_ZYGOTE = """
import gc, json, os, struct, sys
exec(compile(os.environ.pop("PRELUDE"), "prelude", "exec"), {"__name__": "prelude"})
def read(count):
    data = b""
    while len(data) < count:
        chunk = os.read(0, count - len(data))
        if not chunk:
            sys.exit()
        data += chunk
    return data
gc.collect(); gc.freeze(); gc.disable()
while True:
    request = read(*struct.unpack(">I", read(4)))
    results, end = os.pipe()
    pid = os.fork()
    if pid == 0:
        source, entry, cases = json.loads(request)
        scope = {"__name__": "solution"}
        exec(compile(source, "solution.py", "exec"), scope)
        data = json.dumps([scope[entry](*case) for case in cases]).encode()
        while data:
            data = data[os.write(end, data):]
        os._exit(0)
    os.close(end)
    data = b""
    while True:
        chunk = os.read(results, 65536)
        if not chunk:
            break
        data += chunk
    os.close(results)
    os.waitpid(pid, 0)
    os.write(1, struct.pack(">I", len(data)) + data)
"""

_ONCE = """
import json, sys
source, entry, cases = json.load(sys.stdin)
scope = {"__name__": "solution"}
exec(compile(source, "solution.py", "exec"), scope)
print(json.dumps([scope[entry](*case) for case in cases]))
"""
_PYTHON = ["-I", "-S", "-c"]


class BareFork:
    """fork() and exec() in a warm zygote."""

    def __init__(self, entry: str) -> None:
        self._entry = entry
        prelude = (resources.sandbox_dir() / "prelude.py").read_text(encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, *_PYTHON, _ZYGOTE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={"PRELUDE": prelude, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def run(self, source, cases):
        request = json.dumps([source, self._entry, cases]).encode()
        self._process.stdin.write(_LENGTH.pack(len(request)) + request)
        return json.loads(self._read(*_LENGTH.unpack(self._read(4))))

    def _read(self, count):
        data = b""
        while len(data) < count:
            chunk = os.read(self._process.stdout.fileno(), count - len(data))
            if not chunk:
                raise EOFError("the bare zygote ended")
            data += chunk
        return data


class Command:
    """A process a candidate; `command` ends where the interpreter's own arguments begin."""

    def __init__(self, entry: str, command: list[str]) -> None:
        self._entry, self._command = entry, command

    def run(self, source, cases):
        request = json.dumps([source, self._entry, cases])
        done = subprocess.run(
            [*self._command, *_PYTHON, _ONCE], input=request, capture_output=True, text=True, check=True, timeout=120
        )
        return json.loads(done.stdout)


def docker_is_missing(image: str) -> str:
    """Return why the docker command cannot run containers of the image; empty where it can."""
    if not shutil.which("docker"):
        return "no docker command"
    done = subprocess.run(
        ["docker", "image", "inspect", image], capture_output=True, text=True, check=False, timeout=60
    )
    return (done.stderr.strip().splitlines() or ["docker failed"])[-1] if done.returncode else ""


def docker_run(entry: str, image: str) -> Command:
    return Command(entry, ["docker", "run", "--rm", "-i", "--network", "none", "--entrypoint", "python3", image])


@contextmanager
def docker_exec(entry: str, image: str):
    # It ends by itself even if we are killed.
    waiting = ["--entrypoint", "python3", image, "-c", "import time; time.sleep(3600)"]
    started = subprocess.run(
        ["docker", "run", "-d", "--rm", "--init", "--network", "none", *waiting],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    container = started.stdout.strip()
    try:
        yield Command(entry, ["docker", "exec", "-i", container, "python3"])
    finally:
        subprocess.run(["docker", "rm", "-f", container], capture_output=True, check=False, timeout=60)
