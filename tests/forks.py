"""Runs the command line in children of a process that has imported it: each is a process of its own, in no time.

    with Forks() as forks:
        code, out, err = forks.run("refine", "two-sum", "solution.py")

What is about imports, or about how an interpreter begins and ends, needs the real command instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SERVER = """
import gc, json, os, sys
gc.disable()  # what is imported stays
import httpcore, litellm, litellm.proxy.openai_files_endpoints.common_utils, openai.resources.chat  # as the first call does
import coderefine.cli.narrator, coderefine.descent.engine, coderefine.folder.loading, coderefine.runs.tasks
import coderefine.cli, coderefine.cli.outcome, coderefine.cli.refine, coderefine.cli.refining, coderefine.cli.resume
import coderefine.cli.score, coderefine.judge.local, coderefine.models.litellm_model, coderefine.search.engine
import rich.console, rich.live, rich.table
gc.freeze()
gc.enable()
for line in sys.stdin:
    order = json.loads(line)
    streams = [os.open(path, flags, 0o600) for path, flags in order["streams"]]
    pid = os.fork()
    if not pid:
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdout.reconfigure(line_buffering=sys.stdout.isatty())
        sys.argv = ["coderefine", *order["arguments"]]
        try:
            coderefine.cli.main()
        except SystemExit as end:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(end.code or 0)
    for stream in streams:
        os.close(stream)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
os._exit(0)
"""
_ENVIRONMENT = {"LITELLM_MODE": "PRODUCTION", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
_MODEL = {"OPENAI_API_KEY": "dummy-key", "NO_PROXY": "127.0.0.1"}
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@dataclass
class Child:
    """A command that was started."""

    pid: int
    _answers: object

    def wait(self) -> int:
        """Return its exit code once it has ended; minus the signal that ended it."""
        return os.waitstatus_to_exitcode(int(self._answers.readline()))


class Forks:
    """A process that forks; of its children, one runs at a time."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="coderefine-forks-")
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **_ENVIRONMENT},
        )

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self._folder.cleanup()

    def start(
        self, *arguments: object, streams: list[str], cwd: object = ".", env: Mapping[str, str] | None = None
    ) -> Child:
        """Start `coderefine *arguments` with these files, or this one terminal, as its three streams."""
        flags = [os.O_RDWR | os.O_NOCTTY] * 3 if len(streams) == 1 else [os.O_RDONLY, _WRITE, _WRITE]
        order = {
            "arguments": [str(argument) for argument in arguments],
            "cwd": str(Path(cwd).absolute()),
            "env": {**(os.environ if env is None else env), **_ENVIRONMENT},
            "streams": list(zip(streams * 3 if len(streams) == 1 else streams, flags, strict=True)),
        }
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return Child(int(self._process.stdout.readline()), self._process.stdout)

    def run(self, *arguments: object, kill_after_s: float | None = None) -> tuple[int, str, str]:
        """Run `coderefine *arguments` to its end; return exit code (-9 if it was killed), standard output and error."""
        out, err = Path(self._folder.name, "out"), Path(self._folder.name, "err")
        child = self.start(*arguments, streams=[os.devnull, str(out), str(err)], env={**os.environ, **_MODEL})
        if kill_after_s is not None:
            with contextlib.suppress(ProcessLookupError):  # it has ended already
                handle = os.pidfd_open(child.pid)
                time.sleep(kill_after_s)
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        return child.wait(), out.read_text(), err.read_text()
