"""The image of the Docker backend: found, or built from `sandbox/Dockerfile` on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coderefine import resources
from coderefine.errors import SandboxUnavailable

DEFAULT = "coderefine-sandbox:1"

Progress = Callable[[str], None]


def ensure(client: Any, image: str | None, progress: Progress) -> str:
    """Return the name of an image that exists, the default one built if need be; raises SandboxUnavailable."""
    name = image or DEFAULT
    if find(client, name) is None:
        if image:
            raise SandboxUnavailable(f"no image {image} here; try: docker pull {image}")
        _build(client, name, progress)
    return name


def find(client: Any, name: str) -> dict[str, Any] | None:
    """Return the engine's description of an image, None where it has no such image; raises SandboxUnavailable."""
    import docker

    try:
        found: dict[str, Any] = client.inspect_image(name)
    except docker.errors.ImageNotFound:
        return None
    except (docker.errors.DockerException, OSError) as error:
        raise SandboxUnavailable(f"the Docker engine cannot look up {name}: {error}") from None
    return found


def _build(client: Any, name: str, progress: Progress) -> None:
    import docker

    progress(f"building the sandbox image {name} (once)")
    folder = resources.sandbox_dir()
    script = folder / "make-base-image"
    try:
        for line in client.build(path=str(folder), tag=name, rm=True, forcerm=True, decode=True):
            if "error" in line:
                raise docker.errors.DockerException(line["error"].strip())
            text = line.get("stream", "").strip()
            if text:
                progress(text)
    except (docker.errors.DockerException, OSError) as error:
        raise SandboxUnavailable(
            f"the image {name} could not be built: {error}; without an image registry, run {script}"
        ) from None
