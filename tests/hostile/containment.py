"""What it means that a candidate is contained, asserted in the same way for every case of the hostile suite.

A case is (verdicts, source) or (verdicts, source, problem): the verdicts that are right for it, of which AC is none.
"""

import functools
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from coderefine.problem.problem import Limits
from tests.problems_for_tests import function_problem
from tests.processes import descendants

CANARY = "no candidate can know this"
QUICK = Limits(time_s=0.2, memory_mib=128, output_kib=64)
PATIENT = Limits(time_s=3.0, memory_mib=192, output_kib=64)
TRACE = "left-behind"
"""What every file is called that a case tries to leave."""
UNHURRIED_S = 2.0
"""CPU time for cases whose verdict is not one of time: on a busy machine even little takes long."""
_STEADY = 3
SLACK_S = 10.0
"""For the host's own work and for a busy machine."""
IDLE = {"local": 4, "docker": 3}
"""Processes of a sandbox with nothing to do: the nursery, the relay, a spare child; and their parent in "local"."""


def guess(*, limits=QUICK, compare="exact", **fields):
    """A problem whose expected value no candidate can know."""
    return function_problem([((5,), CANARY)], limits=limits, compare=compare, **fields)


GUESS = guess()
NEXT = function_problem([((5,), [1, 5, "5", 3.0, [1, 2], False])], limits=PATIENT)
NEXT_SOURCE = """
import json, builtins
def f(x):
    heap = [2, 1]
    heapq.heapify(heap)
    return [len([x]), max(x, 0), json.dumps(x), math.sqrt(9), [heappop(heap), heap[0]], hasattr(builtins, 'left_behind')]
"""

# Returns the name of the error with which the kernel denied something, or what was not denied.
TRYING = """
import ctypes, errno, fcntl, mmap, os, platform, resource, signal, socket, struct, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
# The numbers of system calls on x86_64 and aarch64, from the kernel's headers.
NUMBERS = {
    'acct': (163, 89), 'add_key': (248, 217), 'bpf': (321, 280), 'capset': (126, 91), 'chroot': (161, 51),
    'clock_settime': (227, 112), 'clone': (56, 220), 'clone3': (435, 435), 'delete_module': (176, 106),
    'epoll_create1': (291, 20), 'eventfd2': (290, 19), 'execveat': (322, 281), 'fallocate': (285, 47),
    'fanotify_init': (300, 262), 'finit_module': (313, 273), 'flock': (73, 32), 'fsopen': (430, 430),
    'getxattr': (191, 8), 'init_module': (175, 105), 'inotify_init1': (294, 26), 'io_setup': (206, 0),
    'io_uring_setup': (425, 425), 'ioperm': (173, None), 'iopl': (172, None), 'ioprio_set': (251, 30),
    'kcmp': (312, 272), 'keyctl': (250, 219), 'kexec_load': (246, 104), 'memfd_create': (319, 279),
    'memfd_secret': (447, 447), 'migrate_pages': (256, 238), 'mlock': (149, 228), 'mount': (165, 40),
    'mq_open': (240, 180), 'move_pages': (279, 239), 'msgget': (68, 186), 'name_to_handle_at': (303, 264),
    'open_by_handle_at': (304, 265), 'open_tree': (428, 428), 'perf_event_open': (298, 241),
    'personality': (135, 92), 'pidfd_getfd': (438, 438), 'pidfd_open': (434, 434), 'pidfd_send_signal': (424, 424),
    'pivot_root': (155, 41), 'prctl': (157, 167), 'process_madvise': (440, 440), 'process_vm_readv': (310, 270),
    'process_vm_writev': (311, 271), 'ptrace': (101, 117), 'quotactl': (179, 60), 'reboot': (169, 142),
    'request_key': (249, 218), 'rt_sigqueueinfo': (129, 138), 'rt_tgsigqueueinfo': (297, 240), 'sched_setattr': (314, 274),
    'seccomp': (317, 277), 'semget': (64, 190), 'setdomainname': (171, 162), 'sethostname': (170, 161),
    'setns': (308, 268), 'settimeofday': (164, 170), 'setxattr': (188, 5), 'shmget': (29, 194),
    'signalfd4': (289, 74), 'splice': (275, 76), 'swapon': (167, 224), 'syslog': (103, 116), 'tgkill': (234, 131),
    'timer_create': (222, 107), 'timerfd_create': (283, 85), 'tkill': (200, 130), 'umount2': (166, 39),
    'unshare': (272, 97), 'userfaultfd': (323, 282), 'vfork': (58, None), 'vmsplice': (278, 75),
}
COLUMN = {'x86_64': 0, 'aarch64': 1}[platform.machine()]
def call(name, *args):
    number = NUMBERS[name][COLUMN] if isinstance(name, str) else name
    if number is None: raise PermissionError(errno.EPERM, 'not on this processor')
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *(arg if isinstance(arg, bytes) else ctypes.c_long(arg) for arg in args))
    if result == -1: raise OSError(ctypes.get_errno(), name)
    return result
def f(x):
    try: got = (%s)
    except OSError as error: return errno.errorcode.get(error.errno, type(error).__name__)
    return ['not denied', repr(got)[:300]]
"""


