"""The scratch file system of a sandbox: two folders in memory, of a limited size, empty at the start of every run.

`project` gets the files of a run, `temporary` is for what the program writes. Nothing in it is on a disk, and it ends
with the sandbox. `wipe` is called in a confined child before any byte of a candidate has arrived there, and after every
process of an earlier run has ended. So what it finds may be hostile, but does not change meanwhile.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import ctypes
import os
import stat
from typing import List, Sequence

from sandbox import confine, profiles

HOSTS = "/etc/hosts"
USERS = "/etc/passwd"
PLACES = ("/mnt", "/media", "/srv", "/var/tmp", "/tmp", "/dev/shm")
"""Folders that exist on most machines; the scratch covers the first that hides nothing that the interpreter needs."""


def mount(avoid: Sequence[str]) -> str:
    """Mount a file system in memory where it covers none of the paths `avoid`; return its place. Raises OSError.

    Only for a mount namespace that `confine.own_view` has cut off from the machine's. Its files are not barred from
    being started; the profile decides about that.
    """
    place = next((place for place in PLACES if _usable(place, avoid)), None)
    if place is None:
        raise OSError("none of %s can be covered by a scratch folder" % ", ".join(PLACES))
    _mount_memory(place, profiles.SCRATCH_MIB, "0755", 0)
    return place


def mount_shared() -> None:
    """Cover the machine's shared memory with memory of our own, in the mount namespace of `mount`; raises OSError."""
    _mount_memory(profiles.SHARED, profiles.SHARED_MIB, "1777", confine.MS_NOEXEC)


def cover(place: str, folder: str, avoid: Sequence[str]) -> bool:
    """Make a folder appear at `place` as well, in the mount namespace of `mount`, unless that hides one of `avoid`.

    Returns whether it does. Where the kernel does not grant it, tests are denied the place, and a test that asks for it
    is told so.
    """
    if not _usable(place, avoid):
        return False
    try:
        _mount(ctypes.c_char_p(folder.encode()), place.encode(), None, confine.MS_BIND, None)
    except OSError:
        return False
    return True


def mount_users(root: str) -> str:
    """Cover the machine's list of users with one of root and the tests' own user; return the file, which is to be
    written.
    """
    path = os.path.join(root, "passwd")
    with open(path, "w") as file:
        file.write("root:x:0:0:root:/root:/bin/sh\n")
    _mount(ctypes.c_char_p(path.encode()), USERS.encode(), None, confine.MS_BIND, None)
    return path


def folders(root: str) -> List[str]:
    """Make the folders for the project and for temporary files in a scratch, writable by any uid; return them."""
    paths = [os.path.join(root, name) for name in ("project", "temporary")]
    for path in paths:
        os.mkdir(path)
        os.chmod(path, 0o777)  # whatever the umask is
    return paths


def wipe(folder: str) -> None:
    """Empty a folder, however deep, locked or full of links it is; follows no link. Raises OSError.

    The folders in a folder are moved up before it is removed, so that no path becomes long and no recursion deep.
    """
    _unlock(folder)
    names = os.listdir(folder)
    tag, moved = os.urandom(8).hex(), 0
    while names:
        path = os.path.join(folder, names.pop())
        if not _is_folder(path):
            os.unlink(path)
            continue
        _unlock(path)
        for name in os.listdir(path):
            inner = os.path.join(path, name)
            if not _is_folder(inner):
                os.unlink(inner)
                continue
            _unlock(inner)  # moving a folder changes its "..", so it must be writable
            moved += 1
            names.append("%s-%d" % (tag, moved))
            os.rename(inner, os.path.join(folder, names[-1]))
        os.rmdir(path)


def write(folder: str, path: str, data: bytes, executable: bool = False) -> None:
    """Write a file at a relative path in a folder, and make the folders that it needs."""
    target = os.path.join(folder, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data)
    if executable:
        os.chmod(target, 0o755)


def _is_folder(path: str) -> bool:
    return stat.S_ISDIR(os.lstat(path).st_mode)


def _unlock(path: str) -> None:
    try:
        os.chmod(path, 0o777)
    except PermissionError:  # another user's folder, so no candidate can have locked it
        pass


def _usable(place: str, avoid: Sequence[str]) -> bool:
    inside = os.path.realpath(place) + os.sep
    needed = [os.path.join(it, "") for path in avoid for it in (os.path.abspath(path), os.path.realpath(path))]
    return os.path.isdir(place) and not any(path.startswith(inside) for path in needed)


def mount_hosts(root: str) -> None:
    """Cover the machine's list of hosts with one of this machine alone, in the mount namespace of `mount`.

    Raises OSError.
    """
    path = os.path.join(root, "hosts")
    with open(path, "w") as file:
        file.write("127.0.0.1 localhost\n::1 localhost\n")
    _mount(ctypes.c_char_p(path.encode()), HOSTS.encode(), None, confine.MS_BIND, None)


def _mount_memory(place: str, mib: int, mode: str, flags: int) -> None:
    options = "size=%dm,nr_inodes=%d,mode=%s" % (mib, profiles.SCRATCH_FILES, mode)
    flags |= confine.MS_NOSUID | confine.MS_NODEV
    _mount(ctypes.c_char_p(b"none"), place.encode(), b"tmpfs", flags, options.encode())


def _mount(source: ctypes.c_char_p, target: bytes, kind: bytes | None, flags: int, data: bytes | None) -> None:
    if confine.libc.mount(source, target, kind, ctypes.c_ulong(flags), data) != 0:
        code = ctypes.get_errno()
        raise OSError(code, "mount of %s: %s" % (target.decode(), os.strerror(code)))
