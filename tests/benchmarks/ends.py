"""How soon all is gone: after a candidate's limit, and after the host was killed with many candidates at work.

python tests/benchmarks/ends.py [--candidates 50] [--backend local]
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import click
from processes import descendants

from coderefine.errors import SandboxUnavailable
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Limits, Param, Problem, TestCase
from coderefine.problem.typespec import parse

STUBBORN = """\
import os, signal, threading, time

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass


def flood():
    while True:
        os.write(1, b"x" * 100)
        time.sleep(0.01)


def f(x):
    threading.Thread(target=flood).start()
    for _ in range(2):
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            pass
    while True:
        time.sleep(1)
"""
BUSY = "def f(x):\n    while True: pass\n"


def problem(limits: Limits) -> Problem:
    return Problem(
        slug="benchmark", title="Benchmark", statement="", kind=FUNCTION, entry="f",
        visible=(TestCase("one", (1,), 1),), params=(Param("x", parse("Any")),), limits=limits,
    )  # fmt: skip


def first_process(judge: Judge) -> int:
    """Return the process of a sandbox of which all others descend, as this machine counts."""
    with judge.sandboxes.candidates.lease(0) as worker:
        channel = worker._channel
        if judge.backend == "local":
            return channel._process.pid
        return channel._client.inspect_container(channel.container)["State"]["Pid"]


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


def after_a_limit(backend: str, image: str | None, rounds: int) -> list[float]:
    """Return for each round the seconds from the candidate's wall limit until its processes were gone."""
    made = problem(Limits(time_s=0.3))
    with open_judge(backend, workers=1, image_name=image) as judge:
        first, taken = first_process(judge), []
        for _ in range(rounds):
            started = time.monotonic()
            thread = threading.Thread(target=judge.run, args=(made, STUBBORN))
            thread.start()
            time.sleep(0.3)
            running = descendants(first)
            # The candidate, and the spare beside it, which is given up because the candidate has started something.
            while len(alive(running)) > len(running) - 2:
                time.sleep(0.002)
            taken.append(time.monotonic() - started - made.limits.wall_s)
            thread.join()
        return taken


HOST = """
import sys, threading, time
sys.path.insert(0, sys.argv[4])
from ends import BUSY, first_process, problem
from coderefine.judge.opening import open_judge
from coderefine.problem.problem import Limits
count = int(sys.argv[2])
judge = open_judge(sys.argv[1], workers=count, image_name=sys.argv[3] or None)
for _ in range(count):
    threading.Thread(target=judge.run, args=(problem(Limits(time_s=1000)), BUSY), daemon=True).start()
time.sleep(1000)
"""


def after_the_host(backend: str, image: str | None, count: int) -> tuple[int, float]:
    """Kill a host with `count` candidates at work; return how many processes there were, and how long one was left."""
    command = [sys.executable, "-c", HOST, backend, str(count), image or "", str(Path(__file__).parent)]
    known = ours()
    host = subprocess.Popen(command)
    pids: set[int] = set()
    while len(pids) < 4 * count:  # nursery, relay, candidate and spare
        time.sleep(1)
        pids = ours() - known - {host.pid}
    started = time.monotonic()
    os.kill(host.pid, signal.SIGKILL)
    host.wait()
    while alive(pids):
        time.sleep(0.01)
        if time.monotonic() - started > 60:
            raise SystemExit(f"still there: {alive(pids)}")
    return len(pids), time.monotonic() - started


def ours() -> set[int]:
    """Every process that runs our program, wherever it is."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if b"the program did not arrive" in (entry / "cmdline").read_bytes():
                    found.add(int(entry.name))
    return found


@click.command()
@click.option("--candidates", default=50, show_default=True, help="At work when the host is killed.")
@click.option("--rounds", default=10, show_default=True, help="Candidates that are stopped at their limit.")
@click.option("--backend", "backends", type=click.Choice(["local", "docker"]), multiple=True, help="Only this one.")
@click.option("--image", help="Docker image with Python 3.8 or newer.")
def main(candidates, rounds, backends, image) -> None:
    """Measure how soon nothing is left."""
    for backend in backends or ("local", "docker"):
        try:
            taken = after_a_limit(backend, image, rounds)
        except SandboxUnavailable as error:
            click.echo(f"skipped: judge {backend}: {error}", err=True)
            continue
        click.echo(
            f"judge {backend}: a candidate that ignores signals, tries to fork and floods is gone "
            f"{statistics.median(taken):.3f} s after its limit (the latest {max(taken):.3f} s)"
        )
        count, seconds = after_the_host(backend, image, candidates)
        click.echo(
            f"judge {backend}: {count} processes of {candidates} sandboxes were gone {seconds:.2f} s after kill -9"
        )


if __name__ == "__main__":
    main()
