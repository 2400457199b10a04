"""Examines what the judge needs of this machine, with the judge's own code.

Guarantees: every wait is bounded; nothing is built, pulled or installed, and what is started is ended again. A backend
counts as usable exactly where `open_judge` can use it now: its sandbox starts and passes the denial test.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from coderefine import resources
from coderefine.errors import SandboxUnavailable
from coderefine.judge import bundle, container, denial, docker, engines, image, local
from coderefine.judge.findings import DENIAL_TEST, Backend, Diagnosis, Finding
from coderefine.judge.opening import UNREADABLE
from coderefine.judge.pool import MIN_MEMORY_MIB
from coderefine.judge.worker import Worker, WorkerFault

TIMEOUT_S = 10
"""Seconds that a single answer of the Docker engine may take."""


def diagnose(image_name: str | None = None, *, timeout_s: int = TIMEOUT_S) -> Diagnosis:
    """Examine the machine and both backends."""
    return Diagnosis(
        tuple(_host()),
        (
            _examined(docker.NAME, lambda: _docker(image_name, timeout_s)),
            _examined(local.NAME, _local),
        ),
    )


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
        yield from container.compare(channel.asked, given, worker.hello)
        abi = worker.hello["landlock_abi"]
        if abi >= bundle.module("landlock").MIN_ABI:
            yield Finding("landlock", "ok", f"ABI {abi}")
        else:
            yield Finding("landlock", "weaker", f"ABI {abi}: candidates can read the image's files")
        yield _uid(worker)
        yield _threads(worker)
        yield _denial_test(worker, ())
    yield _pytest(lambda: docker.open_suite(client, name, MIN_MEMORY_MIB))


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
