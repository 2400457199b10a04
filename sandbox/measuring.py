"""The sandbox of an evaluator that may start one program, which its problem names: a file of one of its packages.

Only evaluators are ever run in such a sandbox. In addition to the others it has a folder in memory to write, and the
system calls that start a process. Landlock lets it start only that file and the loader that the file names, and nothing
that it writes. The program is confined as the evaluator is, and ends with it.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any, Dict, List

from sandbox import confine, landlock, profiles, programs, scratch, starting

_LOADERS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")


def prepare(config: Dict[str, Any], namespaces: List[str], site: List[str]) -> profiles.Profile:
    """Return the profile of evaluators; raises OSError where this machine or the program does not allow it.

    `config` holds "program", its path below the folder of packages, and "scratch", a scratch that is mounted already,
    or "" to mount one.
    """
    path, bits, loader = _program(config["program"], site)
    root = config["scratch"]
    if not root and "mnt" not in namespaces:
        raise OSError("this kernel grants no mount namespace, so an evaluator cannot have a folder of its own")
    starting.check(namespaces, site, bool(root))
    if not root:
        root = scratch.mount([*sys.path, sys.executable, sys.prefix, sys.base_prefix, *site])
    _, temporary = scratch.folders(root)
    return profiles.Profile(
        site,
        temporary=temporary,
        programs=[path, *([loader] if loader else [])],
        signals=landlock.abi() >= landlock.SIGNALS_ABI,
        alone=True,
        has_32_bits=bits == 32,
    )


def enter(profile: profiles.Profile) -> None:
    """Empty the folder of a confined evaluator and go there, before any code of it has run."""
    (folder,) = profile.writable
    try:
        scratch.wipe(folder)
        os.chdir(folder)
    except OSError:
        os._exit(confine.UNCLEAN)
    os.environ.update(HOME=folder, TMPDIR=folder)
    tempfile.tempdir = None


def _program(name: str, site: List[str]) -> "tuple[str, int, str]":
    """Return the path of the program, its bits and its loader."""
    for folder in site:
        path = os.path.realpath(os.path.join(folder, name))
        if not path.startswith(os.path.realpath(folder) + os.sep) or not os.path.isfile(path):
            continue
        bits, loader = programs.elf(path)
        if loader and (os.path.dirname(loader) not in _LOADERS or not os.path.basename(loader).startswith("ld-")):
            raise OSError(0, "the program %s asks for an unusual loader, %s" % (name, loader))
        return path, bits, loader
    raise OSError(0, "the evaluator's packages have no program %s" % name)
