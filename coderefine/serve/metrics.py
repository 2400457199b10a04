"""The counters of a server, in Prometheus' format. Each server has its own registry."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from coderefine.serve.desk import Desk
from coderefine.serve.problems import Problems

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """Counters of a server; `text` is what Prometheus scrapes."""

    def __init__(self, desk: Desk, problems: Problems) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._programs = Counter("coderefine_programs", "Programs judged.", ["verdict"], registry=registry)
        self._requests = Counter("coderefine_requests", "Requests answered.", ["path", "status"], registry=registry)
        self._judging = Histogram(
            "coderefine_program_seconds", "In the judge, a program.", buckets=_SECONDS, registry=registry
        )
        self._waiting = Histogram(
            "coderefine_wait_seconds", "Until a program's turn.", buckets=_SECONDS, registry=registry
        )
        for name, told, value in (
            ("coderefine_programs_waiting", "Programs without a verdict.", lambda: desk.waiting),
            ("coderefine_sandboxes", "Sandboxes.", lambda: desk.sandboxes),
            ("coderefine_sandboxes_running", "Sandboxes in use.", lambda: desk.running),
            ("coderefine_request_bytes", "Of requests in hand.", lambda: desk.held_bytes),
            ("coderefine_problems", "Problems remembered.", lambda: len(problems)),
        ):
            Gauge(name, told, registry=registry).set_function(value)

    def judged(self, verdict: str, waited_s: float, judging_s: float) -> None:
        """Count a program."""
        self._programs.labels(verdict).inc()
        self._waiting.observe(max(0.0, waited_s))
        self._judging.observe(judging_s)

    def answered(self, path: str, status: int) -> None:
        """Count a request; `path` is one of the server's own."""
        self._requests.labels(path, str(status)).inc()

    def text(self) -> bytes:
        """Return all counters."""
        return generate_latest(self._registry)
