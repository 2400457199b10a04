"""The standard input of a program: a file in memory, as `python3 solution.py < input` has a file.

The nursery makes an empty file for each child, the relay fills it and seals it against changes, and the child reads it.
So no pipe has to be fed while the program runs, and the program can ask for its size, seek in it or map it.

Standard library only, Python 3.8 or newer. The numbers come from the kernel's headers.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from typing import Tuple

from sandbox import wire
from sandbox.landlock import check, libc

_MEMFD_CREATE = {"x86_64": 319, "aarch64": 279}  # not every Python has os.memfd_create
_MFD_CLOEXEC, _MFD_ALLOW_SEALING, _MFD_NOEXEC_SEAL = 1, 2, 8
_F_ADD_SEALS = 1033
_EVERY_SEAL = 0x0F  # no further seals, no shrinking, no growing, no writing


def make() -> Tuple[int, int]:
    """Return two descriptors of an empty file, one to fill it and one that only reads; raises OSError."""
    number = ctypes.c_long(_MEMFD_CREATE[os.uname().machine])
    flags = _MFD_CLOEXEC | _MFD_ALLOW_SEALING
    handle = libc.syscall(number, b"input", ctypes.c_uint(flags | _MFD_NOEXEC_SEAL))
    if handle < 0:  # a kernel before 6.3
        handle = check(libc.syscall(number, b"input", ctypes.c_uint(flags)), "memfd_create")
    return handle, os.open("/proc/self/fd/%d" % handle, os.O_RDONLY)


def fill(handle: int, data: bytes) -> None:
    """Write the input and seal the file against all changes."""
    wire.write_all(handle, data)
    fcntl.fcntl(handle, _F_ADD_SEALS, _EVERY_SEAL)
