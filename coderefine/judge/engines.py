"""Where a container engine may be, and which of these places answers.

The places are tried in the order of Docker's own command: DOCKER_HOST, DOCKER_CONTEXT, the current context of its
configuration. If one of the first two is set, no other place is tried. Then come the sockets that engines are known to
open: Docker's own, rootless ones, Docker Desktop, Podman, Colima, Rancher Desktop, OrbStack, Lima.
"""

from __future__ import annotations

import getpass
import grp
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coderefine import outside
from coderefine.errors import SandboxUnavailable, UnreadableError

DEFAULT_CONTEXT = "default"
"""Docker's name for no context."""
INSTALL = "apt-get install docker.io"
_SOCKET = "unix://"


class EngineUnavailable(SandboxUnavailable):
    """No engine answers."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        """The next command to type."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an engine may be."""

    address: str
    source: str = ""
    """The variable or context that names it; "" for a socket that was found."""
    certificates: Path | None = None
    """A folder with ca.pem, cert.pem and key.pem."""
    is_verified: bool = True
    """Whether the engine must prove its identity, over TLS."""

    @property
    def socket(self) -> Path | None:
        """The socket in the file system; None for an address of another kind."""
        return Path(self.address.removeprefix(_SOCKET)) if self.address.startswith(_SOCKET) else None

    def __str__(self) -> str:
        return f"{self.address} ({self.source})" if self.source else self.address


def connect(timeout_s: int = 30) -> tuple[Any, Place]:
    """Return a client of the first engine that answers, each time within `timeout_s`; raises EngineUnavailable."""
    found = places()
    if not found:
        raise EngineUnavailable("no Docker engine: DOCKER_HOST is not set and there is no socket of one", INSTALL)
    refusals = []
    for place in found:
        try:
            return _client(place, timeout_s), place
        except EngineUnavailable as refusal:
            refusals.append(refusal)
    first = next((refusal for refusal in refusals if isinstance(refusal, _Forbidden)), refusals[0])
    raise EngineUnavailable("; ".join(map(str, refusals)), first.remedy)


def places() -> list[Place]:
    """Return where an engine may be, the likeliest first; raises EngineUnavailable for an unknown context."""
    if host := os.environ.get("DOCKER_HOST"):
        return [Place(host, "DOCKER_HOST")]
    if name := os.environ.get("DOCKER_CONTEXT"):
        return list(_sockets()) if name == DEFAULT_CONTEXT else [_context(name, "DOCKER_CONTEXT")]
    sockets, name = [*_sockets()], _current_context()
    if not name:
        return sockets
    try:
        chosen = _context(name, "docker context")
    except EngineUnavailable:
        if not sockets:
            raise
        return sockets
    return [chosen, *(place for place in sockets if place.address != chosen.address)]


class _Forbidden(EngineUnavailable):
    """An engine is there, but this user may not use it."""


def _client(place: Place, timeout_s: int) -> Any:
    path = place.socket
    if path is not None and _is_socket(path) and not os.access(path, os.R_OK | os.W_OK):
        remedy = _membership(path)
        raise _Forbidden(f"the Docker engine at {place} may not be used by this user; {remedy}", remedy)
    try:
        import docker
    except ImportError:  # an installation without it, see docs/pre-commit.md
        remedy = "install it beside coderefine: pip install docker"
        raise _Forbidden(f"the package docker is not installed; {remedy}", remedy) from None
    try:
        options = docker.utils.kwargs_from_env() if place.source == "DOCKER_HOST" else {}
        if place.certificates:
            options["tls"] = _tls(place.certificates, is_verified=place.is_verified)
        client = docker.APIClient(**{"timeout": timeout_s, **options, "base_url": place.address})
        client.ping()
    # such as a DOCKER_HOST whose port is not a number
    except (docker.errors.DockerException, OSError, ValueError) as error:
        raise EngineUnavailable(
            f"the Docker engine at {place} does not answer ({_reason(error)}); is it running?", _start(place)
        ) from None
    return client


def _reason(error: BaseException) -> str:
    """Return the system's own words, which libraries wrap several times; else the first line of the error."""
    within: list[BaseException] = [error]
    for found in within:  # the list grows
        if isinstance(found, OSError) and found.strerror:
            return found.strerror
        causes = (*found.args, found.__context__, getattr(found, "reason", None))
        within += [it for it in causes if isinstance(it, BaseException) and it not in within]
    return str(error).split("\n")[0]


