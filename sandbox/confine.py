"""Takes away from a process what a candidate must not have. Guarantees, once `Confinement.enter` has returned:

- nothing can be written to any file system, and only the interpreter's own library can be read (Landlock);
- no sockets, no new processes, no signals to anyone, no ptrace, no keyrings, no IPC objects, no namespaces, nothing
  but the system calls of `SYSCALLS` (seccomp);
- threads, open files and the stack are limited (rlimits); no capability is held; privileges cannot grow.

`Confinement.limit` then lowers memory and CPU time to what a problem allows.

`separate` additionally moves the nursery into namespaces of its own where the kernel allows it.

Standard library only, Python 3.8 or newer. The numbers come from the kernel's UAPI headers.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys

HANDLE = 40  # descriptor of the Landlock ruleset
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
MIN_LANDLOCK_ABI = 3  # the first that covers truncation

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
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


class Confinement:
    """Prepared once in the nursery, entered in every child.

    All buffers and system calls are made ready here: what a child allocates or first touches, it has to copy.
    """

    def __init__(self, require_landlock: bool) -> None:
        self.abi = landlock_abi()
        if self.abi < MIN_LANDLOCK_ABI and require_landlock:
            raise ConfineError(0, "the kernel has Landlock ABI %d; %d is needed" % (self.abi, MIN_LANDLOCK_ABI))
        self.handle = HANDLE  # stays open across the fork, until `enter` closes it
        self._has_landlock = self.abi >= MIN_LANDLOCK_ABI
        if self._has_landlock:
            ruleset = _landlock_ruleset(self.abi)
            os.dup2(ruleset, HANDLE)
            os.close(ruleset)
        code = _seccomp_filter()
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
        for name, value in _LIMITS.items():
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
        _check(libc.prctl(_PR_SET_SECCOMP, self._seccomp_mode, self._program_at, 0, 0), "seccomp")

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


def _landlock_ruleset(abi: int) -> int:
    """Return a ruleset that handles every right of this ABI and grants only reading the interpreter's library."""
    rights = {3: 15, 4: 15}.get(abi, 16)
    fields = [(1 << rights) - 1]
    if abi >= 4:
        fields.append(3)  # TCP bind and connect
    if abi >= 6:
        fields.append(3)  # abstract unix sockets, signals
    attributes = struct.pack("%dQ" % len(fields), *fields)
    ruleset = _check(
        libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0), "landlock"
    )
    for path in _library_paths():
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _LANDLOCK_READ, handle)
        _check(libc.syscall(_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0), "landlock rule")
        os.close(handle)
    return ruleset


def _library_paths() -> list[str]:
    paths = [os.path.dirname(os.path.realpath(os.__file__)), os.path.join(sys.base_prefix, "lib")]
    paths += ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"]
    return [path for path in paths if os.path.isdir(path)]


def _seccomp_filter() -> bytes:
    """Return the BPF program, assembled: allow SYSCALLS under CONDITIONS, clone3 "does not exist", the rest EPERM."""
    machine = platform.machine()
    if machine not in MACHINES:
        raise ConfineError(0, "no system call table for %s processors" % machine)
    column, arch = MACHINES[machine]
    load, jump_equal, jump_at_least, mask, give = 0x20, 0x15, 0x35, 0x54, 0x06
    allow, refuse, missing = 0x7FFF0000, 0x00050001, 0x00050026  # ALLOW, ERRNO(EPERM), ERRNO(ENOSYS)
    code = [(load, 0, 0, 4), (jump_equal, 1, 0, arch), (give, 0, 0, refuse)]
    code += [(load, 0, 0, 0), (jump_at_least, 0, 1, 0x40000000), (give, 0, 0, refuse)]  # no x32
    for name, numbers in SYSCALLS.items():
        number = numbers[column]
        if number is None:
            continue
        if name not in CONDITIONS:
            verdict = missing if name == "clone3" else allow  # glibc then falls back to clone, which can be filtered
            code += [(jump_equal, 0, 1, number), (give, 0, 0, verdict)]
            continue
        index, bits, allowed = CONDITIONS[name]
        test = [(load, 0, 0, 16 + 8 * index), (mask, 0, 0, bits)]
        for value in allowed:
            test += [(jump_equal, 0, 1, value), (give, 0, 0, allow)]
        test.append((give, 0, 0, refuse))
        code += [(jump_equal, 0, len(test), number), *test]
    code.append((give, 0, 0, refuse))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)
