"""Listens: runs the service under uvicorn, on one address, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from coderefine.errors import CoderefineError, UsageError
from coderefine.judge.judge import Judge
from coderefine.serve.app import Service
from coderefine.serve.bounds import Bounds
from coderefine.serve.protocol import protocol_of

_BACKLOG = 1024


class _Server(uvicorn.Server):
    """A server that reports when it listens, and returns after a signal, which uvicorn's own would raise again."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM, if this is the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening."""
        await super().startup(sockets)
        self._on_start()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that is bound there, for port 0 to any free port; raises UsageError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except BaseException:
            bound.close()
            raise
    except (OSError, OverflowError, UnicodeError) as error:
        raise UsageError(f"cannot listen on {host}, port {port}: {error}") from None
    return bound


def address_of(bound: socket.socket, *, is_tls: bool = False) -> str:
    """Return the address by which a client reaches a socket."""
    host, port = bound.getsockname()[:2]
    return f"http{'s' * is_tls}://{f'[{host}]' if ':' in host else host}:{port}"


def serve(
    judge: Judge,
    token: str,
    bound: socket.socket,
    bounds: Bounds,
    *,
    certificate: Path | None = None,
    key: Path | None = None,
    on_start: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT; requests then continue for `grace_s`. A second SIGINT ends them at once.

    Raises CoderefineError where the certificate cannot be used.
    """
    server = _server(judge, token, bounds, certificate, key, on_start)
    with bound:
        asyncio.run(server.serve([bound]))


@contextmanager
def served(judge: Judge, token: str, bounds: Bounds | None = None) -> Iterator[str]:
    """Serve from a thread of this process, on a free port of 127.0.0.1; yield the address."""
    bound, started = listening("127.0.0.1", 0), threading.Event()
    server = _server(judge, token, bounds or Bounds(), None, None, started.set)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([bound])), daemon=True)
    with bound:
        address = address_of(bound)
        thread.start()
        try:
            if not started.wait(30):
                raise CoderefineError("the server did not start")
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _server(
    judge: Judge,
    token: str,
    bounds: Bounds,
    certificate: Path | None,
    key: Path | None,
    on_start: Callable[[], None],
) -> _Server:
    config = uvicorn.Config(
        Service(judge, token, bounds),
        http=protocol_of(bounds),
        ws="none",
        loop="asyncio",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(bounds.head_s),
        timeout_graceful_shutdown=int(bounds.grace_s),
        backlog=_BACKLOG,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    try:
        config.load()
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise UsageError(f"cannot use the certificate {certificate}: {error}") from None
    return _Server(config, on_start)
