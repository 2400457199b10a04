"""The zygote: PID 1 of a sandbox, which forks a confined child for every candidate and speaks for it to the host.

Theory of operation. The host sends a request: a source text and the arguments of its cases. For each request the zygote
forks a server, which never executes or parses what it is sent and keeps a spare child ready: forked with every module
warm, and confined. That child gets the source, loads it and answers case after case over a pipe. The server measures
time from outside, caps what the child may print or answer, kills it when a limit is passed, goes on with the remaining
cases in a new child, finally kills whatever else lives in its PID namespace, and ends. The zygote itself receives no
request, so nothing of one is in the memory from which the processes of the next are forked. When the host is gone,
standard input ends and so do server and zygote, and with them the namespace.

Request (host to runner): {"op": "run", "id", "spec", "limits"}, parts: prelude, source, then one part a case.
  "limits": {"wall_s", "cpu_s", "memory_mib", "output_bytes", "kept_bytes", "answer_bytes"}; "fresh" in the spec asks
  for a new process for every case; {"op": "stop", "id"} ends the run early.
Events (runner to host): {"id", "case", "status", "wall_s", "cpu_s", "exit", "printed_bytes"}, parts: the child's
  message, and what it printed. Case -1 is the loading of the source. Statuses: "answer" (see candidate.py),
  "timeout", "exit" (ended unasked), "output" (printed or answered too much), "protocol" (wrote nonsense).
  {"id", "status": "done", "peak_kib", "clean"} ends a run.
A session is a run whose cases come one by one: {"op": "session", "id", "spec", "limits"}, parts: prelude, source; then
  {"op": "ask", "wall_s", "cpu_s"}, part: the payload. So a test's code and the candidate talk through the host.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import gc
import os
import platform
import resource
import signal
import sys
import traceback
from typing import Any

from sandbox import confine, prelude, suite, warm, wire
from sandbox.child import MAX_DESCRIPTORS, Child, Event
from sandbox.host import Host, HostGone

MAX_SESSION_CASES = 100  # that use all of their time, before the kernel's own limit ends the process
LOADING = -1  # the case number of loading the source
HOST_GONE = 3  # exit status of a server


class Zygote:
    """Forks a server for each request. A server has children: one to run a candidate, and a spare for the next."""

    def __init__(self, confinement: confine.Confinement) -> None:
        self._confinement = confinement
        self._names = prelude.names()
        os.environ.clear()
        for name in [name for name in sys.modules if name == "sandbox" or name.startswith("sandbox.")]:
            del sys.modules[name]  # a solution may have modules of these names
        self._spare: Child | None = None
        gc.collect()
        gc.freeze()  # so that children do not copy pages by counting references in them
        gc.disable()

    def serve(self, host: Host) -> bool:
        """Have a new process serve the next request; return whether the host is still there.

        A child's memory is a copy of its parent's, and freed memory keeps what it held: what a run was sent, which may
        be a checker's expected values, must not be in a process that later forks another candidate.
        """
        alone = os.getpid() == 1
        server = os.fork()
        if server == 0:
            status = 1
            try:
                confine.die_with_parent()
                self.prepare(host)
                request, parts = host.receive()
                while request["op"] not in ("run", "session"):  # a stop that came too late
                    request, parts = host.receive()
                serve = self.run if request["op"] == "run" else self.session
                serve(host, request, parts, alone)
                status = 0
            except HostGone:
                status = HOST_GONE
            except BaseException:  # for whoever reads the log; the host sees that the sandbox ended
                traceback.print_exc()
            finally:
                os._exit(status)
        status = os.waitpid(server, 0)[1]
        if status != 0:
            sweep(alone)
        return status == 0

    def prepare(self, host: Host) -> None:
        """Have a spare child; a new server does this while the host is busy with what it was sent last."""
        if self._spare is None:
            self._spare = Child(host, self._confinement, self._names)

    def run(self, host: Host, request: dict[str, Any], parts: list[bytes], alone: bool) -> None:
        """Run one candidate on its cases, sending an event for each. `alone`: in a PID namespace of our own."""
        prelude_, source, *cases = parts
        limits = dict(request["limits"], cases=len(cases))
        program = wire.pack({"spec": request["spec"], "limits": limits}, prelude_, source)
        child, peak_kib = None, 0
        try:
            for index, case in enumerate(cases):
                loaded = child is not None
                if child is None:
                    child = self._take(host)
                    event = child.ask(program, limits)
                    loaded = event.message == wire.READY
                if loaded:
                    event = child.ask(case, limits)
                if event.status != "answer" or request["spec"]["fresh"]:
                    event.exit, kib = child.close(ending=event.status == "exit")
                    child, peak_kib = None, max(peak_kib, kib)
                _send_event(host, request["id"], index if loaded else LOADING, event)
                if not loaded or host.stop_requested(request["id"]):
                    break
        finally:
            if child is not None:
                peak_kib = max(peak_kib, child.close()[1])
        host.send({"id": request["id"], "status": "done", "peak_kib": peak_kib, "clean": sweep(alone)})

    def session(self, host: Host, request: dict[str, Any], parts: list[bytes], alone: bool) -> None:
        """Load one program, then pass on what the host asks of it, until the host stops or the program fails."""
        limits = dict(request["limits"], cases=MAX_SESSION_CASES)
        child: Child | None = self._take(host)
        assert child is not None
        event = child.ask(wire.pack({"spec": request["spec"], "limits": limits}, *parts), limits)
        number = LOADING
        peak_kib = 0
        try:
            while True:
                if event.status != "answer":
                    event.exit, peak_kib = child.close(ending=event.status == "exit")
                    child = None
                _send_event(host, request["id"], number, event)
                if child is None:
                    break
                asked, payloads = host.receive()
                if asked["op"] != "ask":
                    break
                number += 1
                event = child.ask(payloads[0], dict(limits, wall_s=asked["wall_s"], cpu_s=asked["cpu_s"]))
        finally:
            if child is not None:
                peak_kib = child.close()[1]
        host.send({"id": request["id"], "status": "done", "peak_kib": peak_kib, "clean": sweep(alone)})

    def _take(self, host: Host) -> Child:
        self.prepare(host)
        child, self._spare = self._spare, None
        assert child is not None
        return child


def _send_event(host: Host, run_id: int, index: int, event: Event) -> None:
    header = {
        "id": run_id,
        "case": index,
        "status": event.status,
        "wall_s": event.wall_s,
        "cpu_s": event.cpu_s,
        "exit": event.exit,
        "printed_bytes": event.printed_bytes,
    }
    host.send(header, event.message, event.printed)


def sweep(alone: bool) -> bool:
    """Kill all of this PID namespace but its first process and this one; return whether there was nothing."""
    if not alone:
        return True  # without a namespace of our own, seccomp has kept candidates from starting processes
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False  # the host then ends this sandbox


def main(config: dict[str, Any]) -> None:
    """Serve the host on standard input and output until it is gone."""
    namespaces: list[str] = []
    if config["separate"]:
        namespaces = confine.separate()
        inner = os.fork()
        if inner:
            os.closerange(0, 2)
            status = os.waitpid(inner, 0)[1]
            os._exit(1 if status else 0)
        confine.die_with_parent()
    confine.hide()
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_DESCRIPTORS, MAX_DESCRIPTORS))
    host = Host(0, 1)
    try:
        profile = suite.prepare(config["suite"], namespaces) if config.get("suite") else confine.PLAIN
        confinement = confine.Confinement(config["require_landlock"], profile)
    except (OSError, warm.WarmError) as error:
        host.send({"status": "refused", "reason": str(error)})
        return
    host.send(
        {
            "status": "ready",
            "python": platform.python_version(),
            "landlock_abi": confinement.abi,
            "namespaces": namespaces,
            "changes_uid": confinement.changes_uid,
        }
    )
    zygote = Zygote(confinement)
    while zygote.serve(host):
        pass
