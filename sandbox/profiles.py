"""What confined processes may do: the system calls, the limits and the folders of each kind of process.

A `Profile` is data; `confine.py` and `landlock.py` enforce it. PLAIN is for candidates whose tests are values or code:
they compute, and nothing else. Other profiles add two folders of a scratch file system and more folders to read, for
pytest. Where tests are allowed sockets or processes, these are in a namespace of their own that holds nothing else.

Imports nothing of the sandbox. Standard library only, Python 3.8 or newer. The numbers come from the kernel's headers.
"""

from __future__ import annotations

from typing import Sequence

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables below, AUDIT_ARCH

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
# Allowed only where each argument of that index, masked, has one of the values: (index, mask, values).
_WHOLE = 0xFFFFFFFF
_CLONE_THREAD = 0x10000
CONDITIONS = {
    # Not shared and anonymous at once: no limit counts the part of it that is in no address space any more.
    "mmap": ((3, 0x21, (0, 0x01, 0x20)),),
    "clone": ((0, _CLONE_THREAD, (_CLONE_THREAD,)),),
    "prlimit64": ((0, _WHOLE, (0,)),),
    "ioctl": ((1, _WHOLE, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),),  # terminal queries, FIONREAD, FIOCLEX
    "fcntl": ((1, _WHOLE, (0, 1, 2, 3, 4, 1030)),),  # no F_SETOWN: it sends signals
    "prctl": ((0, _WHOLE, (15, 16)),),  # PR_SET_NAME, PR_GET_NAME
}
# What files need in addition, for a program with a scratch file system; Landlock lets them work nowhere else.
FILE_SYSCALLS = {
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "ftruncate": (77, 46), "truncate": (76, 45), "fsync": (74, 82),
    "fdatasync": (75, 83), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88), "chdir": (80, 49),
    "fchdir": (81, 50), "sendfile": (40, 71), "copy_file_range": (326, 285), "fadvise64": (221, 223),
    "listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13), "getxattr": (191, 8),
    "lgetxattr": (192, 9), "fgetxattr": (193, 10), "creat": (85, None), "flock": (73, 32),
    "landlock_restrict_self": (446, 446),
}  # fmt: skip
FILE_CONDITIONS = {"fcntl": ((1, _WHOLE, (0, 1, 2, 3, 4, 5, 6, 7, 1030)),)}  # with F_GETLK, F_SETLK, F_SETLKW: sqlite
# Connected pairs of streams, and waiting for many descriptors at once: what multiprocessing and asyncio are made of.
# A pair cannot be connected again, and no other unix socket can be made: those lead out of the sandbox by their paths.
PAIR_SYSCALLS = {
    "socketpair": (53, 199), "getsockname": (51, 204), "getpeername": (52, 205), "sendto": (44, 206),
    "recvfrom": (45, 207), "setsockopt": (54, 208), "getsockopt": (55, 209), "shutdown": (48, 210),
    "sendmsg": (46, 211), "recvmsg": (47, 212), "sendmmsg": (307, 269), "recvmmsg": (299, 243),
    "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    "eventfd2": (290, 19),
}  # fmt: skip
PAIR_CONDITIONS = {
    "socketpair": ((0, _WHOLE, (1,)), (1, 0xF, (1,))),  # of unix, streams
    # The options of SOL_SOCKET, TCP and IPv6 that programs use, but not the sizes of buffers: no limit counts that
    # memory.
    "setsockopt": ((2, _WHOLE, (1, 2, 3, 4, 5, 6, 9, 10, 12, 13, 15, 16, 18, 20, 21, 23, 26, 66, 67)),),
}
# Answered with success and not carried out, where the argument of an index has one of the values: programs ask for
# smaller or larger buffers, and do without.
IGNORED = {"setsockopt": (2, (7, 8))}  # SO_SNDBUF, SO_RCVBUF
# What a loopback network needs in addition to pairs, for a program in a network namespace of its own.
LOOPBACK_SYSCALLS = {
    "socket": (41, 198), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242),
    "connect": (42, 203),
}  # fmt: skip
LOOPBACK_CONDITIONS = {"socket": ((0, _WHOLE, (2, 10)),)}  # IPv4, IPv6
# What starting processes needs in addition to pairs, for a program in a PID namespace of its own.
PROCESS_SYSCALLS = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "setpgid": (109, 154),
    "setsid": (112, 157), "close_range": (436, 436), "rt_sigsuspend": (130, 133), "rt_sigtimedwait": (128, 137),
    "getresuid": (118, 148), "getresgid": (120, 150), "getpriority": (140, 141), "timer_create": (222, 107),
    "timer_settime": (223, 110), "timer_gettime": (224, 108), "timer_delete": (226, 111),
    # To become the user that they are: make and others do that before each program. Without capabilities, no other
    # user.
    "setresuid": (117, 147), "setresgid": (119, 149),
}  # fmt: skip
# A new process, but in no new namespace (CLONE_NEW*), with no other parent (CLONE_PARENT), traced by none
# (CLONE_PTRACE).
PROCESS_CONDITIONS = {"clone": ((0, 0x7E020000 | 0x8000 | 0x2000, (0,)),)}
# Only where the kernel keeps a signal among the processes of one sandboxed program (Landlock ABI 6).
SIGNAL_SYSCALLS = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
# What starting one named program needs, without pairs: as Python's subprocess does it.
PROGRAM_SYSCALLS = {
    name: PROCESS_SYSCALLS[name] for name in ("fork", "vfork", "execve", "close_range", "getresuid", "getresgid")
}
# What 32-bit programs need on x86_64, where such a program is named. They can start none.
ARCH_32 = 0x40000003
SYSCALLS_32 = {
    "exit": 1, "read": 3, "write": 4, "open": 5, "close": 6, "waitpid": 7, "unlink": 10, "time": 13, "lseek": 19,
    "getpid": 20, "access": 33, "kill": 37, "pipe": 42, "times": 43, "brk": 45, "ioctl": 54, "getppid": 64,
    "getrusage": 77, "gettimeofday": 78, "munmap": 91, "wait4": 114, "sigreturn": 119, "clone": 120, "uname": 122,
    "mprotect": 125, "_llseek": 140, "readv": 145, "writev": 146, "sched_yield": 158, "nanosleep": 162, "mremap": 163,
    "poll": 168, "rt_sigreturn": 173, "rt_sigaction": 174, "rt_sigprocmask": 175, "rt_sigsuspend": 179, "getcwd": 183,
    "sigaltstack": 186, "ugetrlimit": 191, "mmap2": 192, "stat64": 195, "lstat64": 196, "fstat64": 197,
    "madvise": 219, "fcntl64": 221, "gettid": 224, "futex": 240, "set_thread_area": 243, "exit_group": 252,
    "set_tid_address": 258, "clock_gettime": 265, "set_robust_list": 311,
}  # fmt: skip
CONDITIONS_32 = {"mmap2": CONDITIONS["mmap"], "ioctl": CONDITIONS["ioctl"], "fcntl64": CONDITIONS["fcntl"]}
CONDITIONS_32["clone"] = PROCESS_CONDITIONS["clone"]  # threads of before 2003 are processes that share their memory
_SIGNALS_32 = ("kill",)  # with which such threads wake each other
# Answered with an error of their own: glibc falls back from clone3 to clone, which can be filtered; copying and listing
# files goes on without the extended attributes of a file system that has none.
ERRORS = {
    "clone3": 38, "listxattr": 95, "llistxattr": 95, "flistxattr": 95, "getxattr": 95, "lgetxattr": 95, "fgetxattr": 95,
}  # fmt: skip # ENOSYS, EOPNOTSUPP

