"""The rulesets of Landlock, the kernel's access control for programs that confine themselves.

The rights that a ruleset handles are denied, except where its rules grant them, to the process that enters it and to
all that it starts.

Imports nothing of the sandbox. Standard library only, Python 3.8 or newer. The numbers come from the kernel's headers.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import Any, Sequence

MIN_ABI = 3  # the first that covers truncation
SIGNALS_ABI = 6  # the first that confines signals and abstract unix sockets

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE = 1 << 0
_READ_FILE = 1 << 2
_READ = _READ_FILE | 1 << 3  # READ_FILE, READ_DIR
_WRITE_FILE = 1 << 1 | 1 << 14  # WRITE_FILE, TRUNCATE
# REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SYM, REFER on top: no devices, pipes or sockets.
_WRITE = _WRITE_FILE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 13

libc = ctypes.CDLL(None, use_errno=True)


class ConfineError(OSError):
    """A protection could not be established."""


def check(result: int, what: str) -> int:
    """Return the result of a call of the C library; raises ConfineError where it failed."""
    if result < 0:
        code = ctypes.get_errno()
        raise ConfineError(code, "%s: %s" % (what, os.strerror(code)))
    return result


def abi() -> int:
    """Return the kernel's Landlock ABI version, 0 where it has none."""
    return max(0, libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def ruleset(profile: Any) -> int:
    """Return a ruleset that handles every right of this ABI, and grants reading the library and what the
    profile adds.
    """
    known = abi()
    rights = {3: 15, 4: 15}.get(known, 16)
    fields = [(1 << rights) - 1]
    if known >= 4:
        fields.append(0 if profile.loopback else 3)  # TCP bind and connect
    if known >= SIGNALS_ABI:
        fields.append(3)  # abstract unix sockets, signals
    made = _create(*fields)
    execute = _EXECUTE if profile.programs and not profile.is_alone else 0
    for path in library_paths():
        _allow(made, path, _READ | execute)  # the loader of programs lies there, and what they start in turn
    for path in profile.readable:
        _allow(made, path, _READ)
    for path in profile.programs:
        _allow(made, path, _READ | _EXECUTE)
    for path in profile.writable:
        _allow(made, path, _READ | _WRITE | execute)
    if profile.writable:
        _allow(made, os.devnull, _READ_FILE | _WRITE_FILE)
    return made


def seal(kept: Sequence[str]) -> int:
    """Return a ruleset that takes away all writing but in the folders `kept`, and changes nothing else."""
    made = _create(_WRITE)
    for path in kept:
        _allow(made, path, _WRITE)
    _allow(made, os.devnull, _WRITE_FILE)
    return made


def enter(handle: int, what: str) -> None:
    """Confine this process by a ruleset; it must have given up gaining privileges. Raises ConfineError."""
    check(libc.syscall(_RESTRICT_SELF, handle, 0), what)


def library_paths() -> list[str]:
    """Return the folders of the interpreter's own library, and of the libraries of the system."""
    paths = [os.path.dirname(os.path.realpath(os.__file__)), os.path.join(sys.base_prefix, "lib")]
    paths += ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"]
    return [path for path in paths if os.path.isdir(path)]


def _create(*fields: int) -> int:
    attributes = struct.pack("%dQ" % len(fields), *fields)
    size = ctypes.c_size_t(len(attributes))
    return check(libc.syscall(_CREATE_RULESET, attributes, size, 0), "landlock")


def _allow(made: int, path: str, rights: int) -> None:
    if not os.path.isdir(path):
        rights &= _EXECUTE | _READ_FILE | _WRITE_FILE
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, handle)
    check(libc.syscall(_ADD_RULE, made, 1, rule, 0), "landlock rule")
    os.close(handle)
