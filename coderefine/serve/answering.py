"""Receives requests and sends answers: bodies within limits, errors as JSON, and verdicts line by line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Send

from coderefine.errors import UnreadableError
from coderefine.outside import read_json
from coderefine.rendering import cut
from coderefine.serve.bounds import Bounds
from coderefine.serve.desk import Desk
from coderefine.serve.messages import ErrorBody

M = TypeVar("M", bound=BaseModel)
Sending = Callable[[bytes], Awaitable[None]]
"""Sends a line."""
LINES = "application/x-ndjson"
_MAX_MESSAGE_CHARS = 2000
_MAX_FAULTS = 5


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, error: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.error, self.headers = status, error, headers

    def response(self) -> Response:
        """Return the answer; where the rest of the body was not read, the connection ends with it."""
        return Response(self.body(), self.status, self.headers, media_type="application/json")

    def body(self) -> bytes:
        """Return the error as JSON."""
        return line(ErrorBody(error=self.error, message=cut(str(self), _MAX_MESSAGE_CHARS)))


@asynccontextmanager
async def received(request: Request, bounds: Bounds, desk: Desk) -> AsyncIterator[bytes]:
    """Yield the body of a request, while there is room for it; raises Refused, Busy or ClientDisconnect."""
    size = _declared(request, bounds)
    with desk.room(size):
        parts, length = [], 0
        try:
            with anyio.fail_after(bounds.body_s):
                async for part in request.stream():
                    length += len(part)
                    if length > bounds.body_bytes:
                        raise _too_large(bounds)
                    parts.append(part)
        except TimeoutError:
            raise Refused(408, "late", f"the body took longer than {bounds.body_s:g} s", Connection="close") from None
        yield b"".join(parts)


def _declared(request: Request, bounds: Bounds) -> int:
    """Return the size reserved for a body: its declared length, or the most allowed; raises Refused."""
    given = request.headers.get("content-length")
    if given is None:
        return bounds.body_bytes
    size = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else bounds.body_bytes + 1
    if size > bounds.body_bytes:
        raise _too_large(bounds)
    return size


def _too_large(bounds: Bounds) -> Refused:
    limit = f"a request may have {bounds.body_bytes >> 20} MiB"
    return Refused(413, "too-large", f"{limit}; send fewer programs at once", Connection="close")


async def parsed(model: type[M], body: bytes) -> M:
    """Return the message in a body, parsed in a thread; raises Refused."""
    return await anyio.to_thread.run_sync(partial(_parsed, model, body))


def _parsed(model: type[M], body: bytes) -> M:
    try:
        return model.model_validate(read_json(body))
    except UnreadableError as error:
        raise Refused(400, "bad-request", f"expected JSON: {error}") from None
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        told = "; ".join(f"{'.'.join(map(str, it['loc'])) or 'body'}: {it['msg']}" for it in faults[:_MAX_FAULTS])
        raise Refused(422, "bad-request", told) from None


def line(model: BaseModel) -> bytes:
    """Return a line of JSON; half a surrogate pair, which a program may print, becomes a mark."""
    try:
        return model.model_dump_json(exclude_none=True).encode() + b"\n"
    except ValueError:
        return json.dumps(model.model_dump(mode="json", exclude_none=True)).encode() + b"\n"


async def send_lines(receive: Receive, send: Send, write: Callable[[Sending], Awaitable[None]]) -> None:
    """Answer with the lines that `write` sends; it is cancelled when the client disconnects."""
    headers = [
        (b"content-type", LINES.encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),  # or nginx would hold back lines
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send_line(data: bytes) -> None:
        await send({"type": "http.response.body", "body": data, "more_body": True})

    async def end_with_client() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(end_with_client)
        await write(send_line)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        group.cancel_scope.cancel()
