# ruff: noqa: T201
"""The judge's service under load, and beside other ways to judge many programs.

    python -m tests.benchmarks.serve [--clients 100] [--programs 20000] [--sandbox local]   # load, faults and leaks
    python -m tests.benchmarks.serve --compare [--programs 200]                            # programs a second and core

The load: right, wrong, looping and hostile programs, each with the verdict that it must get; clients that read slowly, cut
their connection or say nothing; sandboxes that are killed. What is left of memory, descriptors, processes and containers
is compared with what was there before.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from coderefine.serve.client import JudgeClient
from tests.processes import descendants

TOKEN = "a-token-of-the-benchmark"
TESTS = 10
ROW = {
    "id": "sum",
    "visible_tests": [{"stdin": f"{n} {n + 1}\n", "expected": f"{2 * n + 1}\n"} for n in range(TESTS // 2)],
    "hidden_tests": [{"stdin": f"{n} {-n}\n", "expected": "0\n"} for n in range(1, TESTS - TESTS // 2 + 1)],
    "limits": {"time_s": 0.2},
}
PROGRAMS = {
    "right": ("AC", "print(sum(map(int, input().split())))"),
    "also right": ("AC", "a, b = map(int, input().split())\nprint(a + b)"),
    "wrong": ("WA", "print(sum(map(int, input().split())) + 1)"),
    "wrong at last": ("WA", "a, b = map(int, input().split())\nprint(a + b if a + b else 1)"),
    "raises": ("RE", "raise ValueError"),
    "no Python": ("CE", "print("),
    "loops": ("TLE", "while True: pass"),
    "sleeps": ("TLE", "import time\ntime.sleep(9)"),
    "leaves": ("WA", "import os\nos._exit(0)"),
    "forks": ("RE", "import os\nwhile True: os.fork()"),
    "fills memory": ("MLE", "x = bytearray(1 << 31)"),
    "floods": ("OLE", "while True: print('x' * 1000)"),
    "kills": ("RE", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"),
    "writes": ("RE", "open('/tmp/mark', 'w').write('x')"),
    "connects": ("RE", "import socket\nsocket.create_connection(('127.0.0.1', 80))"),
    "writes to the judge": ("RE", "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'x' * 99)\n    except OSError: pass\nraise SystemExit(1)"),
}  # fmt: skip
COSTLY = ("loops", "sleeps", "floods")
"""Those that take the whole of a limit: one of fifty."""


def mixed(count: int, rng: random.Random) -> list[tuple[str, str]]:
    """Return so many programs with the verdicts that they must get; no two are the same text."""
    cheap = [name for name in PROGRAMS if name not in COSTLY]
    names = [rng.choice(COSTLY) if rng.random() < 0.02 else rng.choice(cheap) for _ in range(count)]
    return [(PROGRAMS[name][0], f"{PROGRAMS[name][1]}\n# {number}\n") for number, name in enumerate(names)]


@contextlib.contextmanager
def serving(sandbox: str):
    """Run the command; yield its process and its address."""
    command = [sys.executable, "-m", "coderefine", "serve", "--sandbox", sandbox, "--port", "0", "--grace", "5"]
    environment = {**os.environ, "CODEREFINE_TOKEN": TOKEN}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            line = process.stderr.readline()
            yield process, line.split()[2]
        finally:
            process.terminate()
            process.wait(60)


def state(pid: int) -> dict[str, int]:
    """Return what a server holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return {
        "MiB": int(fields["VmRSS"].split()[0]) >> 10,
        "threads": int(fields["Threads"]),
        "descriptors": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "processes": len(descendants(pid)),
        "containers": containers(),
    }


def containers() -> int:
    """Return how many containers there are of ours; 0 where there is no Docker."""
    try:
        command = ["docker", "ps", "-aq", "--filter", "label=coderefine.sandbox"]
        return len(subprocess.run(command, capture_output=True, check=True).stdout.split())
    except (OSError, subprocess.CalledProcessError):
        return 0


