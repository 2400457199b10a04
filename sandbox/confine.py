"""Takes from a process the rights that a candidate must not have. Guarantees, once `Confinement.enter` has returned:

- nothing can be written to any file system, and only the interpreter's own library can be read (Landlock);
- no sockets, no new processes, no signals to anyone, no ptrace, no keyrings, no IPC objects, no namespaces, nothing but
  the system calls of a list (seccomp);
- threads, open files and the stack are limited (rlimits); no capability is held; privileges cannot grow.

`Confinement.limit` then lowers memory and CPU time to what a problem allows.

`separate` additionally moves the nursery into namespaces of its own where the kernel allows it.

A profile (profiles.py) says which of these hold: all, or all but those that tests of pytest need and are allowed.

Standard library only, Python 3.8 or newer. The numbers come from the kernel's UAPI headers.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import socket
import struct
from typing import Sequence

from sandbox import landlock, profiles, syscall_filter
from sandbox.landlock import ConfineError, check

HANDLE = 40  # descriptor of the Landlock ruleset
UNCLEAN = 117  # exit status of a child that could not empty its scratch; only before a candidate has run in it

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
_RESERVE_BYTES = 16 << 20  # of address space, to report that there was not enough
_RESERVED_PIDS = 300  # that the kernel gives out only once
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

libc = landlock.libc


def _prctl(option: int, value: int, what: str) -> None:
    zero = ctypes.c_ulong(0)
    check(libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero), what)


class Confinement:
    """The restrictions of a child, prepared once in the nursery and entered in every child.

    All buffers and system calls are prepared here: what a child allocates, or touches first, has to be copied.
    """

    def __init__(
        self, require_landlock: bool, profile: profiles.Profile = profiles.PLAIN, own_user: bool = False
    ) -> None:
        """`own_user`: this sandbox has a user namespace of its own."""
        self.profile = profile
        self._seal: int | None = None
        self.abi = landlock.abi()
        if self.abi < landlock.MIN_ABI and require_landlock:
            raise ConfineError(0, "the kernel has Landlock ABI %d; %d is needed" % (self.abi, landlock.MIN_ABI))
        self.handle = HANDLE  # stays open across the fork, until `enter` closes it
        self._has_landlock = self.abi >= landlock.MIN_ABI
        if self._has_landlock:
            ruleset = landlock.ruleset(profile)
            os.dup2(ruleset, HANDLE)
            os.close(ruleset)
        code = syscall_filter.assembled(profile)
        self._code = ctypes.create_string_buffer(code, len(code))
        program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(self._code))
        self._program = ctypes.create_string_buffer(program, len(program))
        self._program_at = ctypes.c_ulong(ctypes.addressof(self._program))
        self._seccomp_mode = ctypes.c_ulong(2)
        self._no_capabilities = (
            ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0)),
            ctypes.create_string_buffer(24),
        )
        self._calls = libc.prctl, libc.syscall, libc.capset  # looked up once
        self._virtual_base = _virtual_size()
        self.uid = usable_uid((*profile.readable, *profile.programs))
        """The user that candidates become; None where they keep the one they have."""
        self.limits = dict(profile.limits)
        # The kernel counts threads by user: if others run as the same user, they would use up each other's limit.
        self.counts_threads = self.uid is not None or own_user
        if not self.counts_threads:
            del self.limits["RLIMIT_NPROC"]

    def enter(self) -> None:
        """Confine this process for good; raises OSError where a protection fails."""
        if self.profile.writable:  # without writable folders, a program takes no more than an rlimit counts
            die_first()
        for name, value in self.limits.items():
            _lower(name, value)
        if self.uid is not None:
            _become(self.uid)
        else:
            check(libc.capset(*self._no_capabilities), "capset")
        _prctl(_PR_SET_PDEATHSIG, 9, "parent death signal")  # after the change of uid, which resets it
        _prctl(_PR_SET_NO_NEW_PRIVS, 1, "no_new_privs")
        if self._has_landlock:
            landlock.enter(HANDLE, "landlock")
            os.close(HANDLE)
            if self.profile.kept:  # made here, after the descriptors of the parent were closed
                self._seal = landlock.seal(self.profile.kept)
        check(libc.prctl(_PR_SET_SECCOMP, self._seccomp_mode, self._program_at, 0, 0), "seccomp")

    def seal(self) -> None:
        """Take from this confined process the right to change its project folder, but not its temporary folder."""
        if self._seal is not None:
            landlock.enter(self._seal, "landlock seal")
            os.close(self._seal)
            self._seal = None

    def limit(self, memory_mib: int, cpu_s: float) -> None:
        """Limit the memory and the CPU time of this confined process, beyond what the interpreter itself takes."""
        _lower("RLIMIT_AS", self._virtual_base + (memory_mib << 20), reserve=_RESERVE_BYTES)
        _lower("RLIMIT_CPU", int(cpu_s) + 2)  # a backstop: the runner measures the time and kills


def hide() -> None:
    """Keep other processes of the same user from reading this process."""
    _prctl(_PR_SET_DUMPABLE, 0, "dumpable")


def separate() -> list[str]:
    """Move this process's future children into new namespaces; return the names of those that were granted.

    The next child is PID 1 of its namespace: when it ends, the kernel ends everything it ever started. Some kernels
    grant only a part (as a user namespace in which no user may be mapped), which cannot be undone; so it is tried in a
    child first, and then none is taken. Raises OSError where no process can be started.
    """
    flags = _CLONE_NEWPID | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS | _CLONE_NEWNS
    if os.geteuid() != 0:
        flags |= _CLONE_NEWUSER
    pid = os.fork()
    if pid == 0:
        try:
            _unshare(flags)
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        return []
    _unshare(flags)
    return ["pid", "net", "ipc", "uts", "mnt"] + (["user"] if flags & _CLONE_NEWUSER else [])


def _unshare(flags: int) -> None:
    uid, gid = os.geteuid(), os.getegid()
    check(libc.unshare(flags), "new namespaces")
    if flags & _CLONE_NEWUSER:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", "%d %d 1" % (uid, uid)),
            ("gid_map", "%d %d 1" % (gid, gid)),
        ):
            with open("/proc/self/" + name, "w") as file:
                file.write(text)


def own_view() -> bool:
    """Make all file systems read-only and have /proc show our own processes only; for PID 1 of new namespaces.

    This is needed because Landlock has no rights for the modes and dates of files. Returns whether nothing of the
    machine can be changed any more.
    """
    none, private = ctypes.c_char_p(b"none"), ctypes.c_ulong(MS_REC | MS_PRIVATE)
    # cut off from the machine's mounts first, or these would change as well
    if libc.mount(none, b"/", None, private, None) != 0:
        return False
    attributes = struct.pack("4Q", _MOUNT_ATTR_RDONLY, 0, 0, 0)
    size = ctypes.c_size_t(len(attributes))
    is_read_only = libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, size) == 0
    libc.mount(none, b"/proc", b"proc", ctypes.c_ulong(MS_NOSUID | MS_NODEV | MS_NOEXEC), None)
    return is_read_only


def capabilities() -> int:
    """Return the capabilities that this process, or what it starts, could ever have, as the kernel's bits."""
    with open("/proc/self/status") as file:
        (line,) = [line for line in file if line.startswith("CapBnd:")]
    return int(line.split()[1], 16)


