"""The Docker backend: the runner is PID 1 of a container that has nothing but an interpreter.

Docker separates and limits the container as a whole; inside it, candidates are confined as in the local backend
(`sandbox/confine.py`). A container lives as long as its standard input: when the host ends, however it ends, the
runner ends, and the engine removes the container.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

from coderefine.errors import SandboxUnavailable
from coderefine.interrupts import interruptible
from coderefine.judge import bundle, container, denial, engines, packages
from coderefine.judge.bundle import NO_SITE
from coderefine.judge.starts import Starts
from coderefine.judge.worker import Worker, WorkerFault, WorkerRefused

NAME = "docker"
LABEL = "coderefine.sandbox"
_UNSTARTED_S = 300.0
"""Seconds that a busy engine may take from creating a container to starting it."""
_PROFILE_REFUSED = "opening seccomp profile failed"
"""The beginning of Podman's message where it cannot open a seccomp profile."""
_STREAM_HEADER = struct.Struct(">BxxxI")


def connect(timeout_s: int = 30) -> Any:
    """Return a client of an engine that answers, each time within `timeout_s`; raises SandboxUnavailable."""
    client, _ = engines.connect(timeout_s)
    return client


class DockerChannel:
    """The attached streams of one container."""

    def __init__(
        self,
        client: Any,
        image: str,
        program: bytes,
        memory_mib: int,
        runtime: str | None,
        *,
        scratch: bool = False,
        allow: tuple[str, ...] = (),
        starts: Starts | None = None,
    ) -> None:
        import docker

        self._client = client
        self._errors = b""
        self._pending = b""
        self._closed = False
        self.container = ""
        """The engine's id of the container."""
        self.asked = container.host_config(client, memory_mib, runtime, scratch=scratch, allow=allow, starts=starts)
        """The limits and prohibitions that the engine was asked for."""

        def create() -> str:
            made: str = client.create_container(
                image,
                entrypoint=["python3"],
                command=bundle.arguments(program),
                environment={**bundle.ENVIRONMENT, "PYTHONPATH": "", "PYTHONHOME": ""},
                user="0:0",
                working_dir="/",
                stdin_open=True,
                # else the engine resolves no host name, not even localhost
                network_disabled="network-loopback" not in allow,
                use_config_proxy=False,
                labels={LABEL: "1"},
                host_config=self.asked,
            )["Id"]
            return made

        try:
            try:
                self.container = create()
            except docker.errors.APIError as error:
                if _PROFILE_REFUSED not in str(error):
                    raise
                with container.profile_in_a_file(self.asked):
                    self.container = create()
            attach = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            self._stream = client.attach_socket(self.container, params=attach)
            self._socket: socket.socket = getattr(self._stream, "_sock", self._stream)
            client.start(self.container)
        except (docker.errors.DockerException, OSError) as error:
            self.close()
            if "nr_inodes" in str(error):  # without it, the number of files in the scratch would have no limit
                raise WorkerRefused("Podman limits no file system in memory by its number of names") from None
            if _PROFILE_REFUSED in str(error):
                raise WorkerFault(
                    "this engine reads a seccomp profile from its own machine, where ours is not; "
                    "take a Docker engine, Podman on this machine, or --sandbox local"
                ) from None
            raise WorkerFault(f"the Docker engine did not start a container: {error}") from None
        self.send(program)

    def send(self, data: bytes) -> None:
        """Send all of `data`; raises OSError."""
        self._socket.settimeout(30)
        self._socket.sendall(data)

    @interruptible
    def receive(self, timeout_s: float) -> bytes:
        """Return some bytes of standard output, none at the end; raises TimeoutError or OSError."""
        deadline = time.monotonic() + timeout_s
        while True:  # standard error, which is not returned, must not prolong the wait
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            data = self._socket.recv(1 << 18)
            if not data:
                return b""
            self._pending += data
            output = self._split()
            if output:
                return output
            if time.monotonic() > deadline:
                raise TimeoutError

    def _split(self) -> bytes:
        """Return the standard output in the complete pieces of the engine's multiplexed stream; keep the standard
        error.
        """
        output = []
        while len(self._pending) >= _STREAM_HEADER.size:
            kind, size = _STREAM_HEADER.unpack_from(self._pending)
            end = _STREAM_HEADER.size + size
            if len(self._pending) < end:
                break
            piece, self._pending = self._pending[_STREAM_HEADER.size : end], self._pending[end:]
            if kind == 2:
                self._errors = (self._errors + piece)[-(1 << 16) :]
            else:
                output.append(piece)
        return b"".join(output)

    def close(self) -> str:
        """Remove the container with all that runs in it; return the end of its standard error."""
        import docker

        if not self._closed:
            self._closed = True
            if self.container:
                with contextlib.suppress(docker.errors.DockerException, OSError):
                    self._client.remove_container(self.container, force=True)
            if hasattr(self, "_stream"):
                response = getattr(self._stream, "_response", self._stream)
                for opened in (response, self._stream, self._socket):  # from the outside in: each flushes the next
                    with contextlib.suppress(OSError):
                        opened.close()
        return self._errors.decode("utf-8", "replace")