def _tls(folder: Path, *, is_verified: bool) -> Any:
    import docker

    names = {path.name: str(path) for path in folder.glob("*.pem")}
    own = (names["cert.pem"], names["key.pem"]) if {"cert.pem", "key.pem"} <= names.keys() else None
    return docker.tls.TLSConfig(client_cert=own, ca_cert=names.get("ca.pem"), verify=is_verified)


def _start(place: Place) -> str:
    """Return the command that makes the engine of a place answer."""
    if place.source == "DOCKER_HOST":
        return "docker info, or unset DOCKER_HOST"
    if place.source:
        return "docker info, or docker context use default"
    for word, command in (
        ("podman", "systemctl --user start podman.socket"),
        ("colima", "colima start"),
        ("/.rd/", "start Rancher Desktop"),
        ("/.orbstack/", "orb start"),
        ("/.docker/", "start Docker Desktop"),
        (f"/user/{os.getuid()}/", "systemctl --user start docker"),
    ):
        if word in place.address:
            return command
    return "sudo systemctl start docker"


def _membership(path: Path) -> str:
    """Return the command that lets this user use a socket, which depends on its owner."""
    status = path.stat()
    if "podman" in path.parts:  # Podman knows no group: each user has an engine of their own
        return "systemctl --user enable --now podman.socket"
    try:
        group = grp.getgrgid(status.st_gid)
    except KeyError:
        group = None
    if (
        group is None or group.gr_gid == 0 or not status.st_mode & stat.S_IWGRP
    ):  # the engine takes that group at its start
        join = "sudo groupadd -f docker && sudo usermod -aG docker $USER && sudo systemctl restart docker"
        return f"{join}, and log in again"
    if _user() in group.gr_mem:
        return f"log in again: you are in the group {group.gr_name} since then (or: newgrp {group.gr_name})"
    return f"sudo usermod -aG {group.gr_name} $USER, and log in again"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a uid without an account
        return ""


def _is_socket(path: Path) -> bool:
    try:
        return stat.S_ISSOCK(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _sockets() -> Iterator[Place]:
    """Yield the sockets of known engines that exist."""
    home, own = _home(), Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    colima = Path(os.environ.get("COLIMA_HOME") or home / ".colima")
    seen = set()
    for folder, pattern in (
        (Path("/var/run"), "docker.sock"),
        (own, "docker.sock"),
        (home / ".docker/run", "docker.sock"),
        (home / ".docker/desktop", "docker.sock"),
        (colima, "docker.sock"),
        (colima, "*/docker.sock"),
        (home / ".config/colima", "*/docker.sock"),
        (home / ".rd", "docker.sock"),
        (home / ".orbstack/run", "docker.sock"),
        (home / ".lima", "*/sock/docker.sock"),
        (own, "podman/podman.sock"),
        (Path("/run/podman"), "podman.sock"),
        (home / ".local/share/containers/podman/machine", "podman.sock"),
        (home / ".local/share/containers/podman/machine", "*/podman.sock"),
    ):
        for path in sorted(folder.glob(pattern)):
            if _is_socket(path) and path.resolve() not in seen:
                seen.add(path.resolve())
                yield Place(f"{_SOCKET}{path}")


def _folder() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or _home() / ".docker")


def _home() -> Path:
    return Path(os.environ.get("HOME") or "/")


def _current_context() -> str:
    """Return the name of the context that the user has chosen; "" where there is none."""
    try:
        data = outside.read_json(outside.read_bytes(_folder() / "config.json"))
    except (OSError, UnreadableError):
        return ""
    name = data.get("currentContext") if isinstance(data, dict) else None
    return name if isinstance(name, str) and name != DEFAULT_CONTEXT else ""


def _context(name: str, source: str) -> Place:
    """Return where the engine of a context is; raises EngineUnavailable."""
    key = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    try:
        data = outside.read_json(outside.read_bytes(_folder() / "contexts/meta" / key / "meta.json"))
        endpoint = data["Endpoints"]["docker"]
        address = endpoint["Host"]
        if not isinstance(address, str):
            raise TypeError
    except (OSError, UnreadableError, LookupError, TypeError):
        raise EngineUnavailable(
            f"{source}: docker has no context {name!r} that names an engine", "docker context ls"
        ) from None
    certificates = _folder() / "contexts/tls" / key / "docker"
    return Place(
        address,
        f"{source} {name}",
        certificates if certificates.is_dir() else None,
        is_verified=endpoint.get("SkipTLSVerify") is not True,
    )