def limit_tasks(count: int) -> None:
    """Limit how many tasks there can be in this PID namespace, of all users together; raises OSError."""
    release = os.uname().release.split(".")
    # on older kernels the limit would be the whole machine's
    if (int(release[0]), int(release[1].partition("-")[0])) < (6, 14):
        raise OSError("run by root, tests can start processes on Linux 6.14, or if others can read this Python")
    with open("/proc/sys/kernel/pid_max", "w") as file:
        file.write(str(_RESERVED_PIDS + count))


def bring_loopback_up() -> None:
    """Make 127.0.0.1 usable in our own network namespace; raises OSError."""
    with contextlib.suppress(OSError), open("/proc/sys/net/ipv4/tcp_max_tw_buckets", "w") as file:
        file.write("0")  # a port that one run used is free in the next
    interface = struct.pack("16sH14x", b"lo", 1)  # IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, 0x8914, interface)  # SIOCSIFFLAGS


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _prctl(_PR_SET_PDEATHSIG, 9, "parent death signal")


def die_first() -> None:
    """Have the kernel kill this process, and what it starts, first where memory runs out, if it lets us."""
    _prctl(_PR_SET_DUMPABLE, 1, "dumpable")  # else the file belongs to another user
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # /proc may be read-only
        file.write("1000")
    hide()


def usable_uid(needed: Sequence[str]) -> int | None:
    """Return a uid that this process may become, that no other sandbox has, and that can read the library and `needed`.

    None where there is no such uid. It is drawn at random from so many that two sandboxes hardly ever draw the same.
    """
    if os.geteuid() != 0:
        return None
    with open("/proc/self/uid_map") as file:
        first, _, count = max(tuple(map(int, line.split())) for line in file)
    if first + count > sum(profiles.UIDS):
        first, count = profiles.UIDS
    else:  # the uids of a rootless engine; those in the lower half, and the last ones, may have accounts
        first, count = first + count // 2, (count - count // 2) - 2
    if count <= 0:
        return None
    uid = first + int.from_bytes(os.urandom(8), "big") % count
    return uid if _can_become(uid, needed) else None


def _can_become(uid: int, needed: Sequence[str]) -> bool:
    """Whether this process may become a user that can read the interpreter's library and `needed`."""
    folders = [path for path in (os.path.dirname(os.__file__), *needed) if os.path.isdir(path)]
    pid = os.fork()
    if pid == 0:
        try:
            _become(uid)
            for path in folders:
                os.listdir(path)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _lower(name: str, value: int, reserve: int = 0) -> None:
    number = getattr(resource, name)
    hard = resource.getrlimit(number)[1]
    limit, most = (it if hard == resource.RLIM_INFINITY else min(it, hard) for it in (value, value + reserve))
    # Programs may ask for a larger stack, as many do; it is memory, which has its own limit.
    resource.setrlimit(number, (limit, hard if name == "RLIMIT_STACK" else most))


def _virtual_size() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
