"""Takes away from a process what a candidate must not have. Guarantees, once `Confinement.enter` has returned:

- nothing can be written to any file system, and only the interpreter's own library can be read (Landlock);
- no sockets, no new processes, no signals to anyone, no ptrace, no keyrings, no IPC objects, no namespaces, nothing
  but the system calls of `SYSCALLS` (seccomp);
- threads, open files and the stack are limited (rlimits); no capability is held; privileges cannot grow.

`Confinement.limit` then lowers memory and CPU time to what a problem allows.

`separate` additionally moves the nursery into namespaces of its own where the kernel allows it.

A `Profile` says how much of this holds: PLAIN is all of it; others open two folders of a scratch file system, add the
system calls that files need, and let more folders be read. Nothing else differs.

Standard library only, Python 3.8 or newer. The numbers come from the kernel's UAPI headers.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from typing import Sequence

HANDLE = 40  # descriptor of the Landlock ruleset
UNCLEAN = 117  # exit status of a child that could not make its scratch empty; only before it has seen a candidate
CANDIDATE_UID = 61001  # of no account; used where the runner is root and may change its uid

# name: (x86_64, aarch64). Everything else fails with EPERM.
SYSCALLS = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "pwrite64": (18, 68), "close": (3, 57), "fstat": (5, 80), "stat": (4, None), "lstat": (6, None),
    "newfstatat": (262, 79), "statx": (332, 291), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136), "sigaltstack": (131, 132),
    "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439), "select": (23, None),
    "pselect6": (270, 72), "poll": (7, None), "ppoll": (271, 73), "sched_yield": (24, 124), "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "gettimeofday": (96, 169), "time": (201, None), "getpid": (39, 172), "gettid": (186, 178),
    "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
    "getgroups": (115, 158), "getpgrp": (111, None), "getpgid": (121, 155), "getsid": (124, 156),
    "getrusage": (98, 165), "times": (100, 153), "getrandom": (318, 278), "futex": (202, 98),
    "set_robust_list": (273, 99), "get_robust_list": (274, 100), "rseq": (334, 293), "exit": (60, 93),
    "exit_group": (231, 94), "open": (2, None), "openat": (257, 56), "getdents64": (217, 61), "getcwd": (79, 17),
    "readlink": (89, None), "readlinkat": (267, 78), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    "pipe": (22, None), "pipe2": (293, 59), "sched_getaffinity": (204, 123), "getrlimit": (97, 163),
    "uname": (63, 160), "sysinfo": (99, 179), "restart_syscall": (219, 128), "set_tid_address": (218, 96),
    "arch_prctl": (158, None), "membarrier": (324, 283), "mincore": (27, 232), "alarm": (37, None),
    "setitimer": (38, 103), "getitimer": (36, 102), "pause": (34, None), "wait4": (61, 260), "waitid": (247, 95),
    "umask": (95, 166), "fstatfs": (138, 44), "statfs": (137, 43), "clone": (56, 220), "clone3": (435, 435),
    "prlimit64": (302, 261), "ioctl": (16, 29), "fcntl": (72, 25), "prctl": (157, 167),
}  # fmt: skip
# Allowed only where the argument of that index, masked, has one of the values: (index, mask, values).
_CLONE_THREAD = 0x10000
CONDITIONS = {
    "clone": (0, _CLONE_THREAD, (_CLONE_THREAD,)),
    "prlimit64": (0, 0xFFFFFFFF, (0,)),
    "ioctl": (1, 0xFFFFFFFF, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),  # terminal queries, FIONREAD, FIOCLEX
    "fcntl": (1, 0xFFFFFFFF, (0, 1, 2, 3, 4, 1030)),  # no F_SETOWN: it sends signals
    "prctl": (0, 0xFFFFFFFF, (15, 16)),  # PR_SET_NAME, PR_GET_NAME
}
# What files need on top of it, for a program with a scratch file system; Landlock lets them work nowhere else.
FILE_SYSCALLS = {
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "ftruncate": (77, 46), "truncate": (76, 45), "fsync": (74, 82),
    "fdatasync": (75, 83), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88), "chdir": (80, 49),
    "fchdir": (81, 50), "sendfile": (40, 71), "copy_file_range": (326, 285), "fadvise64": (221, 223),
    "listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13), "landlock_restrict_self": (446, 446),
}  # fmt: skip
FILE_CONDITIONS = {"fcntl": (1, 0xFFFFFFFF, (0, 1, 2, 3, 4, 5, 6, 7, 1030))}  # with F_GETLK, F_SETLK, F_SETLKW: sqlite
# Answered with an error of their own: glibc falls back from clone3 to clone, which can be filtered; copying a file goes
# on without the extended attributes of a file system that has none.
ERRORS = {"clone3": 38, "listxattr": 95, "llistxattr": 95, "flistxattr": 95}  # ENOSYS, EOPNOTSUPP
MAX_FILE_BYTES = 16 << 20
SCRATCH_MIB = 64
SCRATCH_FILES = 4096
_LIMITS = {
    "RLIMIT_STACK": 64 << 20,
    "RLIMIT_NPROC": 64,
    "RLIMIT_NOFILE": 64,
    "RLIMIT_FSIZE": 0,
    "RLIMIT_CORE": 0,
    "RLIMIT_MEMLOCK": 0,
    "RLIMIT_MSGQUEUE": 0,
}
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of SYSCALLS, AUDIT_ARCH

_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_READ = 1 << 2 | 1 << 3  # READ_FILE, READ_DIR
# WRITE_FILE, REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SYM, REFER, TRUNCATE: no devices, pipes or sockets.
_LANDLOCK_WRITE = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 13 | 1 << 14
_LANDLOCK_WRITE_FILE = 1 << 1 | 1 << 14  # those of them that a file can have
MIN_LANDLOCK_ABI = 3  # the first that covers truncation

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

libc = ctypes.CDLL(None, use_errno=True)


class ConfineError(OSError):
    """A protection could not be put up."""


def _check(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise ConfineError(code, "%s: %s" % (what, os.strerror(code)))
    return result


def _prctl(option: int, value: int, what: str) -> None:
    zero = ctypes.c_ulong(0)
    _check(libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero), what)


def landlock_abi() -> int:
    """Return the kernel's Landlock ABI version, 0 where it has none."""
    return max(0, libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1))