def open_channel(
    client: Any, image: str, memory_mib: int, runtime: str | None = None, site: Mapping[str, Any] = NO_SITE
) -> DockerChannel:
    """Start a container; raises WorkerFault. `site` says where packages for candidates are (see `site.py`)."""
    program = bundle.program(separate=False, require_landlock=False, **site)
    return DockerChannel(client, image, program, memory_mib, runtime)


def open_worker(
    client: Any, image: str, memory_mib: int, runtime: str | None = None, site: Mapping[str, Any] = NO_SITE
) -> Worker:
    """Start a container and wait for its runner; raises WorkerFault."""
    return Worker(open_channel(client, image, memory_mib, runtime, site), memory_mib)


def open_suite(
    client: Any,
    image: str,
    memory_mib: int,
    runtime: str | None = None,
    allow: tuple[str, ...] = (),
    site: Mapping[str, Any] = NO_SITE,
) -> Worker:
    """Start a container in which pytest runs, the image's or else our own; raises WorkerFault or SandboxUnavailable."""
    config = {"scratch": container.SCRATCH, "packages": packages.pack(), "allow": list(allow)}
    program = bundle.program(separate=False, require_landlock=False, suite=config, **site)
    try:
        channel = DockerChannel(client, image, program, memory_mib, runtime, scratch=True, allow=allow)
        worker = Worker(channel, memory_mib)
    except WorkerRefused as refusal:
        raise SandboxUnavailable(
            f"pytest cannot run in the image {image}: {refusal}; "
            + (
                "take a Docker engine, or --sandbox local"
                if "Podman" in str(refusal)
                else "take one with the Python of this machine or a newer one (--image python:3.13-slim), or one in "
                "which pytest is installed"
            )
        ) from None
    return denial.passed(worker, (), allow)


def open_evaluator(
    client: Any, image: str, memory_mib: int, runtime: str | None, site: Mapping[str, Any], starts: Starts | None
) -> Worker:
    """Start a container for an evaluator with packages, and perhaps a program to start; raises WorkerFault."""
    if starts is None:
        return open_worker(client, image, memory_mib, runtime, site)
    program = bundle.program(separate=False, require_landlock=False, evaluator=starts.config(container.SCRATCH), **site)
    worker = Worker(DockerChannel(client, image, program, memory_mib, runtime, starts=starts), memory_mib)
    return denial.passed(worker, (), (denial.ONE_PROGRAM,), own_folder=True)


def reap(client: Any) -> None:
    """Remove our containers that were created but never started, as a host leaves them that is killed at that moment.

    A young one is kept: it may belong to another host, which is about to start it.
    """
    import docker

    found = client.containers(all=True, filters={"label": LABEL, "status": "created"})
    for created in found:
        if time.time() - created["Created"] < _UNSTARTED_S:
            continue
        with contextlib.suppress(docker.errors.DockerException):
            client.remove_container(created["Id"])
