"""The relay: passes messages between the host and one confined child after the other.

It never executes or parses what it is sent. It has seen requests, so no candidate is forked from it (see nursery.py).

Request (host to relay): {"op": "run", "id", "spec", "limits"}, parts: prelude, source, then one part a case.
  "limits": {"wall_s", "cpu_s", "memory_mib", "output_bytes", "kept_bytes", "answer_bytes"}; "fresh" in the spec asks
  for a new process for every case; a case of the kind "program", which is always fresh, is its standard input;
  {"op": "stop", "id"} ends the run early, also in the middle of a case.
Events (relay to host): {"id", "events": [[case, status, wall_s, cpu_s, exit, spent], ...]}, two parts an event:
  the child's message, and what it printed. Case -1 is the loading of the source. Statuses: "answer" (see
  candidate.py), "timeout", "exit" (ended unasked), "output" (printed or answered too much), "protocol" (wrote
  nonsense), "memory" (used too much), "fault" (failed before it was given anything of a candidate, which is our
  failure); of a candidate with all that it started, "processes" (too many). "spent": it left the process short of
  memory or threads. The case after it begins in a new process; and it is itself repeated in one, if it was not the
  first in its own, since it may be the doing of those before it.
  {"id", "status": "done", "peak_kib", "clean"} ends a run, or is in one frame with its last events; should a process
  turn up after that which the candidate left, then the sandbox ends.
A session is a run whose cases come one by one: {"op": "session", "id", "spec", "limits"}, parts: prelude, source; then
  {"op": "ask", "wall_s", "cpu_s"}, parts: questions, to be asked up to the first that is not answered, all within these
  limits. So a test's code and the candidate talk through the host.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import signal
from functools import partial
from typing import Any, List

from sandbox import nursery, wire
from sandbox.child import Child, Event
from sandbox.children import Children
from sandbox.host import Host

MAX_SESSION_CASES = 100  # that use all of their time, before the kernel's own limit ends the process
_NEAR = 0.8  # of the limit of memory: a crash there counts as having found no more
LOADING = -1  # the case number of loading the source


class Relay:
    """Serves one request after another."""

    def __init__(self, host: Host, children: Children) -> None:
        self._host, self._children = host, children
        self._told_all = False

    def serve(self) -> None:
        """Serve until the host is gone, which raises HostGone, or until the sandbox is not as clean as the host was
        told.
        """
        while True:
            request, parts = self._host.receive()
            while request["op"] == "stop":  # it arrived after the end of its run
                request, parts = self._host.receive()
            self._children.peak_kib, self._told_all = 0, False
            if request["op"] == "run":
                self._run(request, parts)
            else:
                self._session(request, parts)
            if not self._told_all:
                self._host.send(dict(self._end_of_run(), id=request["id"]))
            elif not self._children.clean:
                return

    def _run(self, request: dict[str, Any], parts: List[bytes]) -> None:
        """Run one candidate on its cases; where its child ends, the remaining cases go on in a new child."""
        program, cases = _program(request, parts[:2], len(parts) - 2), parts[2:]
        done, stopped = 0, False
        while done < len(cases) and not stopped:
            batch = cases[done : done + 1] if request["spec"]["fresh"] else cases[done:]
            child, begun, end = self._children.take(), done, done + len(batch)
            if request["spec"]["kind"] == "program":
                child.give_input(batch[0])
                batch = [b""]
            stop_requested = partial(self._host.stop_requested, request["id"])
            reports = child.ask([program, *batch], request["limits"], final=True, stopped=stop_requested)
            loaded = False
            self._children.prepare()
            for events in reports:
                if events[0].status == "stopped":
                    self._children.end(child)
                    return
                if not loaded and events[0].message != wire.READY:
                    self._tell(request, LOADING, child, events[:1], last=True, over=True)
                    return
                answers = events if loaded else events[1:]
                loaded = True
                if not answers:
                    continue
                self._settle(request, child, answers[-1])
                if answers[-1].spent and done + len(answers) - 1 > begun:
                    answers.pop()  # the earlier cases may be the cause: run it once more, in a process of its own
                    if not answers:
                        break
                first, done = done, done + len(answers)
                stopped = stop_requested()
                over = stopped or done == len(cases)
                if not self._tell(request, first, child, answers, last=over or done == end, over=over):
                    break

    def _session(self, request: dict[str, Any], parts: List[bytes]) -> None:
        """Load one program, then pass on the host's questions, until the host stops or the program fails."""
        child = self._children.take()
        reports = child.ask([_program(request, parts, MAX_SESSION_CASES)], request["limits"])
        self._children.prepare()
        events = next(reports)
        number = LOADING
        while self._tell(request, number, child, events, last=events[0].message != wire.READY and number == LOADING):
            asked, questions = self._host.receive()
            if asked["op"] != "ask":
                self._children.end(child)
                return
            number += len(events)
            events = self._asked(
                child, questions, dict(request["limits"], wall_s=asked["wall_s"], cpu_s=asked["cpu_s"])
            )

    def _asked(self, child: Child, questions: List[bytes], limits: dict[str, Any]) -> List[Event]:
        """Ask one question after another within the same limits, up to the first that is not answered."""
        events: List[Event] = []
        for question in questions:
            events += next(child.ask([question], limits))
            if events[-1].status != "answer":
                break
            limits["wall_s"] -= events[-1].wall_s
            limits["cpu_s"] -= events[-1].cpu_s
        return events

    def _tell(
        self, request: dict[str, Any], first: int, child: Child, events: List[Event], last: bool, over: bool = False
    ) -> bool:
        """Report events, beginning with case `first`; return whether the child lives on.

        The child is ended after the `last` events, and after an event that is not an answer. `over` says that the run
        ends with these events.
        """
        if not child.ended and events[-1].status != "answer":
            self._settle(request, child, events[-1])
        rows = [
            [first + at, event.status, event.wall_s, event.cpu_s, event.exit, event.spent]
            for at, event in enumerate(events)
        ]
        self._told_all = over and (child.ended or self._children.read_peak(child))
        header = dict(self._end_of_run() if self._told_all else {}, id=request["id"], events=rows)
        self._host.send(header, *(part for event in events for part in (event.message, event.printed)))
        if last and not child.ended:
            self._children.release(child)
        return not (child.ended or last)

    def _settle(self, request: dict[str, Any], child: Child, event: Event) -> None:
        """End a child that failed or is spent with this event, and correct the event by how the child ended."""
        if event.status == "answer" and not event.spent:
            return
        event.exit = self._children.end(child, leaving=event.status == "exit")
        if event.status == "exit" and event.exit is not None:
            limit_kib = request["limits"]["memory_mib"] << 10
            by_signal = event.exit < 0 and self._children.used_kib > _NEAR * limit_kib
            event.spent = by_signal or event.exit in (nursery.SPENT, -signal.SIGKILL)
            event.status = "memory" if event.spent else "exit"

    def _end_of_run(self) -> dict[str, Any]:
        return {"status": "done", "peak_kib": self._children.peak_kib, "clean": self._children.clean}


def _program(request: dict[str, Any], texts: List[bytes], cases: int) -> bytes:
    """Return the first question to a child, which loads the program."""
    return wire.pack({"spec": request["spec"], "limits": dict(request["limits"], cases=cases)}, *texts)