class Profile:
    """What a confined process has beyond computing."""

    def __init__(self, readable: Sequence[str] = (), project: str = "", temporary: str = "") -> None:
        """`readable` are more folders that may be read; `project` and `temporary` those that may be written."""
        self.readable = tuple(readable)
        self.writable = (project, temporary) if project else ()
        self.kept = (temporary,) if project else ()
        """What of it may be written after `Confinement.seal`."""
        self.syscalls, self.conditions, self.limits = SYSCALLS, CONDITIONS, _LIMITS
        if self.writable:
            self.syscalls = dict(SYSCALLS, **FILE_SYSCALLS)
            self.conditions = dict(CONDITIONS, **FILE_CONDITIONS)
            self.limits = dict(_LIMITS, RLIMIT_FSIZE=MAX_FILE_BYTES)


PLAIN = Profile()


class Confinement:
    """Prepared once in the nursery, entered in every child.

    All buffers and system calls are made ready here: what a child allocates or first touches, it has to copy.
    """

    def __init__(self, require_landlock: bool, profile: Profile = PLAIN) -> None:
        self.profile = profile
        self._seal: int | None = None
        self.abi = landlock_abi()
        if self.abi < MIN_LANDLOCK_ABI and require_landlock:
            raise ConfineError(0, "the kernel has Landlock ABI %d; %d is needed" % (self.abi, MIN_LANDLOCK_ABI))
        self.handle = HANDLE  # stays open across the fork, until `enter` closes it
        self._has_landlock = self.abi >= MIN_LANDLOCK_ABI
        if self._has_landlock:
            ruleset = _landlock_ruleset(self.abi, profile)
            os.dup2(ruleset, HANDLE)
            os.close(ruleset)
        code = _seccomp_filter(profile)
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
        self.changes_uid = _may_change_uid()

    def enter(self) -> None:
        """Confine this process for good; raises OSError where a protection fails."""
        for name, value in self.profile.limits.items():
            _lower(name, value)
        if self.changes_uid:
            os.setgroups([])
            os.setresgid(CANDIDATE_UID, CANDIDATE_UID, CANDIDATE_UID)
            os.setresuid(CANDIDATE_UID, CANDIDATE_UID, CANDIDATE_UID)
        else:
            _check(libc.capset(*self._no_capabilities), "capset")
        _prctl(_PR_SET_PDEATHSIG, 9, "parent death signal")  # after the change of uid, which resets it
        _prctl(_PR_SET_NO_NEW_PRIVS, 1, "no_new_privs")
        if self._has_landlock:
            _check(libc.syscall(_LANDLOCK_RESTRICT_SELF, HANDLE, 0), "landlock")
            os.close(HANDLE)
            if self.profile.kept:  # made here, after the descriptors of the parent were closed
                self._seal = _landlock_seal(self.profile.kept)
        _check(libc.prctl(_PR_SET_SECCOMP, self._seccomp_mode, self._program_at, 0, 0), "seccomp")

    def seal(self) -> None:
        """Take from this confined process the right to change its project folder; the temporary one stays writable."""
        if self._seal is not None:
            _check(libc.syscall(_LANDLOCK_RESTRICT_SELF, self._seal, 0), "landlock seal")
            os.close(self._seal)
            self._seal = None

    def limit(self, memory_mib: int, cpu_s: float) -> None:
        """Limit the memory and the CPU time of this confined process, beyond what the interpreter itself takes."""
        _lower("RLIMIT_AS", self._virtual_base + (memory_mib << 20))
        _lower("RLIMIT_CPU", int(cpu_s) + 2)  # a backstop; the runner measures and kills