def each(cases):
    """Parametrize a test by a dict of name to case."""
    return pytest.mark.parametrize("case", list(cases.values()), ids=list(cases))


class Containment:
    """Runs hostile programs in one judge; asserts that each is contained and that nothing of it is left."""

    def __init__(self, judge, client):
        self.judge, self._client = judge, client

    def __call__(self, verdicts, source, problem=GUESS, *, within_s=None):
        """Run a candidate and assert all that every case must show; returns the report."""
        before = self.worker()
        if "TLE" not in verdicts.split():
            problem = replace(problem, limits=_unhurried(problem.limits))
        started = time.monotonic()
        report = self.judge.run(problem, source)
        elapsed = time.monotonic() - started
        cases = len(problem.visible)
        assert elapsed < (within_s or (2 * cases * problem.limits.wall_s + SLACK_S))
        assert not report.accepted
        assert str(report.verdict) in verdicts.split(), report.cases[-1]
        self.assert_nothing_is_left(before)
        assert self.judge.run(NEXT, NEXT_SOURCE).accepted, "the next run was affected"
        return report

    def denied(self, codes, expression):
        """Assert that the kernel denies what an expression tries, with one of these errors."""
        if codes == "EACCES" and self.worker().hello["landlock_abi"] < 3:
            pytest.skip("this kernel has no Landlock; what is in the container is no secret")
        report = self("WA", TRYING % expression, guess(limits=PATIENT))
        assert report.cases[0].got in codes.split()

    def worker(self):
        """The worker that the next run will use."""
        with self.judge.sandboxes.candidates.lease(0) as worker:
            return worker

    def assert_nothing_is_left(self, worker):
        """The same sandbox serves on, with as many processes as ever, and no file appeared anywhere."""
        assert self.worker() is worker, "the worker had to be replaced"
        self.assert_no_process_is_left(worker)
        assert self._files(worker) == []

    def assert_no_process_is_left(self, worker):
        """A sandbox has as many processes as ever."""
        expected = IDLE[self.judge.backend] - (self.judge.backend == "local" and not worker.hello["namespaces"])
        deadline = time.monotonic() + 5
        seen = []
        # What a run leaves is swept while its report is already here: wait for numbers that stay.
        while seen[-_STEADY:] != [expected] * _STEADY and time.monotonic() < deadline:
            seen.append(self.processes(worker))
            time.sleep(0.005)
        assert seen[-_STEADY:] == [expected] * _STEADY, "processes were left"

    def processes(self, worker):
        """How many processes there are in a sandbox."""
        pids = self.pids(worker)
        return len(pids or self._client.top(worker._channel.container)["Processes"])

    def pids(self, worker):
        """The processes of a sandbox, as this machine counts; empty where the engine is on another one."""
        if self.judge.backend == "local":
            return descendants(worker._channel._process.pid)
        first = self._first_process(worker._channel.container)
        return descendants(first) if first else set()

    def _files(self, worker):
        if self.judge.backend == "local":
            library = Path(os.__file__).parent
            folders = [Path.cwd(), Path.home(), library, library / "site-packages"]
            return traces("/", *folders)
        container = worker._channel.container
        first = self._first_process(container)
        return traces(f"/proc/{first}/root/") if first else self._client.diff(container) or []

    @functools.cache  # noqa: B019 - one container serves the whole suite
    def _first_process(self, container):
        """The pid of a container's first process as this machine counts; 0 where the engine is on another one."""
        pid = self._client.inspect_container(container)["State"]["Pid"]
        try:
            here = container in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8")
        except OSError:
            return 0
        return pid if here and os.access(f"/proc/{pid}/root/", os.R_OK) else 0


def _unhurried(limits):
    return replace(limits, time_s=max(limits.time_s, UNHURRIED_S))


def traces(root, *folders):
    """The files that a case left below a root, in all the places where anybody may write."""
    usual = [Path(root, path) for path in ("", "tmp", "var/tmp", "dev", "dev/shm", "dev/mqueue", "run", "root")]
    return [name for folder in (*usual, *folders) for name in names_in(folder) if TRACE in name]


def names_in(folder):
    """The names in a folder; none where there is none, or it cannot be listed."""
    try:
        return [entry.name for entry in Path(folder).iterdir()]
    except OSError:
        return []
