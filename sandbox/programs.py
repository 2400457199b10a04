"""Where the programs are that a suite may start, and what they read: the system's, and those of its interpreter.

Nothing of a user's is among them: no folder of the PATH of the host's user, and no configuration.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import List, Tuple

# of an ELF file: what is read of it, how many parts, and PT_INTERP
_HEAD_BYTES, _MOST_PARTS, _INTERPRETER = 4096, 64, 3
_USUAL = "/usr/local/bin:/usr/bin:/bin"
_HELPERS = ("/usr/libexec", "/usr/local/lib", "/usr/local/libexec")
_READ = ("/usr/share", "/usr/local/share", "/usr/include", "/etc/ld.so.cache", "/dev/urandom")
"""Data of programs, the list of where libraries are, and the source of git's names for temporary files."""


_PLAIN = (
    *("/dev/urandom", "/dev/random", "/dev/zero", "/usr/share", "/etc/mime.types", "/etc/localtime", "/etc/services"),
    *("/etc/protocols", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/ssl", "/etc/pki", "/etc/ld.so.cache"),
)
"""Files that Python's libraries read, which are the same on most machines and hold nothing of a user's."""


def plain() -> List[str]:
    """Return the files of the system that any test may read."""
    return [path for path in _PLAIN if os.path.exists(path) and not os.path.islink(path)]


def search_path() -> str:
    """Return the PATH of a suite: the image's own or the usual one, with the folder of its interpreter."""
    own = os.path.dirname(os.path.abspath(sys.executable))
    others = os.environ.get("PATH", _USUAL).split(os.pathsep)
    return os.pathsep.join(others if own in others else [own, *others])


def folders() -> List[str]:
    """Return the folders whose files may be started; of an interpreter that lies among a user's programs, only
    itself.
    """
    own, real = os.path.abspath(sys.executable), os.path.realpath(sys.executable)
    alone = {os.path.dirname(path) for path in (own, real) if not _is_of_an_installation(path)}
    others = [path for path in search_path().split(os.pathsep) if path not in alone]
    paths = [*others, *(path if os.path.dirname(path) in alone else os.path.dirname(path) for path in (own, real))]
    return [path for path in dict.fromkeys((*paths, *_HELPERS)) if os.path.isabs(path) and os.path.exists(path)]


def readable() -> List[str]:
    """Return what such programs read besides: the file in which a virtual environment names its interpreter."""
    return [path for path in (*_READ, _environment(os.path.abspath(sys.executable))) if os.path.exists(path)]


def _is_of_an_installation(python: str) -> bool:
    """Whether an interpreter lies among the programs of its own installation; a link to it may lie among a user's."""
    own = os.path.join(sys.base_prefix, "bin")
    folder = os.path.dirname(python)
    return os.path.exists(_environment(python)) or (os.path.isdir(own) and os.path.samefile(folder, own))


def _environment(python: str) -> str:
    return os.path.join(os.path.dirname(os.path.dirname(python)), "pyvenv.cfg")


def elf(path: str) -> Tuple[int, str]:
    """Return the bits of a program (32 or 64) and the loader that it names, or "".

    Raises OSError where it is no program.
    """
    with open(path, "rb") as file:
        head = file.read(_HEAD_BYTES)
    try:
        if head[:4] != b"\x7fELF" or head[5] != 1:
            raise ValueError
        bits = {1: 32, 2: 64}[head[4]]
        at, size, count = struct.unpack_from("<28xI10xHH" if bits == 32 else "<32xQ14xHH", head)
        for place in range(at, at + size * min(count, _MOST_PARTS), size):
            row = "<2I8xI" if bits == 32 else "<I4xQ16xQ"  # type, offset, size
            kind, offset, length = struct.unpack_from(row, head, place)
            if kind == _INTERPRETER:
                return bits, head[offset : offset + length].rstrip(b"\0").decode("ascii")
    except (ValueError, KeyError, IndexError, struct.error):
        raise OSError(0, "%s is no program of Linux that can be started by itself" % path) from None
    return bits, ""