def hide() -> None:
    """Keep other processes of the same user from reading this one."""
    _prctl(_PR_SET_DUMPABLE, 0, "dumpable")


def separate() -> list[str]:
    """Move this process's future children into new namespaces; return the names of those that were granted.

    The next child is PID 1 of its namespace: when it ends, the kernel ends everything it ever started.
    """
    flags = _CLONE_NEWPID | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS | _CLONE_NEWNS
    uid, gid = os.getuid(), os.getgid()
    if os.geteuid() != 0:
        flags |= _CLONE_NEWUSER
    if libc.unshare(flags) != 0:
        return []
    if flags & _CLONE_NEWUSER:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", "%d %d 1" % (uid, uid)),
            ("gid_map", "%d %d 1" % (gid, gid)),
        ):
            with open("/proc/self/" + name, "w") as file:
                file.write(text)
    return ["pid", "net", "ipc", "uts", "mnt"] + (["user"] if flags & _CLONE_NEWUSER else [])


def show_own_processes() -> None:
    """Have /proc show the processes of our own namespaces, where the kernel lets us; for PID 1 of new ones."""
    none, private = ctypes.c_char_p(b"none"), ctypes.c_ulong(MS_REC | MS_PRIVATE)
    if libc.mount(none, b"/", None, private, None) == 0:  # cut off first, or the machine would see what is mounted
        libc.mount(none, b"/proc", b"proc", ctypes.c_ulong(MS_NOSUID | MS_NODEV | MS_NOEXEC), None)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _prctl(_PR_SET_PDEATHSIG, 9, "parent death signal")


