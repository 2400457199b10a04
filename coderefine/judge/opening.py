"""Chooses and opens a sandbox. The fallback is from one real sandbox to the other, never to none."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Callable
from functools import partial
from typing import Any

from coderefine.errors import SandboxUnavailable, UsageError
from coderefine.interrupts import uninterrupted
from coderefine.judge import denial, docker, image, local, site
from coderefine.judge.judge import Judge
from coderefine.judge.starts import Starts
from coderefine.judge.worker import Worker, WorkerFault
from coderefine.problem.evaluation import ALLOW

KINDS = ("auto", "docker", "local")
UNREADABLE = local.UNREADABLE


def open_judge(
    sandbox: str = "auto",
    *,
    image_name: str | None = None,
    workers: int | None = None,
    runtime: str | None = None,
    allow: tuple[str, ...] = (),
    packages: tuple[str, ...] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Judge:
    """Open a judge: "docker", "local", or "auto", which takes Docker where it is usable and else the local sandbox.

    `image_name` is a Docker image with Python 3.8 or newer. Where none is named, "auto" has the local sandbox judge the
    programs that only this machine's Python compiles. `runtime` is an OCI runtime such as "runsc".

    `allow` names what the tests of pytest may do besides reading and writing files (see `sandbox/suite.py`); with
    "evaluator" in it, evaluators get the packages and the program that their problems name. `packages` are what
    candidates may import besides the standard library, as pip names it. `progress` is called with lines
    about the building of an image and the installation of packages.

    Raises SandboxUnavailable where no such sandbox can run.
    """
    match sandbox:
        case "docker":
            return _open_docker(image_name, workers, runtime, allow, packages, progress)
        case "local":
            return _open_local(workers, allow, packages, progress, "")
        case "auto":
            otherwise = None if image_name else partial(_open_local, workers, allow, packages, progress, "")
            try:
                return _open_docker(image_name, workers, runtime, allow, packages, progress, otherwise)
            except SandboxUnavailable as no_docker:
                try:
                    return _open_local(workers, allow, packages, progress, str(no_docker))
                except SandboxUnavailable as no_local:
                    raise SandboxUnavailable(
                        f"no sandbox can run here. Docker: {no_docker}. Local: {no_local}"
                    ) from None
    raise UsageError(f"no sandbox {sandbox!r}; choose one of {', '.join(KINDS)}")


def _open_docker(
    image_name: str | None,
    workers: int | None,
    runtime: str | None,
    allow: tuple[str, ...],
    packages: tuple[str, ...],
    progress: Callable[[str], None],
    otherwise: Callable[[], Judge] | None = None,
) -> Judge:
    suites = tuple(it for it in allow if it != ALLOW)
    client = docker.connect()
    docker.reap(client)
    name = image.ensure(client, image_name, progress)
    base, config = name, _site(packages, site.IN_IMAGE)
    if packages:
        name = site.layer(client, base, packages, _version(client, base), progress)

    def open_worker(memory_mib: int) -> Worker:
        return docker.open_worker(client, name, memory_mib, runtime, config)

    def open_suite(memory_mib: int) -> Worker:
        return docker.open_suite(client, name, memory_mib, runtime, suites, config)

    def open_evaluator(needed: tuple[str, ...], program: str, memory_mib: int) -> Worker:
        wanted = tuple(sorted({*packages, *needed}))
        version = _version(client, base)
        layered = site.layer(client, base, wanted, version, progress)
        starts = Starts(program, site.folder(wanted, version, progress)) if program else None
        return docker.open_evaluator(client, layered, memory_mib, runtime, _site(wanted, site.IN_IMAGE), starts)

    judge = Judge(
        docker.NAME,
        open_worker,
        open_suite=open_suite,
        open_evaluator=open_evaluator if ALLOW in allow else None,
        workers=workers,
        note=f"image {name}",
        at_end=client.close,
        otherwise=otherwise,
    )
    return _tested(judge, ())


def _version(client: Any, name: str) -> str:
    """Return the version of an image's Python; raises SandboxUnavailable."""
    try:
        with contextlib.closing(docker.open_worker(client, name, 0)) as worker:
            return str(worker.hello["python"])
    except WorkerFault as fault:
        raise SandboxUnavailable(f"the docker sandbox does not start: {fault}") from None


def _site(packages: tuple[str, ...], where: str) -> dict[str, Any]:
    """Return the options of a sandbox for candidates that may import packages."""
    return {"site": [where], "environment": site.ENVIRONMENT} if packages else {}


def _open_local(
    workers: int | None, allow: tuple[str, ...], packages: tuple[str, ...], progress: Callable[[str], None], note: str
) -> Judge:
    config: dict[str, Any] = {}
    if packages:
        config = _site(packages, str(site.folder(packages, platform.python_version(), progress)))
    open_worker = partial(local.open_worker, site=config)
    open_suite = partial(local.open_suite, allow=tuple(it for it in allow if it != ALLOW), site=config)

    def open_evaluator(needed: tuple[str, ...], program: str, memory_mib: int) -> Worker:
        wanted = tuple(sorted({*packages, *needed}))
        folder = site.folder(wanted, platform.python_version(), progress)
        return local.open_evaluator(
            memory_mib, _site(wanted, str(folder)), Starts(program, folder) if program else None
        )

    judge = Judge(
        local.NAME,
        open_worker,
        open_suite=open_suite,
        open_evaluator=open_evaluator if ALLOW in allow else None,
        workers=workers,
        note=note,
    )
    return _tested(judge, local.UNREADABLE)


@uninterrupted
def _tested(judge: Judge, unreadable: tuple[str, ...]) -> Judge:
    """Return the judge once its first worker has passed the denial test; that worker then serves candidates."""
    try:
        with judge.sandboxes.candidates.lease(0) as worker:
            denial.check(worker, unreadable=unreadable)
    except WorkerFault as fault:
        judge.close()
        raise SandboxUnavailable(f"the {judge.backend} sandbox does not start: {fault}") from None
    except BaseException:
        judge.close()
        raise
    return judge
