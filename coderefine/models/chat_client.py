"""An HTTP client for chat completions that returns plain ones, however the server writes them.

Servers that claim to speak OpenAI's protocol stream unasked, or stream always; send content as a list of parts; or
report an error with status 200. Requests ask for a stream where the server accepts that, so that a silence is noticed,
and the parts of the answer are put together here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx

from coderefine.errors import UnreadableError
from coderefine.models.transfer import Transfer
from coderefine.outside import read_json

_PATH = "/chat/completions"
_PARTS = ("reasoning_content", "reasoning", "content")


class BrokenStreamError(httpx.RemoteProtocolError):
    """A stream ended before the answer was complete."""


class ChatClient(httpx.Client):
    """A client for a single request of a chat completion."""

    def __init__(self, transfer: Transfer) -> None:
        super().__init__(follow_redirects=False)
        self.transfer = transfer

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request; a chat completion is returned as one JSON body."""
        if not request.url.path.endswith(_PATH):
            return super().send(request, **options)
        response = super().send(self._streaming(request), **{**options, "stream": True})
        try:
            return self._plain(response, request)
        finally:
            response.close()

    def _streaming(self, request: httpx.Request) -> httpx.Request:
        body = json.loads(request.content)
        if self.transfer.stream:
            body["stream"] = True
            if self.transfer.stream_usage:
                body["stream_options"] = {"include_usage": True}
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"content-length"]
        extensions = {**request.extensions, "trace": self._note_connection}
        return httpx.Request(request.method, request.url, headers=headers, json=body, extensions=extensions)

    def _note_connection(self, event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            self.transfer.connection = info["return_value"].get_extra_info("socket")

    def _plain(self, response: httpx.Response, request: httpx.Request) -> httpx.Response:
        self.transfer.status = response.status_code
        if response.status_code != httpx.codes.OK:
            body = self._bytes(response, 2**20)
            # At these words litellm sends the request once more, with an empty message in it.
            body = body.replace(b"roles must alternate", b"roles have to alternate")
            return _response(response.status_code, response, request, body)
        lines = self._lines(response)
        first = next((line for line in lines if line.strip()), b"")
        self.transfer.began = not first.lstrip().startswith(b"<")  # an HTML page is not an answer
        if first.startswith((b"data:", b"event:", b":", b"id:", b"retry:")):
            return self._put_together(first, lines, response, request)
        self.transfer.beat()
        body = b"\n".join([first, *lines])
        try:
            data = read_json(body.decode("utf-8", "replace"), surrogates=True)
        except UnreadableError:
            return httpx.Response(response.status_code, text=body[:2000].decode("utf-8", "replace"), request=request)
        if isinstance(data, dict) and data.get("error") and not data.get("choices"):
            self.transfer.began = False
            return _response(_status(data["error"]), response, request, body)
        return _response(response.status_code, response, request, json.dumps(_flat(data)).encode())

    def _bytes(self, response: httpx.Response, most: int) -> bytes:
        found = bytearray()
        for chunk in response.iter_bytes():
            if chunk.strip():
                self.transfer.beat()
            found += chunk
            if len(found) > most:
                break
        return bytes(found)

    def _lines(self, response: httpx.Response) -> Iterator[bytes]:
        """Yield the lines of a body, until it is far longer than was asked for."""
        rest = bytearray()
        total = 0
        for chunk in response.iter_bytes():
            self.transfer.began = self.transfer.began or chunk.lstrip()[:1] in (b"{", b"d")
            total += len(chunk)
            head, newline, tail = chunk.rpartition(b"\n")
            if not newline:
                rest += chunk
            else:
                yield from bytes(rest + head).split(b"\n")
                rest = bytearray(tail)
            if total > 64 * self.transfer.most_chars + 2**24:
                return
        if rest:
            yield bytes(rest)

    def _put_together(
        self, first: bytes, lines: Iterator[bytes], response: httpx.Response, request: httpx.Request
    ) -> httpx.Response:
        whole: dict[str, Any] = {"object": "chat.completion", "model": "", "created": 0, "id": ""}
        message: dict[str, Any] = {"role": "assistant", "content": None}
        calls: dict[int, dict[str, Any]] = {}
        finish, done = None, False
        for line in _chain(first, lines):
            if not line.startswith(b"data:"):
                continue
            text = line.removeprefix(b"data:").strip()
            if text == b"[DONE]":
                done = True
                break
            try:
                event = read_json(text.decode("utf-8", "replace"), surrogates=True)
            except UnreadableError:
                continue
            if not isinstance(event, dict):
                continue
            if event.get("error") and not event.get("choices"):
                self.transfer.began = self.transfer.chars > 0
                return _response(_status(event["error"]), response, request, text)
            whole |= {key: event[key] for key in ("id", "model", "created", "usage") if event.get(key)}
            choices = event.get("choices")
            choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
            finish = choice.get("finish_reason") or finish
            self._take(choice.get("delta") or choice.get("message") or {}, message, calls)
            if self.transfer.chars > self.transfer.most_chars:
                finish = "length"
                break
        if finish is None and not done:
            raise BrokenStreamError("the stream ended before the answer did", request=request)
        for key, pieces in self.transfer.texts.items():
            message["reasoning_content" if key == "reasoning" else key] = "".join(pieces)
        if calls:
            message["tool_calls"] = [calls[index] for index in sorted(calls)]
        whole["choices"] = [{"index": 0, "finish_reason": finish or "stop", "message": message}]
        return _response(response.status_code, response, request, json.dumps(_flat(whole)).encode())

    def _take(self, delta: Any, message: dict[str, Any], calls: dict[int, dict[str, Any]]) -> None:
        """Add a piece of a message to the message so far."""
        if not isinstance(delta, dict):
            return
        for key in _PARTS:
            piece = _text(delta.get(key))
            if isinstance(piece, str) and piece:
                self.transfer.texts.setdefault(key, []).append(piece)
                self.transfer.chars += len(piece)
                self.transfer.beat()
        if isinstance(delta.get("refusal"), str):
            message["refusal"] = (message.get("refusal") or "") + delta["refusal"]
        for call in delta.get("tool_calls") or []:
            function = call.get("function") if isinstance(call, dict) else None
            if not isinstance(function, dict):
                continue
            index = call.get("index") if isinstance(call.get("index"), int) else 0
            known = calls.setdefault(index, {"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
            known["id"] = call.get("id") or known["id"]
            for key in ("name", "arguments"):
                if isinstance(function.get(key), str):
                    known["function"][key] += function[key]
                    self.transfer.chars += len(function[key])
            self.transfer.beat()


def _chain(first: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from lines


def _flat(data: Any) -> Any:
    """Return a completion whose contents are strings, where the server sent lists of parts."""
    choices = data.get("choices") if isinstance(data, dict) else None
    for choice in choices if isinstance(choices, list) else []:
        message = choice.get("message") if isinstance(choice, dict) else None
        if isinstance(message, dict) and isinstance(message.get("content"), list):
            message["content"] = _text(message["content"])
    return data


def _text(content: Any) -> Any:
    """Return content as a string; a part of it may be a string or contain one."""
    if not isinstance(content, list):
        return content
    parts = (
        part.get("text") if isinstance(part, dict) and part.get("type") != "thinking" else part for part in content
    )
    return "".join(part for part in parts if isinstance(part, str))


def _status(error: Any) -> int:
    """Return the status that an error in the body of a success should have had."""
    code = error.get("code") if isinstance(error, dict) else None
    code = int(code) if isinstance(code, str) and code.isdecimal() and len(code) == 3 else code
    return code if isinstance(code, int) and 400 <= code < 600 else 502


def _response(status: int, like: httpx.Response, request: httpx.Request, body: bytes) -> httpx.Response:
    left_out = {"content-encoding", "content-length", "transfer-encoding", "connection"}
    headers = {name: value for name, value in like.headers.items() if name.lower() not in left_out}
    if body[:1] in (b"{", b"["):
        headers["content-type"] = "application/json"
    return httpx.Response(status, headers=headers, content=body, request=request)
