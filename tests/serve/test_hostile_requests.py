"""Requests that mean no good: each is refused or dropped in time, and the next one is served."""

import contextlib
import json
import select
import socket
import threading
import time

import httpx
import pytest

from coderefine.serve.app import Service
from coderefine.serve.token import is_authorized
from tests.serve.conftest import HEAD, TOKEN
from tests.serve.test_judging import LOOPS, RIGHT, ROW, STDIO

GOOD = {"problem": {"row": ROW}, "programs": [RIGHT]}
SLOW_PROGRAMS = {"problem": {"row": STDIO}}


def is_served(http):
    return '"AC"' in http.post("/judge", json=GOOD).text


BODIES = {
    "deep": b'{"problem":' + b"[" * 100_000,
    "closed and deep": b'{"problem":{"row":{"a":' + b"[" * 5000 + b"]" * 5000 + b'}},"programs":["x"]}',
    "a number of a million digits": b'{"problem":{"name":"two-sum"},"programs":["x"],"tests":'
    + b"9" * 1_000_000
    + b"}",
    "many values": b"[" + b"0," * 3_000_000 + b"0]",
    "no JSON": b"programs=1",
    "nothing": b"",
    "no UTF-8": b'{"problem": "\xff"}',
    "half a pair": b'{"problem":{"name":"two-sum"},"programs":["\\ud800"]}',
    "a list": b"[]",
    "null": b"null",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", ["/judge", "/run_code", "/submit"])
def test_a_body_that_is_none_is_refused(http, path, body):
    answer = http.post(path, content=body)
    assert answer.status_code in (400, 422) and answer.json()["error"] == "bad-request"
    assert len(answer.content) < 3000


WRONG = [
    {},
    {"programs": [RIGHT]},
    {**GOOD, "programs": []},
    {**GOOD, "programs": RIGHT},
    {**GOOD, "programs": [1]},
    {**GOOD, "programs": [None]},
    {**GOOD, "programs": ["x" * (1 << 21)]},
    {**GOOD, "tests": "none"},
    {**GOOD, "fail_fast": "yes"},
    {**GOOD, "fail_fast": 1},
    {**GOOD, "surplus": 1},
    {**GOOD, "problem": {}},
    {**GOOD, "problem": []},
    {**GOOD, "problem": {"row": ROW, "name": "two-sum"}},
    {**GOOD, "problem": {"row": []}},
    {**GOOD, "problem": {"row": {}}},
    {**GOOD, "problem": {"row": ROW, "format": "nonsense"}},
    {**GOOD, "problem": {"name": "../two-sum"}},
    {**GOOD, "problem": {"name": "no-such-problem"}},
    {**GOOD, "problem": {"digest": "x"}},
    {**GOOD, "problem": {"files": {}}},
    {**GOOD, "problem": {"files": {"../up.py": "x"}}},
    {**GOOD, "problem": {"files": {"/etc/x": "x"}}},
    {**GOOD, "problem": {"files": {"a\0": "x"}}},
    {**GOOD, "problem": {"files": {"a": "x", "a/b": "y"}}},
    {**GOOD, "problem": {"files": {"/".join("a" * 50): "x"}}},
    {**GOOD, "problem": {"files": {"b" * 300: "x"}}},
    {**GOOD, "problem": {"files": {"problem.toml": "title = 1"}}},
]


@pytest.mark.parametrize("body", WRONG, ids=lambda body: json.dumps(body)[-60:])
def test_what_is_not_as_described_is_refused(http, body):
    answer = http.post("/judge", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"] in ("bad-request", "bad-problem") and "Traceback" not in answer.text
    assert "/tmp/" not in answer.text


@pytest.mark.parametrize("field", ["run_timeout", "memory_limit_MB"])
@pytest.mark.parametrize("value", ["1e400", "-1e400", "NaN", "1" + "0" * 4000, "-5", "[]", '"x"'])
def test_huge_numbers_are_bounded_or_refused(http, field, value):
    body = f'{{"code": "print(1)", "language": "python", "{field}": {value}}}'
    answer = http.post("/run_code", content=body)
    assert answer.status_code == 422 or answer.json()["status"] == "Success"


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer x", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"bearer  {TOKEN.upper()}",
     "Basic", "Basic !!!", "Basic eA==", f"Digest {TOKEN}", TOKEN, "Bearer \xff\xfe"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/judge"),
        ("POST", "/run_code"),
        ("POST", "/submit"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/x"),
    ],
)
def test_nothing_is_done_without_the_token(url, header, method, path):
    headers = {"Authorization": header.encode("latin-1")} if header is not None else {}
    answer = httpx.request(method, url + path, headers=headers, content=b"{" if method == "POST" else None)
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


def test_the_token_is_compared_in_constant_time(monkeypatch):
    compared = []
    monkeypatch.setattr("hmac.compare_digest", lambda *texts: compared.append(texts) or texts[0] == texts[1])
    assert is_authorized(f"Bearer {TOKEN}".encode(), TOKEN)
    assert not is_authorized(b"Bearer short", TOKEN)
    assert not is_authorized(b"", TOKEN)
    assert [len(text) for texts in compared for text in texts] == [32] * 6


def test_paths_and_methods_that_are_none(http):
    assert http.get("/nothing").status_code == 404
    assert (http.get("/judge").status_code, http.post("/health", headers=HEAD).status_code) == (405, 405)
    assert http.get("/health", headers={"Authorization": ""}).status_code == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(small):
    server = small(body_bytes=1 << 20)
    with connected(server) as client:
        client.sendall(head(f"Content-Length: {1 << 30}"))
        assert b" 413 " in client.recv(4096)
    assert server.post("/judge", content=(b"x" * 4096 for _ in range(1000))).status_code == 413
    assert is_served(server)


def test_programs_beyond_the_bound_are_refused(small):
    assert small(programs=2).post("/judge", json={**GOOD, "programs": [RIGHT] * 3}).status_code == 413


def test_a_full_server_says_when_to_come_back(small):
    server = small(waiting=2)
    with server.stream("POST", "/judge", json={**SLOW_PROGRAMS, "programs": [LOOPS] * 60}) as running:
        next(running.iter_lines())
        answer = server.post("/judge", json=GOOD)
        assert answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= 60
        assert server.get("/ready").json() == {"status": "full"}
    for _ in range(300):
        if server.get("/ready").status_code == 200:
            break
        time.sleep(0.1)
    assert is_served(server)


def test_requests_in_hand_have_room_for_so_much(small):
    server = small(body_bytes=1 << 20, held_bytes=1 << 20, body_s=30)
    with connected(server) as client:
        client.sendall(head(f"Content-Length: {1 << 20}") + b"{")
        for _ in range(100):
            answer = server.post("/judge", json=GOOD)
            if answer.status_code == 429:
                break
        assert answer.status_code == 429
    for _ in range(100):
        if is_served(server):
            return
        time.sleep(0.1)
    pytest.fail("the room is not given back")


@contextlib.contextmanager
def connected(server):
    with socket.create_connection((server.base_url.host, server.base_url.port), timeout=30) as opened:
        yield opened


def head(*headers):
    lines = ["POST /judge HTTP/1.1", "Host: x", f"Authorization: Bearer {TOKEN}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


SLOW = {
    "nothing": b"",
    "half a head": b"POST /judge HTTP/1.1\r\nHo",
    "half a body": head("Content-Length: 100") + b"{",
    "an answer that is idle": b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_who_says_no_more_is_dropped(small, sent):
    server = small(head_s=0.4, body_s=0.4)
    with connected(server) as client:
        client.sendall(sent)
        received = b""
        with contextlib.suppress(ConnectionError):
            while part := client.recv(4096):  # else a TimeoutError, which fails
                received += part
    if sent == SLOW["half a body"]:
        assert b" 408 " in received
    assert is_served(server)


def test_who_drips_a_head_byte_by_byte_is_dropped(small):
    server = small(head_s=0.5)
    with connected(server) as client, pytest.raises(ConnectionError):
        for _ in range(300):
            client.sendall(b"x")
            time.sleep(0.05)
    assert is_served(server)


def test_who_does_not_read_the_answer_is_dropped(small):
    server = small(write_s=0.5)
    source = "def two_sum(nums, target):\n    return ['x' * 200_000]\n"
    body = json.dumps({"problem": {"name": "two-sum"}, "programs": [source] * 60, "report": True, "fail_fast": False})
    with connected(server) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(head(f"Content-Length: {len(body)}") + body.encode())
        assert wait_until_idle(server) < 60
    assert is_served(server)


def metric(server, name):
    """The sum of a metric over its labels."""
    return sum(float(line.split()[-1]) for line in server.get("/metrics").text.splitlines() if line.startswith(name))


def wait_until_idle(server):
    """Wait until no program waits, after one has; return how many were judged."""
    has_begun = False
    for _ in range(600):
        waiting = metric(server, "coderefine_programs_waiting ")
        has_begun = has_begun or waiting > 0 or metric(server, "coderefine_programs_total{") > 0
        if has_begun and not waiting:
            return metric(server, "coderefine_programs_total{")
        time.sleep(0.05)
    pytest.fail(f"{waiting:g} programs are still waiting")


def test_who_leaves_early_leaves_no_work_behind(small):
    server = small()
    body = json.dumps({**SLOW_PROGRAMS, "programs": [LOOPS] * 500}).encode()
    with connected(server) as client:
        client.sendall(head(f"Content-Length: {len(body)}") + body)
        assert client.recv(4096)
    assert wait_until_idle(server) < 500
    assert is_served(server)


@pytest.mark.parametrize("sent", [b"\0\1\2\3\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 200_000, head("Content-Length: x"),
                                  head("Content-Length: -1"), head("Content-Length: 1", "Content-Length: 2"),
                                  head("Transfer-Encoding: chunked") + b"zz\r\n", head("Upgrade: websocket", "Connection: upgrade")])  # fmt: skip
def test_what_is_no_http_is_refused(small, sent):
    server = small(head_s=0.4, body_s=0.4)
    with connected(server) as client, contextlib.suppress(ConnectionError):
        client.sendall(sent)
        while client.recv(4096):
            pass
    assert is_served(server)


def test_connections_beyond_the_bound_are_closed(small):
    server = small(connections=4)
    server.close()
    with contextlib.ExitStack() as opened:
        clients = [opened.enter_context(connected(server)) for _ in range(8)]
        closed = set()
        while len(closed) < 4:
            ended, _, _ = select.select([it for it in clients if it not in closed], [], [], 20)
            assert ended  # they say nothing, so what can be read is their end
            closed |= set(ended)


def test_small_requests_do_not_wait_for_large_ones(small):
    server = small()
    assert is_served(server)  # which has opened what it needs
    order = []
    slow = "import time\ndef two_sum(nums, target):\n    time.sleep(0.05)\n    return []\n"
    large = {"problem": {"name": "two-sum"}, "programs": [slow] * 60, "fail_fast": True}

    def ask():
        with server.stream("POST", "/judge", json=large) as answer:
            for line in answer.iter_lines():
                order.append(line)

    thread = threading.Thread(target=ask)
    thread.start()
    while len(order) < 2:
        time.sleep(0.01)
    assert is_served(server)
    assert len(order) < 50
    thread.join()
    assert json.loads(order[-1]) == {"done": 60}


def test_a_service_is_told_by_openapi(http):
    document = http.get("/openapi.json").json()
    assert set(document["paths"]) == set(Service.PATHS)

    def references(data):
        if isinstance(data, dict):
            yield from ([data["$ref"]] if isinstance(data.get("$ref"), str) else [])
            data = list(data.values())
        if isinstance(data, list):
            for item in data:
                yield from references(item)

    names = {it.rpartition("/")[2] for it in references(document)}
    assert names <= set(document["components"]["schemas"])
