"""Clients of the service, one that blocks and one for asyncio: typed, and patient.

Guarantees: each program gets one verdict; after a broken connection or server, only the unanswered part is asked again;
a full server is asked again when it says so; a problem is sent once, and then by its digest.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self

import httpx

from coderefine.errors import UsageError
from coderefine.problem.problem import Tests
from coderefine.serve.exchange import Asking, Batch, Judged, batches

__all__ = ["AsyncJudgeClient", "JudgeClient", "Judged"]
VARIABLE = "CODEREFINE_TOKEN"
PATIENCE_S = 600.0
_READ_S = 300.0
"""Seconds between two lines of an answer, at most."""


class JudgeClient:
    """Asks a server for verdicts. A context manager; may be used from several threads."""

    def __init__(self, url: str, token: str | None = None, *, patience_s: float = PATIENCE_S) -> None:
        """Without `token`, CODEREFINE_TOKEN is used. `patience_s` is how long to wait without any verdict."""
        self._http = httpx.Client(**_options(url, token))
        self._patience_s = patience_s
        self._digests: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def judge(
        self,
        problem: Mapping[str, Any],
        programs: Sequence[str],
        *,
        given: Literal["source", "rest", "answer"] = "source",
        tests: Tests = "all",
        fail_fast: bool = True,
        evidence: bool = False,
        report: bool = False,
    ) -> Iterator[Judged]:
        """Yield the results of programs, as they end.

        `problem` has one of `row`, `files` and `name`. `given` says whether programs are whole, completions of a
        prompt, or a model's answers. Raises UsageError for requests that no server accepts, and JudgeError where
        patience is at an end.
        """
        asking = Asking(given, tests, fail_fast, evidence, report)
        for part in batches(programs):
            batch = Batch(problem, part, asking, self._digests, self._patience_s)
            while not batch.is_done:
                try:
                    with self._http.stream("POST", "/judge", content=batch.body()) as response:
                        if response.status_code == httpx.codes.OK:
                            for text in response.iter_lines():
                                if judged := batch.take(text):
                                    yield judged
                            pause_s = batch.ended()
                        else:
                            again = response.headers.get("Retry-After")
                            pause_s = batch.refused(response.status_code, again, response.read())
                except httpx.TransportError as error:
                    pause_s = 0.0 if batch.is_done else batch.failed(error)
                time.sleep(pause_s)

    def verdicts(self, problem: Mapping[str, Any], programs: Sequence[str], **options: Any) -> list[Judged]:
        """Return the results of programs, in their order; options and errors are those of `judge`."""
        return sorted(self.judge(problem, programs, **options), key=_place)


class AsyncJudgeClient:
    """A client for `async with` and `async for`, on one event loop."""

    def __init__(self, url: str, token: str | None = None, *, patience_s: float = PATIENCE_S) -> None:
        """As for `JudgeClient`."""
        self._http = httpx.AsyncClient(**_options(url, token))
        self._patience_s = patience_s
        self._digests: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def judge(
        self,
        problem: Mapping[str, Any],
        programs: Sequence[str],
        *,
        given: Literal["source", "rest", "answer"] = "source",
        tests: Tests = "all",
        fail_fast: bool = True,
        evidence: bool = False,
        report: bool = False,
    ) -> AsyncIterator[Judged]:
        """Yield the results of programs, as they end; like `JudgeClient.judge`."""
        asking = Asking(given, tests, fail_fast, evidence, report)
        for part in batches(programs):
            batch = Batch(problem, part, asking, self._digests, self._patience_s)
            while not batch.is_done:
                try:
                    async with self._http.stream("POST", "/judge", content=batch.body()) as response:
                        if response.status_code == httpx.codes.OK:
                            async for text in response.aiter_lines():
                                if judged := batch.take(text):
                                    yield judged
                            pause_s = batch.ended()
                        else:
                            again = response.headers.get("Retry-After")
                            pause_s = batch.refused(response.status_code, again, await response.aread())
                except httpx.TransportError as error:
                    pause_s = 0.0 if batch.is_done else batch.failed(error)
                await asyncio.sleep(pause_s)

    async def verdicts(self, problem: Mapping[str, Any], programs: Sequence[str], **options: Any) -> list[Judged]:
        """Return the results of programs, in their order; like `JudgeClient.verdicts`."""
        return sorted([judged async for judged in self.judge(problem, programs, **options)], key=_place)


def _place(judged: Judged) -> int:
    return judged.index


def _options(url: str, token: str | None) -> dict[str, Any]:
    """Return the options of the HTTP client.

    Proxies from the environment are not used, because the token is not for them.
    """
    found = token or os.environ.get(VARIABLE, "")
    if not found and "@" not in url:
        raise UsageError(f"no token: give one, or set {VARIABLE}")
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {found}"} if found else {})}
    timeout = httpx.Timeout(30.0, read=_READ_S)
    return {"base_url": url, "headers": headers, "timeout": timeout, "trust_env": False, "limits": httpx.Limits()}
