"""Examines what the judge needs of this machine, with the judge's own code.

Guarantees: every wait is bounded; nothing is built, pulled or installed, and what is started is ended again. A backend
counts as usable exactly where `open_judge` can use it now: its sandbox starts and passes the denial test.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from coderefine import resources
from coderefine.errors import SandboxUnavailable
from coderefine.judge import bundle, denial, docker, engines, image, local
from coderefine.judge.opening import UNREADABLE
from coderefine.judge.pool import MIN_MEMORY_MIB
from coderefine.judge.worker import Worker, WorkerFault

TIMEOUT_S = 10
"""Seconds that a single answer of the Docker engine may take."""
DENIAL_TEST = "denial test"
_CAPABILITIES = {"KILL": 5, "SETGID": 6, "SETUID": 7}
"""The kernel's numbers of the capabilities that a runner needs."""
State = Literal["ok", "missing", "weaker"]
""""ok": as it should be. "missing": needed, and not there. "weaker": not there, or not examined, but the sandbox holds
without it.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing that the judge needs."""

    name: str
    state: State
    detail: str
    """What was found, in words."""
    remedy: str = ""
    """The next command to type; "" where nothing is missing."""


@dataclass(frozen=True, slots=True)
class Backend:
    """What was found about one backend."""

    name: str
    """ "docker" or "local"."""
    checks: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Whether its sandbox starts and passes the denial test."""
        return any(check.name == DENIAL_TEST and check.state == "ok" for check in self.checks)

    @property
    def reason(self) -> str:
        """Why it is not usable; empty where it is."""
        if self.usable:
            return ""
        missing = [check.detail for check in self.checks if check.state == "missing"]
        return missing[-1] if missing else "not examined"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """This machine, as the judge sees it."""

    host: tuple[Finding, ...]
    backends: tuple[Backend, ...]
    """In the order in which "auto" tries them."""

    @property
    def chosen(self) -> str | None:
        """The backend that "auto" takes; None where none is usable."""
        return next((backend.name for backend in self.backends if backend.usable), None)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "chosen": self.chosen,
            "host": [_to_json(check) for check in self.host],
            "backends": {
                backend.name: {
                    "usable": backend.usable,
                    "reason": backend.reason,
                    "checks": [_to_json(check) for check in backend.checks],
                }
                for backend in self.backends
            },
        }


def diagnose(image_name: str | None = None, *, timeout_s: int = TIMEOUT_S) -> Diagnosis:
    """Examine the machine and both backends."""
    return Diagnosis(
        tuple(_host()),
        (
            _examined(docker.NAME, lambda: _docker(image_name, timeout_s)),
            _examined(local.NAME, _local),
        ),
    )


def _to_json(check: Finding) -> dict[str, str]:
    return {"name": check.name, "state": check.state, "detail": check.detail, "remedy": check.remedy}


def _examined(name: str, examine: Callable[[], Iterator[Finding]]) -> Backend:
    checks: list[Finding] = []
    try:
        for check in examine():
            checks.append(check)
    except (SandboxUnavailable, OSError) as error:
        checks.append(Finding("examination", "missing", f"ended early: {error}"))
    if not any(check.name == DENIAL_TEST for check in checks):
        checks.append(Finding(DENIAL_TEST, "weaker", "not run"))
    return Backend(name, tuple(checks))


def _host() -> Iterator[Finding]:
    yield Finding("system", "ok", f"{platform.system()} {platform.release()} {platform.machine()}")
    yield Finding("python", "ok", platform.python_version())
    if platform.system() == "Linux":
        unified = Path("/sys/fs/cgroup/cgroup.controllers").exists()
        yield Finding("cgroup", "ok", "version 2" if unified else "version 1")


def _docker(image_name: str | None, timeout_s: int) -> Iterator[Finding]:
    try:
        client, place = engines.connect(timeout_s)
    except engines.EngineUnavailable as error:
        yield Finding("engine", "missing", str(error), error.remedy)
        return
    import docker as engine

    with closing(client):
        try:
            yield from _engine(client, place)
            name = image_name or image.DEFAULT
            found = image.find(client, name)
            if found is None:
                yield Finding("image", "missing", f"no image {name} here", _image_remedy(image_name))
                return
            yield Finding("image", "ok", f"{name} {_identity(found)}")
            yield from _container(client, name)
        except engine.errors.DockerException as error:
            raise SandboxUnavailable(str(error)) from None
        except (LookupError, TypeError, AttributeError) as error:  # something other than an engine is at this address
            raise SandboxUnavailable(f"an answer that no Docker engine gives ({error!r})") from None


def _engine(client: Any, place: engines.Place) -> Iterator[Finding]:
    version, info = client.version(), client.info()
    what = f"{version.get('Version')} (API {version.get('ApiVersion')}) on {version.get('Os')}/{version.get('Arch')}"
    yield Finding("engine", "ok", f"{what} at {place}")
    yield Finding("engine's cgroup", "ok", f"version {info.get('CgroupVersion') or 'unknown'}")
    for warning in info.get("Warnings") or ():
        yield Finding("engine's warning", "weaker", str(warning))


def _image_remedy(image_name: str | None) -> str:
    if image_name:
        return f"docker pull {image_name}"
    folder = resources.sandbox_dir()
    return f"docker build -t {image.DEFAULT} {folder}, or without a registry {folder / 'make-base-image'}"


def _identity(found: dict[str, Any]) -> str:
    digests = found.get("RepoDigests") or [found.get("Id") or "without an id"]
    return str(digests[0])


def _container(client: Any, name: str) -> Iterator[Finding]:
    try:
        channel = docker.open_channel(client, name, MIN_MEMORY_MIB)
        worker = Worker(channel, MIN_MEMORY_MIB)
    except WorkerFault as fault:
        yield Finding("container", "missing", str(fault), f"docker run --rm --entrypoint python3 {name} --version")
        return
    with closing(worker):
        yield Finding("python", "ok", f"{worker.hello['python']} in the image")
        given = client.inspect_container(channel.container).get("HostConfig") or {}
        yield from _limits(channel.asked, given, worker.hello)
        abi = worker.hello["landlock_abi"]
        if abi >= bundle.module("landlock").MIN_ABI:
            yield Finding("landlock", "ok", f"ABI {abi}")
        else:
            yield Finding("landlock", "weaker", f"ABI {abi}: candidates can read the image's files")
        yield _uid(worker)
        yield _threads(worker)
        yield _denial_test(worker, ())
    yield _pytest(lambda: docker.open_suite(client, name, MIN_MEMORY_MIB))


def _limits(asked: dict[str, Any], given: dict[str, Any], hello: dict[str, Any]) -> Iterator[Finding]:
    """Compare the limits that the engine reports for a container with those that the judge asks for.

    Podman reports two of them in another way than Docker; for these, what the sandbox itself found (`hello`) decides.
    """
    mib = asked["Memory"] >> 20
    has_no_memory = given.get("IpcMode") == asked["IpcMode"] or hello.get("has_shared_memory") is False
    for name, detail, holds in (
        ("memory", f"{mib} MiB", given.get("Memory") == asked["Memory"]),
        ("swap", "none", given.get("MemorySwap") == asked["MemorySwap"]),
        ("processes", f"at most {asked['PidsLimit']}", given.get("PidsLimit") == asked["PidsLimit"]),
        ("network", "none", given.get("NetworkMode") == asked["NetworkMode"]),
        ("shared memory", "none", has_no_memory),
        ("root", "read-only", given.get("ReadonlyRootfs") is True),
        ("capabilities", ", ".join(asked["CapAdd"]), _holds_no_more(asked, given, hello)),
        ("seccomp", "our profile", _option(given, "seccomp") == _option(asked, "seccomp")),
        ("no-new-privileges", "set", _option(given, "no-new-privileges") in ("", "true")),
    ):
        if holds:
            yield Finding(name, "ok", detail)
        else:
            yield Finding(name, "missing", f"the engine does not keep to the limit: {detail}", "docker info")
    yield Finding("runtime", "ok", given.get("Runtime") or "the engine's own")


def _holds_no_more(asked: dict[str, Any], given: dict[str, Any], hello: dict[str, Any]) -> bool:
    """Whether a container has no other capabilities than those that were asked for."""
    dropped, added = (given.get(key) or [] for key in ("CapDrop", "CapAdd"))
    wanted = {name.removeprefix("CAP_") for name in asked["CapAdd"]}
    names = {name.removeprefix("CAP_") for name in added}
    if given.get("Privileged"):
        return False
    if "ALL" in dropped:
        return names == wanted
    return names <= wanted and hello.get("capabilities") == sum(1 << _CAPABILITIES[name] for name in wanted)


def _option(config: dict[str, Any], name: str) -> str | None:
    """Return the value of a security option, "" for one without a value, None where it is not set."""
    for option in config.get("SecurityOpt") or ():
        key, *value = re.split("[:=]", option, maxsplit=1)
        if key == name:
            return "".join(value)
    return None


def _local() -> Iterator[Finding]:
    if platform.system() == "Linux":
        landlock, machine = bundle.module("landlock"), platform.machine()
        abi, least = landlock.abi(), landlock.MIN_ABI
        detail = f"ABI {abi}; at least {least} is needed"
        if abi >= least:
            yield Finding("landlock", "ok", detail)
        else:
            yield Finding("landlock", "missing", detail, "cat /sys/kernel/security/lsm")
        if machine in bundle.module("profiles").MACHINES:
            yield Finding("seccomp", "ok", machine)
        else:
            yield Finding("seccomp", "missing", f"no system call table for {machine} processors")
    try:
        worker = local.open_worker(MIN_MEMORY_MIB)
    except SandboxUnavailable as error:
        yield Finding("runner", "missing", str(error))
        return
    with closing(worker):
        namespaces = worker.hello["namespaces"]
        if namespaces:
            yield Finding("namespaces", "ok", ", ".join(namespaces))
        else:
            remedy = "sysctl user.max_user_namespaces kernel.apparmor_restrict_unprivileged_userns"
            yield Finding("namespaces", "weaker", "none granted; candidates are separated by seccomp alone", remedy)
        yield _uid(worker)
        yield _threads(worker)
        yield Finding("memory of a sandbox", "weaker", "limited for each candidate, not for all processes together")
        if "pid" not in namespaces:
            why = "without a PID namespace, no process may be started: what it left could not be ended"
            yield Finding("processes of pytest", "weaker", why)
        yield _denial_test(worker, UNREADABLE)
    yield _pytest(lambda: local.open_suite(MIN_MEMORY_MIB))


def _uid(worker: Worker) -> Finding:
    if worker.hello["changes_uid"]:
        return Finding("candidates' uid", "ok", "one of their own")
    why = "only root can give them another" if os.geteuid() else "another one could not read this Python's library"
    return Finding("candidates' uid", "weaker", f"that of the runner, without capabilities; {why}")


def _threads(worker: Worker) -> Finding:
    if worker.hello["counts_threads"]:
        most = bundle.module("profiles").PLAIN.limits["RLIMIT_NPROC"]
        return Finding("threads", "ok", f"at most {most} of a candidate")
    return Finding("threads", "weaker", "limited by memory, not by number: the kernel would count those of others too")


def _pytest(open_suite: Callable[[], Worker]) -> Finding:
    """Whether problems of kind "pytest" can be judged; no others need it."""
    try:
        with closing(open_suite()):
            return Finding("pytest", "ok", "starts, and passed the denial test")
    except (SandboxUnavailable, WorkerFault) as error:
        return Finding("pytest", "weaker", str(error))


def _denial_test(worker: Worker, unreadable: tuple[str, ...]) -> Finding:
    try:
        denial.check(worker, unreadable=unreadable)
    except SandboxUnavailable as error:
        return Finding(DENIAL_TEST, "missing", str(error))
    return Finding(DENIAL_TEST, "ok", "passed")
