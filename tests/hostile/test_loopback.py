"""Suites that are allowed a loopback network: it is one, and it leads nowhere else."""

import http.server
import socket
import sys
import threading

import pytest

from coderefine.judge import bundle
from coderefine.judge.opening import open_judge
from tests.conftest import need
from tests.hostile.containment import each
from tests.problems_for_tests import suite_problem

SOLUTION = "def f(x): return x\n"


@pytest.fixture(scope="module", params=["local", "docker"])
def networked(request):
    """A judge whose suites have a loopback network."""
    need(request.param)
    with open_judge(request.param, allow=("network-loopback",), workers=1) as judge:
        yield judge


USES = {
    "asyncio": "import asyncio\ndef test_it():\n    async def main():\n        await asyncio.sleep(0)\n        return 1\n    assert asyncio.run(main()) == 1\n",
    "a server": """
import http.server, threading, urllib.request

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

def test_it():
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert urllib.request.urlopen("http://127.0.0.1:%d/" % server.server_port).read() == b"hello"
    server.shutdown()
""",
    "streams": """
import asyncio
def test_it():
    async def main():
        async def echo(reader, writer):
            writer.write(await reader.readline())
            await writer.drain()
            writer.close()
        server = await asyncio.start_server(echo, "127.0.0.1", 8000)
        reader, writer = await asyncio.open_connection("127.0.0.1", 8000)
        writer.write(b"hello\\n")
        assert await reader.readline() == b"hello\\n"
        writer.close()
        server.close()
    asyncio.run(main())
""",
}


@each(USES)
def test_it_can_be_used(networked, case):
    for _ in range(2):  # the same port is free again
        report = networked.run(suite_problem(case), SOLUTION)
        assert report.accepted, [(str(it.error), it.reason) for it in report.cases]


TRYING = """
import socket
def test_it():
    try:
        %s
    except OSError as error:
        assert type(error).__name__ == "timeout" or error.errno in (1, 2, 13, 93, 97, 99, 101, 106, 110, 111, 113, 22), error
    else:
        raise AssertionError("it worked")
"""
WAYS_OUT = {
    "another network": "socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "another network by UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 53))",
    "IPv6": "socket.create_connection(('2001:db8::1', 80), timeout=1)",
    "a unix socket": "socket.socket(socket.AF_UNIX)",
    "a unix datagram pair, which could be connected to a path": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "a unix packet pair": "socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)",
    "connecting a pair again": "socket.socketpair()[0].connect('/var/run/docker.sock')",
    "connecting what is left of a pair": "(lambda a, b: (b.close(), a.connect('/var/run/docker.sock')))(*socket.socketpair())",
    "sending from a pair to a path": "socket.socketpair()[0].sendto(b'x', '/var/run/docker.sock')",
    "an abstract unix socket": "socket.socketpair()[0].connect('\\0bus')",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
    "packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "raw sockets": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "vsock": "socket.socket(40, socket.SOCK_STREAM)",
    "kernel crypto": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "a process": "__import__('os').fork()",
}


@each(WAYS_OUT)
def test_it_leads_nowhere_else(networked, case):
    report = networked.run(suite_problem(TRYING % case), SOLUTION)
    assert report.accepted, [(str(it.error), it.reason) for it in report.cases]


def test_what_the_machine_serves_on_its_own_loopback_is_not_there(networked):
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5):
        pass
    way = f"socket.create_connection(('127.0.0.1', {server.server_port}), timeout=1)"
    report = networked.run(suite_problem(TRYING % way), SOLUTION)
    server.shutdown()
    assert report.accepted, [(str(it.error), it.reason) for it in report.cases]


def test_what_one_run_serves_is_gone_in_the_next(networked):
    serves = "import socket\ndef test_it():\n    global kept\n    kept = socket.create_server(('127.0.0.1', 8001))\n"
    assert networked.run(suite_problem(serves), SOLUTION).accepted
    way = "socket.create_connection(('127.0.0.1', 8001), timeout=1)"
    assert networked.run(suite_problem(TRYING % way), SOLUTION).accepted


def test_a_port_on_which_a_connection_was_closed_is_free_in_the_next_run(networked):
    case = """
import socket
def test_it():
    server = socket.socket()
    server.bind(("127.0.0.1", 7777))
    server.listen()
    client = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    accepted.close()
    assert client.recv(1) == b""
    client.close()
    server.close()
"""
    for _ in range(2):
        report = networked.run(suite_problem(case), SOLUTION)
        assert report.accepted, [(str(it.error), it.reason) for it in report.cases]


def test_localhost_has_a_name_and_no_other_host_has(networked):
    case = """
import pytest, socket
def test_it():
    with socket.create_server(("localhost", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()
    with pytest.raises(OSError):
        socket.getaddrinfo(NAME, 80)
"""
    report = networked.run(suite_problem(case.replace("NAME", repr(socket.gethostname()))), SOLUTION)
    assert report.accepted, [(str(it.error), it.reason) for it in report.cases]


def test_without_being_allowed_there_is_none(judge):
    way = "socket.socket()"
    assert judge.run(suite_problem(TRYING % way), SOLUTION).accepted


def test_a_suite_without_a_network_namespace_gets_no_sockets():
    from coderefine.judge import local
    from coderefine.judge.worker import Worker, WorkerRefused

    config = {"scratch": "", "packages": "", "allow": ["network-loopback"]}
    program = bundle.program(separate=True, require_landlock=True, suite=config)
    hole = b"import sandbox.confine\nreal = sandbox.confine.separate\nsandbox.confine.separate = lambda: [n for n in real() if n != 'net']\n"
    start = b'sys.modules["sandbox.runner"].main'
    with pytest.raises(WorkerRefused, match="no network namespace"):
        Worker(local.LocalChannel(program.replace(start, hole + start), sys.executable), 512)