def annoy(url: str, stop: threading.Event, counts: dict[str, int]) -> None:
    """Be the clients that nobody wants, until told to stop."""
    host, port = url.removeprefix("http://").split(":")
    body = json.dumps({"problem": {"row": ROW}, "programs": [PROGRAMS["right"][1]] * 50, "report": True}).encode()
    head = f"POST /judge HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
    rng = random.Random(1)
    while not stop.is_set():
        kind = rng.choice(("cut in the body", "cut in the answer", "slow reader", "silent", "wrong token", "nonsense"))
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=5) as client:
            counts[kind] = counts.get(kind, 0) + 1
            match kind:
                case "cut in the body":
                    client.sendall(head.encode() + body[:100])
                case "cut in the answer":
                    client.sendall(head.encode() + body)
                    client.recv(100)
                case "slow reader":
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    client.sendall(head.encode() + body)
                    stop.wait(2)
                case "silent":
                    stop.wait(1)
                case "wrong token":
                    client.sendall(head.replace(TOKEN, "wrong").encode() + body)
                    client.recv(100)
                case "nonsense":
                    client.sendall(rng.randbytes(3000))
                    client.recv(100)
        stop.wait(0.2)


def load(sandbox: str, clients: int, count: int) -> bool:
    """Judge programs for many clients at once; tell what came of it, and return whether all was right."""
    work = mixed(count, random.Random(0))
    part = max(1, -(-count // (clients * 4)))  # four requests a client
    parts = [work[at : at + part] for at in range(0, count, part)]
    wrong: list[tuple[str, str, str, str]] = []
    times: list[float] = []

    with serving(sandbox) as (process, url):
        with JudgeClient(url, TOKEN) as client:
            client.verdicts({"row": ROW}, [source for _, source in mixed(40, random.Random(2))])
        before = state(process.pid)
        stop, counts = threading.Event(), {}
        annoying = [threading.Thread(target=annoy, args=(url, stop, counts), daemon=True) for _ in range(3)]
        for thread in annoying:
            thread.start()

        def ask(programs: list[tuple[str, str]]) -> None:
            with JudgeClient(url, TOKEN) as client:
                begun = time.monotonic()
                answered = set()
                for judged in client.judge({"row": ROW}, [source for _, source in programs]):
                    times.append(time.monotonic() - begun)
                    answered.add(judged.index)
                    expected, source = programs[judged.index]
                    if judged.verdict.value != expected:
                        wrong.append((expected, judged.verdict.value, judged.reason, source))
                assert answered == set(range(len(programs)))

        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(clients) as pool:
            list(pool.map(ask, parts))
        seconds = time.monotonic() - begun
        stop.set()
        for thread in annoying:
            thread.join()
        time.sleep(3)
        after = state(process.pid)
        text = httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
        held = [
            line
            for line in text.splitlines()
            if line.startswith(("coderefine_programs_waiting ", "coderefine_request_bytes "))
        ]
        pids = descendants(process.pid)
    for _ in range(50):
        if not (left := [pid for pid in pids if descendants(pid)]):
            break
        time.sleep(0.1)
    times.sort()
    print(f"{count} programs of {clients} clients, {sandbox} sandbox: {seconds:.0f} s, {count / seconds:.1f} a second")
    print(f"  since the request: p50 {statistics.median(times):.2f} s, p99 {times[int(0.99 * len(times))]:.2f} s")
    print(f"  wrong verdicts: {len(wrong)}", *(f"\n    {it}" for it in wrong[:5]))
    print(f"  beside them: {counts}")
    print(f"  before {before}\n  after  {after}\n  {held}\n  left when it has ended: {left}, containers {containers()}")
    return not wrong and not left


class OneRequestATest(BaseHTTPRequestHandler):
    """SandboxFusion as its documentation has it: a folder and an interpreter for each request, no more protection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "main.py")
            file.write_text(request["code"])
            begun = time.monotonic()
            try:
                done = subprocess.run(
                    [sys.executable, file], check=False, input=request["stdin"], capture_output=True, text=True,
                    timeout=request["run_timeout"], cwd=folder,
                )  # fmt: skip
                result = {
                    "status": "Finished",
                    "return_code": done.returncode,
                    "stdout": done.stdout,
                    "stderr": done.stderr,
                }
            except subprocess.TimeoutExpired:
                result = {"status": "TimeLimitExceeded", "stdout": "", "stderr": ""}
            result["execution_time"] = time.monotonic() - begun
        success = result["status"] == "Finished" and result["return_code"] == 0
        body = json.dumps({"status": "Success" if success else "Failed", "run_result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def cases() -> list[tuple[str, str]]:
    return [(test["stdin"], test["expected"]) for test in ROW["visible_tests"] + ROW["hidden_tests"]]


def by_requests(url: str, source: str) -> bool:
    """Judge a program as verl does by SandboxFusion: a request a test, up to the first failure."""
    with httpx.Client(timeout=60, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for stdin, expected in cases():
            asked = {"code": source, "stdin": stdin, "language": "python", "run_timeout": 10}
            found = client.post(f"{url}/run_code", json=asked).json()
            if found["status"] != "Success" or found["run_result"]["stdout"].split() != expected.split():
                return False
    return True


HARNESS = """
import io, sys
source, cases = {source!r}, {cases!r}
code = compile(source, 'main.py', 'exec')
for stdin, expected in cases:
    sys.stdin, out, sys.stdout = io.StringIO(stdin), sys.stdout, io.StringIO()
    exec(code, {{'__name__': '__main__'}})
    printed, sys.stdout = sys.stdout.getvalue(), out
    assert printed.split() == expected.split()
"""


def by_process(source: str) -> bool:
    """Judge a program in a process of its own, with the tests beside it: what it says is believed."""
    command = [sys.executable, "-c", HARNESS.format(source=source, cases=cases())]
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=10 * TESTS).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def compare(sandbox: str, count: int, rounds: int) -> None:
    """Take turns with the same programs, right and wrong; print programs a second and core of each way."""
    cores = os.cpu_count() or 1
    harmless = [PROGRAMS[name] for name in ("right", "also right", "wrong", "wrong at last", "raises")]
    work = [
        (verdict == "AC", f"{source}\n# {number}") for number, (verdict, source) in enumerate(harmless * (count // 5))
    ]
    server = ThreadingHTTPServer(("127.0.0.1", 0), OneRequestATest)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fusion = f"http://127.0.0.1:{server.server_port}"
    rates: dict[str, list[float]] = {}
    with (
        serving(sandbox) as (_, url),
        JudgeClient(url, TOKEN) as client,
        concurrent.futures.ThreadPoolExecutor(cores) as pool,
    ):
        ways = {
            "POST /judge": lambda part: [it.accepted for it in client.verdicts({"row": ROW}, part)],
            "our /run_code, a request a test": lambda part: list(pool.map(lambda it: by_requests(url, it), part)),
            "a process a program": lambda part: list(pool.map(by_process, part)),
            "SandboxFusion's way": lambda part: list(pool.map(lambda it: by_requests(fusion, it), part)),
        }
        client.verdicts({"row": ROW}, [source for _, source in work[:20]])
        for _ in range(rounds):
            for name, way in ways.items():
                begun = time.monotonic()
                found = way([source for _, source in work])
                rates.setdefault(name, []).append(len(work) / (time.monotonic() - begun) / cores)
                assert found == [right for right, _ in work], name
    server.shutdown()
    best = statistics.median(rates["POST /judge"])
    for name, found in rates.items():
        rate = statistics.median(found)
        print(f"  {name:34}{rate:8.1f} programs a second and core{best / rate:8.1f}x")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--programs", type=int, default=20_000)
    parser.add_argument("--sandbox", default="local", choices=["local", "docker"])
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; load average {os.getloadavg()[0]:.2f}")
    if given.compare:
        compare(given.sandbox, given.programs, given.rounds)
    elif not load(given.sandbox, given.clients, given.programs):
        sys.exit(1)


if __name__ == "__main__":
    main()
