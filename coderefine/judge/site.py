"""Packages for candidates: installed once into a folder of their own, which sandboxes can read and not write.

Only wheels are installed, so that no code of a package runs on this machine. The local sandbox reads the folder; the
Docker backend makes a layer of it on top of its image.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from coderefine.errors import SandboxUnavailable, UsageError
from coderefine.judge import image

IN_IMAGE = "/opt/coderefine-site"
"""Where the folder is in an image."""
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # else it reserves memory and a thread for each processor
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
}
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?([<>=!~]=?[A-Za-z0-9.*+!]+,?)*")
_MINUTES = 20


def requirements(text: str) -> tuple[str, ...]:
    """Return the packages that a text names: a file of requirements, or a list with commas; raises UsageError."""
    file = Path(text)
    if file.is_file():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--packages {text}: {error}") from None
        found = [line.partition("#")[0].partition(";")[0].replace(" ", "") for line in lines]
    else:
        found = re.split(r"[,\s]+", text)
    names = tuple(sorted({name for name in found if name}))
    for name in names:
        if not is_requirement(name):
            raise UsageError(
                f"--packages: expected names such as numpy or numpy==2.1.0, or a file of them, not {name!r}"
            )
    if not names:
        raise UsageError(f"--packages {text}: no package is named")
    return names


def is_requirement(name: str) -> bool:
    """Whether a text is a package name as pip takes it, perhaps with a version, but no address and no path."""
    return _REQUIREMENT.fullmatch(name) is not None


def folder(packages: Sequence[str], version: str, progress: Callable[[str], None]) -> Path:
    """Return a folder in which packages are installed for a version of Python; raises SandboxUnavailable."""
    short = ".".join(version.split(".")[:2])
    made = _caches() / _digest(packages, short)
    if made.is_dir():
        return made
    progress(f"installing {', '.join(packages)} for Python {short} (once)")
    try:
        made.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=made.parent, prefix=".installing-"))
        try:
            _install(packages, short, temporary)
            temporary.chmod(0o755)
            temporary.rename(made)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        if not made.is_dir():  # another process may have made it meanwhile
            raise SandboxUnavailable(f"the packages cannot be written to {made.parent}: {error}") from None
    return made


def layer(client: Any, base: str, packages: Sequence[str], version: str, progress: Callable[[str], None]) -> str:
    """Return the name of an image with packages on top of `base`; raises SandboxUnavailable."""
    import docker

    found = image.find(client, base)
    name = f"coderefine-packages:{_digest([*packages, str((found or {}).get('Id'))], version)}"
    if image.find(client, name) is not None:
        return name
    site = folder(packages, version, progress)
    progress(f"adding them to the image {base} (once)")
    (site / "Dockerfile").write_text(f"FROM {base}\nCOPY . {IN_IMAGE}\n", encoding="utf-8")
    try:
        for line in client.build(path=str(site), tag=name, rm=True, forcerm=True, decode=True):
            if "error" in line:
                raise docker.errors.DockerException(line["error"].strip())
    except (docker.errors.DockerException, OSError) as error:
        raise SandboxUnavailable(f"the image with {', '.join(packages)} could not be built: {error}") from None
    return name


def _digest(packages: Sequence[str], version: str) -> str:
    return hashlib.sha256("\0".join([version, *packages]).encode()).hexdigest()[:24]


def _caches() -> Path:
    """Return where folders are kept: for root where other users can read, since candidates run as another user."""
    import platformdirs

    shared = os.geteuid() == 0
    return (platformdirs.site_cache_path if shared else platformdirs.user_cache_path)("coderefine") / "packages"


def _install(packages: Sequence[str], version: str, target: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--only-binary", ":all:", "--python-version", version, "--target", str(target), "--", *packages),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 * _MINUTES, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise SandboxUnavailable(f"installing {', '.join(packages)} took more than {_MINUTES} minutes") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR") or "No module named pip" in line]
        raise SandboxUnavailable(f"{', '.join(packages)} cannot be installed: {(said or ['pip failed'])[-1]}")