UIDS = (0x70000000, 1 << 27)  # of no account: the first, and how many; each sandbox takes one at random
MAX_FILE_BYTES = 16 << 20
SCRATCH_MIB = 64
SCRATCH_FILES = 4096
SHARED = "/dev/shm"  # where the C library puts semaphores and shared memory
SHARED_MIB = 64
MAX_PROCESSES = 128  # that may live at a time, where processes may be started
MAX_TASKS = 512  # with their threads
_LIMITS = {
    "RLIMIT_STACK": 64 << 20,
    "RLIMIT_NPROC": 64,
    "RLIMIT_NOFILE": 64,
    "RLIMIT_FSIZE": 0,
    "RLIMIT_CORE": 0,
    "RLIMIT_MEMLOCK": 0,
    "RLIMIT_MSGQUEUE": 0,
}


class Profile:
    """The rights of a confined process beyond computing."""

    def __init__(
        self,
        readable: Sequence[str] = (),
        project: str = "",
        temporary: str = "",
        loopback: bool = False,
        programs: Sequence[str] = (),
        shared: str = "",
        signals: bool = False,
        alone: bool = False,
        has_32_bits: bool = False,
    ) -> None:
        """`readable` are additional paths that may be read; `project`, `temporary` and `shared` are folders to write.

        `loopback` allows sockets, for a process in a network namespace that holds nothing else. `programs` are folders
        whose programs may be started, as may those in the writable folders, by a process in a PID namespace of its own.
        `signals` may be sent where the kernel keeps them within the confined processes. A process with folders to write
        also gets pairs of sockets, which asyncio needs. `alone` says that `programs` are files, and that nothing else
        may be started, not even what is written; nor may a 32-bit program (`has_32_bits`) start any.
        """
        self.readable, self.programs, self.loopback = tuple(readable), tuple(programs), loopback
        self.writable = tuple(folder for folder in (project, temporary, shared) if folder)
        self.kept = self.writable[1:] if project else ()
        """The folders that may still be written after `Confinement.seal`."""
        self.is_alone = alone
        self.syscalls, self.conditions, self.limits = SYSCALLS, CONDITIONS, _LIMITS
        self.syscalls_32: dict[str, int] = {}
        if has_32_bits:
            self.syscalls_32 = {name: it for name, it in SYSCALLS_32.items() if signals or name not in _SIGNALS_32}
        if self.writable:
            self._add(FILE_SYSCALLS, FILE_CONDITIONS, RLIMIT_FSIZE=MAX_FILE_BYTES)
            self._add(SIGNAL_SYSCALLS if signals else {}, {}, RLIMIT_SIGPENDING=256)
        if alone:
            self._add(PROGRAM_SYSCALLS, PROCESS_CONDITIONS)
            return
        if self.writable:
            self._add(PAIR_SYSCALLS, PAIR_CONDITIONS, RLIMIT_NPROC=256, RLIMIT_NOFILE=256)
        if loopback:
            self._add(LOOPBACK_SYSCALLS, LOOPBACK_CONDITIONS)
        if self.programs:
            self._add(PROCESS_SYSCALLS, PROCESS_CONDITIONS, RLIMIT_NPROC=MAX_TASKS)

    def _add(self, syscalls: dict, conditions: dict, **limits: int) -> None:
        self.syscalls = dict(self.syscalls, **syscalls)
        self.conditions = dict(self.conditions, **conditions)
        self.limits = dict(self.limits, **limits)


PLAIN = Profile()