def _may_change_uid() -> bool:
    """Whether this process may become CANDIDATE_UID and that user can read the interpreter's library."""
    if os.geteuid() != 0:
        return False
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setresgid(CANDIDATE_UID, CANDIDATE_UID, CANDIDATE_UID)
            os.setresuid(CANDIDATE_UID, CANDIDATE_UID, CANDIDATE_UID)
            os.listdir(os.path.dirname(os.__file__))
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


def _lower(name: str, value: int) -> None:
    number = getattr(resource, name)
    hard = resource.getrlimit(number)[1]
    limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(number, (limit, limit))


def _virtual_size() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _landlock_ruleset(abi: int, profile: Profile) -> int:
    """Return a ruleset that handles every right of this ABI; grants reading the library, and what the profile adds."""
    rights = {3: 15, 4: 15}.get(abi, 16)
    fields = [(1 << rights) - 1]
    if abi >= 4:
        fields.append(3)  # TCP bind and connect
    if abi >= 6:
        fields.append(3)  # abstract unix sockets, signals
    ruleset = _ruleset(*fields)
    for path in (*_library_paths(), *profile.readable):
        _allow(ruleset, path, _LANDLOCK_READ)
    for path in profile.writable:
        _allow(ruleset, path, _LANDLOCK_READ | _LANDLOCK_WRITE)
    if profile.writable:
        _allow(ruleset, os.devnull, 1 << 2 | _LANDLOCK_WRITE_FILE)
    return ruleset


def _landlock_seal(kept: Sequence[str]) -> int:
    """Return a ruleset that takes away writing, but for the folders `kept`; reading stays as it is."""
    ruleset = _ruleset(_LANDLOCK_WRITE)
    for path in kept:
        _allow(ruleset, path, _LANDLOCK_WRITE)
    _allow(ruleset, os.devnull, _LANDLOCK_WRITE_FILE)
    return ruleset


def _ruleset(*fields: int) -> int:
    attributes = struct.pack("%dQ" % len(fields), *fields)
    size = ctypes.c_size_t(len(attributes))
    return _check(libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, size, 0), "landlock")


def _allow(ruleset: int, path: str, rights: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, handle)
    _check(libc.syscall(_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0), "landlock rule")
    os.close(handle)


def _library_paths() -> list[str]:
    paths = [os.path.dirname(os.path.realpath(os.__file__)), os.path.join(sys.base_prefix, "lib")]
    paths += ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"]
    return [path for path in paths if os.path.isdir(path)]


def _seccomp_filter(profile: Profile) -> bytes:
    """Return the BPF program, assembled: allow the profile's calls under its conditions, ERRORS, the rest EPERM."""
    machine = platform.machine()
    if machine not in MACHINES:
        raise ConfineError(0, "no system call table for %s processors" % machine)
    column, arch = MACHINES[machine]
    load, jump_equal, jump_at_least, mask, give = 0x20, 0x15, 0x35, 0x54, 0x06
    allow, refuse, error = 0x7FFF0000, 0x00050001, 0x00050000  # ALLOW, ERRNO(EPERM), ERRNO
    code = [(load, 0, 0, 4), (jump_equal, 1, 0, arch), (give, 0, 0, refuse)]
    code += [(load, 0, 0, 0), (jump_at_least, 0, 1, 0x40000000), (give, 0, 0, refuse)]  # no x32
    for name, numbers in profile.syscalls.items():
        number = numbers[column]
        if number is None:
            continue
        if name not in profile.conditions:
            verdict = error | ERRORS[name] if name in ERRORS else allow
            code += [(jump_equal, 0, 1, number), (give, 0, 0, verdict)]
            continue
        index, bits, allowed = profile.conditions[name]
        test = [(load, 0, 0, 16 + 8 * index), (mask, 0, 0, bits)]
        for value in allowed:
            test += [(jump_equal, 0, 1, value), (give, 0, 0, allow)]
        test.append((give, 0, 0, refuse))
        code += [(jump_equal, 0, len(test), number), *test]
    code.append((give, 0, 0, refuse))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)
