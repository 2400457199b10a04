"""The nodes of a Ray cluster as a place to judge. Needs `coderefine[ray]`; only this module knows Ray.

Guarantees: a problem, a program and how to judge are sent, never the environment of this process. Work of a lost node
or worker is sent to another one. Ray prints nothing and reports to nobody. A cluster that was started here takes orders
from nobody else, and ends with us. Any other cluster is trusted like this machine.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import socket
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from coderefine.errors import CoderefineError, JudgeError
from coderefine.judge.answers import Answer
from coderefine.problem.problem import Problem
from coderefine.scoring import node
from coderefine.scoring.outcome import ProgramOutcome
from coderefine.scoring.place import Place, Rules

if TYPE_CHECKING:
    from coderefine.record.journal import JournalRow
    from coderefine.runs.tasks import RecordedRun

RETRIES = 5
"""How many nodes or workers may be lost while judging one program."""
MOST_THREADS = 1024
CONNECT_S = 10.0
LOCAL = "local"
"""The address for a cluster that is started here."""
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_AUTO_CONNECT": "0",  # a thread that is late must not start a cluster
    "RAY_DISABLE_FAILURE_SIGNAL_HANDLER": "1",  # or it prints the stack when it is told to end
    "RAY_DEDUP_LOGS": "1",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".*",  # or it prints its retries to standard output
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # or it warns about GPUs
}
INHERITED = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|VIRTUAL_ENV|PYTHON\w+|XDG_\w+|RAY_\w+"
    r"|DOCKER_(HOST|CONTEXT|CONFIG|CERT_PATH|TLS_VERIFY)"
)
"""Environment variables that the nodes of a cluster started here get: none that may be a key."""


@contextmanager
def connected(
    address: str | None,
    sandbox: str,
    image: str | None,
    progress: Callable[[str], None] = lambda _: None,
    packages: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
) -> Iterator[Place]:
    """Connect to the cluster at `address` or RAY_ADDRESS, or start one on this machine; yield it as a place.

    All nodes use the kind of sandbox that `sandbox` chooses on the first one that answers. Raises CoderefineError
    where there is no Ray, no cluster, or no sandbox.
    """
    address = address or os.environ.get("RAY_ADDRESS") or LOCAL
    ray = _imported(address)
    try:
        progress("starting a Ray cluster here" if address == LOCAL else f"waiting for the Ray cluster at {address}")
        _connect(ray, address)
        asked: Any = ray.remote(num_cpus=1, max_retries=RETRIES)
        found = _answer(ray, asked(node.sandbox).remote(node.Order(sandbox, image, packages, allow)))
        if isinstance(found, str):
            raise CoderefineError(f"the Ray cluster cannot judge: {found}")
        backend, note = found
        order = node.Order(backend, image, packages, allow)
        remote, remote_answers, remote_search = map(asked, (node.judge, node.answers, node.search))

        def judged(problem: Problem, source: str, rules: Rules) -> ProgramOutcome:
            outcome: ProgramOutcome | str = _answer(ray, remote.remote(order, problem, source, rules))
            if isinstance(outcome, str):
                raise JudgeError(outcome)
            return outcome

        def answers(problem: Problem, source: str) -> Sequence[Answer]:
            found: list[Answer] | str = _answer(ray, remote_answers.remote(order, problem, source))
            if isinstance(found, str):
                raise JudgeError(found)
            return found

        def searched(task: RecordedRun) -> Sequence[tuple[str, JournalRow]]:
            found: list[tuple[str, JournalRow]] | str = _answer(ray, remote_search.remote(order, task))
            if isinstance(found, str):
                raise JudgeError(found)
            return found

        processors = int(ray.cluster_resources().get("CPU", 1))
        nodes = sum(found["Alive"] for found in ray.nodes())
        size = f"{nodes} Ray node{'s' * (nodes != 1)}, {processors} processor{'s' * (processors != 1)}"
        # Twice as many, so that no processor waits for its next program.
        threads = max(1, min(2 * processors, MOST_THREADS))
        yield Place(backend, f"{size}; {note}" if note else size, threads, judged, answers, searched=searched)
    finally:
        ray.shutdown()


def _imported(address: str) -> ModuleType:
    """Return the module of Ray, which reads its settings when it is imported."""
    os.environ.update(SETTINGS)
    if address == LOCAL:  # it listens on all interfaces, and would run what anyone sends
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    try:
        return import_module("ray")
    except ImportError:
        raise CoderefineError("--engine ray needs Ray: pip install 'coderefine[ray]'") from None


def _connect(ray: ModuleType, address: str) -> None:
    try:
        if ":" in address:
            _reach(address)
        with _inherited(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            quiet = {"logging_level": logging.CRITICAL, "log_to_driver": False}
            ray.init(address, include_dashboard=False, **quiet)
    except (OSError, ValueError, RuntimeError, ImportError, ray.exceptions.RayError) as error:
        what = "start a Ray cluster" if address == LOCAL else f"connect to the Ray cluster at {address}"
        raise CoderefineError(f"cannot {what}: {_brief(error)}") from None


def _reach(address: str) -> None:
    """Raise OSError or ValueError where nothing listens at HOST:PORT; Ray would try for minutes."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), CONNECT_S).close()


@contextmanager
def _inherited() -> Iterator[None]:
    """Hide all other variables from processes that are started within the block."""
    hidden = {name: value for name, value in os.environ.items() if not INHERITED.fullmatch(name)}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def _answer(ray: ModuleType, reference: Any) -> Any:
    """Return what a node answers; waits outside of Ray, so that no thread is inside Ray when it ends."""
    try:
        return reference.future().result()
    except ray.exceptions.RayError as error:
        raise JudgeError(f"the Ray cluster failed: {_brief(error)}") from None


def _brief(error: Exception) -> str:
    """Return the beginning of a long message of Ray."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]
