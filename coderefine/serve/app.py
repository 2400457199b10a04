"""The service: its paths and the handling of requests. An ASGI application; `server.py` listens."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import ClassVar

import anyio
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from coderefine.errors import CoderefineError, JudgeError, SandboxUnavailable, UsageError
from coderefine.judge.judge import Judge
from coderefine.judge.worker import WorkerFault
from coderefine.serve import fusion, openapi
from coderefine.serve.answering import M, Refused, Sending, line, parsed, received, send_lines
from coderefine.serve.bounds import Bounds
from coderefine.serve.desk import Busy, Desk
from coderefine.serve.fusion_messages import RunCodeRequest, SubmitRequest
from coderefine.serve.judging import Options, count, judged, unjudged
from coderefine.serve.messages import EndLine, JudgeRequest, ProblemLine, VerdictLine
from coderefine.serve.metrics import CONTENT_TYPE, Metrics
from coderefine.serve.problems import Problems, ServedProblem, UnknownProblem
from coderefine.serve.token import is_authorized

OPEN = ("/health", "/ready")
"""Paths that need no token, for load balancers."""
_Handler = Callable[[Request, Send], Awaitable[None]]


class Service:
    """A judge that answers requests. Requests are independent, except that problems are remembered."""

    PATHS: ClassVar[dict[str, tuple[str, str]]] = {
        "/health": ("GET", "_health"),
        "/ready": ("GET", "_ready"),
        "/metrics": ("GET", "_show_metrics"),
        "/openapi.json": ("GET", "_describe"),
        "/judge": ("POST", "_judge_programs"),
        "/run_code": ("POST", "_run_code"),
        "/submit": ("POST", "_submit"),
    }
    """The method of each path, and the method of this class that answers it."""

    def __init__(self, judge: Judge, token: str, bounds: Bounds) -> None:
        self._judge, self._token, self._bounds = judge, token, bounds
        self._desk = Desk(bounds, judge.workers)
        self._problems = Problems(bounds)
        self._metrics = Metrics(self._desk, self._problems)
        self._is_failing = self._is_probing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; every error becomes an answer."""
        assert scope["type"] == "http"
        status = 0

        async def counted(message: Message) -> None:
            nonlocal status
            status = status or message.get("status", 0)
            await send(message)

        request = Request(scope, receive)
        path = scope["path"] if scope["path"] in self.PATHS else "other"
        try:
            await self._handler(request)(request, counted)
        except ClientDisconnect:
            return
        except (CoderefineError, Refused, Busy) as error:
            await _refusal(error).response()(scope, receive, counted)
        finally:
            self._metrics.answered(path, status)

    def _handler(self, request: Request) -> _Handler:
        """Return the method that answers a request; raises Refused."""
        path = request.scope["path"]
        if path not in OPEN and not is_authorized(request.headers.get("authorization", "").encode(), self._token):
            raise Refused(401, "unauthorized", "send the token: Authorization: Bearer ...", **_CHALLENGE)
        if path not in self.PATHS:
            raise Refused(404, "bad-request", f"there is {', '.join(self.PATHS)}")
        method, name = self.PATHS[path]
        if request.method != method:
            raise Refused(405, "bad-request", f"expected {method}", Allow=method)
        handler: _Handler = getattr(self, name)
        return handler

    async def _health(self, request: Request, send: Send) -> None:
        await _answer(request, send, JSONResponse({"status": "ok"}))

    async def _ready(self, request: Request, send: Send) -> None:
        """Answer whether another request would be judged: there is room, and a sandbox opens."""
        if self._is_failing and not self._is_probing:
            self._is_probing = True
            try:
                await self._desk.run(self._probe)
            finally:
                self._is_probing = False
        state = "full" if self._desk.is_full else "failing" if self._is_failing else "ready"
        await _answer(request, send, JSONResponse({"status": state}, 200 if state == "ready" else 503))

    async def _show_metrics(self, request: Request, send: Send) -> None:
        await _answer(request, send, Response(self._metrics.text(), headers={"Content-Type": CONTENT_TYPE}))

    async def _describe(self, request: Request, send: Send) -> None:
        await _answer(request, send, JSONResponse(openapi.document()))

    async def _judge_programs(self, request: Request, send: Send) -> None:
        """Judge programs; the answer has a line for each, as they end."""
        async with received(request, self._bounds, self._desk) as body:
            asked = await parsed(JudgeRequest, body)
            if len(asked.programs) > self._bounds.programs:
                raise Refused(413, "too-large", f"a request may have {self._bounds.programs:,} programs")
            with self._desk.programs(len(asked.programs)) as ended:
                served = await self._desk.run(partial(self._problems.get, self._judge, asked.problem))
                await send_lines(request.receive, send, partial(self._write, asked, served, ended))

    async def _write(
        self, asked: JudgeRequest, served: ServedProblem, ended: Callable[[], None], send: Sending
    ) -> None:
        """Write a line for the problem, one for each program as it ends, and one that marks the end."""
        tests = count(served, asked.tests)
        await send(line(ProblemLine(problem=served.digest, slug=served.problem.slug, tests=tests)))
        options, upcoming = Options.of(asked), iter(enumerate(asked.programs))
        found, lines = anyio.create_memory_object_stream[bytes](0)  # a slow client so slows down its own judging
        done = 0

        async def run() -> None:
            for index, text in upcoming:
                verdict = await self._one(served, index, text, options)
                ended()
                await found.send(line(verdict))

        async def run_all() -> None:
            async with found, anyio.create_task_group() as group:
                for _ in range(min(self._desk.sandboxes, len(asked.programs))):
                    group.start_soon(run)

        try:
            async with lines, anyio.create_task_group() as group:
                group.start_soon(run_all)
                async for data in lines:
                    await send(data)
                    done += 1
        except* CoderefineError as errors:
            await send(_refusal(_first(errors)).body())
        else:
            await send(line(EndLine(done=done)))

    async def _one(self, served: ServedProblem, index: int, text: str, options: Options) -> VerdictLine:
        asked_at = time.monotonic()
        for attempt in (1, 2):
            try:
                found = await self._desk.run(partial(judged, self._judge, served, index, text, options))
                self._is_failing = False
                break
            except (JudgeError, SandboxUnavailable) as error:
                if attempt == 1 and isinstance(error, SandboxUnavailable):
                    continue  # a program that had not started was cancelled
                found = unjudged(served, index, error, options)
                self._is_failing = True
                break
        waited_s = time.monotonic() - asked_at - found.wall_s
        self._metrics.judged(found.verdict.value, waited_s, found.wall_s)
        return found

    async def _run_code(self, request: Request, send: Send) -> None:
        await self._run_one(request, send, RunCodeRequest, fusion.run_code)

    async def _submit(self, request: Request, send: Send) -> None:
        await self._run_one(request, send, SubmitRequest, fusion.submit)

    async def _run_one(
        self, request: Request, send: Send, model: type[M], run: Callable[[Judge, M, Bounds], BaseModel]
    ) -> None:
        """Answer a request about one program with its whole result."""
        async with received(request, self._bounds, self._desk) as body:
            asked = await parsed(model, body)
            with self._desk.programs(1) as ended:
                found = await self._desk.run(partial(run, self._judge, asked, self._bounds))
                ended()
        await _answer(request, send, JSONResponse(found.model_dump(mode="json")))

    def _probe(self) -> None:
        try:
            with self._judge.sandboxes.candidates.lease(0):
                self._is_failing = False
        except (WorkerFault, CoderefineError):
            self._is_failing = True


_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="coderefine"', "Connection": "close"}


async def _answer(request: Request, send: Send, response: Response) -> None:
    await response(request.scope, request.receive, send)


def _refusal(error: Exception) -> Refused:
    """Return the answer for an error."""
    match error:
        case Refused():
            return error
        case Busy():
            return Refused(429, "busy", str(error), **{"Retry-After": str(error.retry_after_s)})
        case UnknownProblem():
            return Refused(404, "unknown-problem", str(error))
        case UsageError():
            return Refused(422, "bad-problem", str(error))
    return Refused(503, "failed", str(error), **{"Retry-After": "5"})


def _first(errors: BaseExceptionGroup[CoderefineError]) -> CoderefineError:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, CoderefineError)
    return error
