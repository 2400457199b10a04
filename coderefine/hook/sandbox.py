"""Opens the sandbox for a project's tests: with its own interpreter on this machine, or from an image."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from coderefine.hook.environment import Environment
from coderefine.hook.settings import Settings
from coderefine.judge import docker, image, local
from coderefine.judge.judge import Judge
from coderefine.judge.opening import open_judge


def open_sandbox(settings: Settings, environment: Environment | None, progress: Callable[[str], None]) -> Judge:
    """Return a judge for the tests of a project; each of its sandboxes passes the denial test before it runs any of
    them.

    Without an environment, the project's image is used. Raises SandboxUnavailable where it cannot run.
    """
    if environment is None:
        return open_judge("docker", image_name=settings.image, allow=settings.allow, progress=progress)
    open_suite = partial(
        local.open_suite, python=environment.python, allow=settings.allow, plugins=not environment.is_ours
    )
    remedy = "name an interpreter of that version (python in [tool.coderefine], or --python)"
    return Judge(local.NAME, local.open_worker, open_suite=open_suite, note=environment.shown, remedy=remedy)


def image_id(name: str) -> str:
    """Return an id that stays the same while an image does, "" where the image is missing.

    Raises SandboxUnavailable.
    """
    found = image.find(docker.connect(), name)
    return found["Id"] if found else ""
