"""A scripted OpenAI-compatible server on 127.0.0.1, so that tests run the real client over real HTTP.

    with serve(["first answer", {"status": 429, "headers": {"Retry-After": "0"}}, "second answer"]) as server:
        LiteLLMModel("openai/scripted", api_base=server.url).complete(prompt)
        server.requests[0].user

A reply is the text of an answer; a dict of any of `status` (200), `body` (JSON data, text or bytes), `headers`,
`hang` (True: say nothing until the test ends), `drip` (True: send blank lines until the test ends), `slow` (seconds
between the lines of the body) and `cut` (True: close the connection half-way through the body); or a function of the request that returns one of these. Replies are
consumed in order; after the last one every request is refused with status 400, which no client retries.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROMPT_TOKENS, COMPLETION_TOKENS = 100, 20
OVER = {"status": 400, "body": {"error": {"message": "the script has no more replies"}}}


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def system(self) -> str:
        return self._message("system")

    @property
    def user(self) -> str:
        return self._message("user")

    def _message(self, role: str) -> str:
        contents = (message["content"] for message in self.body["messages"] if message["role"] == role)
        return "\n".join(it if isinstance(it, str) else it[0]["text"] for it in contents)  # images stand behind it


Reply = str | dict[str, Any] | Callable[[Request], "str | dict[str, Any]"]


@dataclass
class Script:
    """A running server: its address and what it was sent so far."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)


def completion(
    text: str | None, *, finish_reason: str = "stop", model: str = "scripted", **message: Any
) -> dict[str, Any]:
    """The body of a chat completion."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [
            {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": text, **message}}
        ],
        "usage": {
            "prompt_tokens": PROMPT_TOKENS,
            "completion_tokens": COMPLETION_TOKENS,
            "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS,
        },
    }


def stream(*pieces: str, finish_reason: str | None = "stop", done: bool = True, usage: bool = True) -> dict[str, Any]:
    """A reply that streams an answer in these pieces."""
    events: list[dict[str, Any]] = [
        {"id": "1", "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]} for piece in pieces
    ]
    events.append({"id": "1", "choices": [{"index": 0, "delta": {}, "finish_reason": finish_reason}]})
    if usage:
        counts = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS}
        events.append({"id": "1", "choices": [], "usage": counts})
    lines = [f"data: {json.dumps(event)}\n\n" for event in events] + ["data: [DONE]\n\n"] * done
    return {"body": "".join(lines), "headers": {"Content-Type": "text/event-stream"}}


@contextlib.contextmanager
def serve(replies: Iterable[Reply]) -> Iterator[Script]:
    """Run a server with these replies until the block ends."""
    script, remaining, lock, over = Script(), iter(replies), threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            request = Request(self.path, dict(self.headers), json.loads(self.rfile.read(length)))
            with lock:
                script.requests.append(request)
                reply = next(
                    remaining, {"status": 400, "body": {"error": {"message": "the script has no more replies"}}}
                )
            if callable(reply):
                reply = reply(request)
            self._send({"body": completion(reply)} if isinstance(reply, str) else reply)

        def _send(self, reply: dict[str, Any]) -> None:
            if reply.get("hang"):
                over.wait(60)
            data = reply.get("body", "")
            if not isinstance(data, str | bytes):
                data = json.dumps(data)
            data = data.encode() if isinstance(data, str) else data
            headers = {"Content-Type": "application/json", "Content-Length": str(len(data)), "Connection": "close"}
            if reply.get("drip"):
                del headers["Content-Length"]  # more is to come
            self.send_response(reply.get("status", 200))
            for name, value in (headers | reply.get("headers", {})).items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                while reply.get("drip") and not over.wait(0.05):
                    self.wfile.write(b"\n")
                if reply.get("cut"):
                    self.wfile.write(data[: len(data) // 2])
                    self.connection.shutdown(socket.SHUT_RDWR)
                elif reply.get("slow"):
                    for line in data.splitlines(keepends=True):
                        if over.wait(reply["slow"]):
                            break
                        self.wfile.write(line)
                        self.wfile.flush()
                else:
                    self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that hung up; what a test is about shows on the client's side

    server = Server(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
