"""What a candidate is not shown: files, other processes' memory and environment, the tests, the host's keys."""

import os
import threading
import time
from pathlib import Path

import pytest

import coderefine
from coderefine.judge import bundle
from tests.conftest import open_or_skip
from tests.hostile.containment import PATIENT, TRYING, each, guess

PROJECT = Path(coderefine.__file__).parent.parent
GIT = PROJECT / ".git"
HISTORY = GIT if GIT.is_file() else GIT / "HEAD"  # a linked working tree has a file in its place
OWN_UIDS = range(bundle.module("profiles").UIDS[0], sum(bundle.module("profiles").UIDS))
NOT_THERE = "EACCES ENOENT"
DENIED = {
    "the accounts": ("EACCES", "open('/etc/passwd').read()"),
    "the passwords": (NOT_THERE, "open('/etc/shadow').read()"),
    "the name of the machine": ("EACCES", "open('/etc/hostname').read()"),
    "the name servers": ("EACCES", "open('/etc/resolv.conf').read()"),
    "the environment of its own process": ("EACCES", "open('/proc/self/environ').read()"),
    "the environment of the first process": ("EACCES", "open('/proc/1/environ').read()"),
    "the environment of its parent": (NOT_THERE, "open('/proc/%d/environ' % os.getppid()).read()"),
    "the command line of the first process": ("EACCES", "open('/proc/1/cmdline').read()"),
    "the memory of the first process": ("EACCES", "open('/proc/1/mem', 'rb').read(1)"),
    "the memory of its parent": (NOT_THERE, "open('/proc/%d/mem' % os.getppid(), 'rb').read(1)"),
    "the maps of its parent": (NOT_THERE, "open('/proc/%d/maps' % os.getppid()).read()"),
    "its own memory as a file": ("EACCES", "open('/proc/self/mem', 'r+b')"),
    "its own maps": ("EACCES", "open('/proc/self/maps').read()"),
    "the processes": ("EACCES", "os.listdir('/proc')"),
    "its own descriptors": ("EACCES", "os.listdir('/proc/self/fd')"),
    "the descriptors of its parent": (NOT_THERE, "os.listdir('/proc/%d/fd' % os.getppid())"),
    "a descriptor of its parent": ("EACCES EPERM ENOENT", "os.readlink('/proc/%d/fd/0' % os.getppid())"),
    "the program of the first process": ("EACCES EPERM", "os.readlink('/proc/1/exe')"),
    "the folder of its parent": ("EACCES EPERM ENOENT", "os.readlink('/proc/%d/cwd' % os.getppid())"),
    "the environment of the host": (NOT_THERE, f"open('/proc/{os.getpid()}/environ').read()"),
    "the memory of the host": (NOT_THERE, f"open('/proc/{os.getpid()}/mem', 'rb').read(1)"),
    "the command line of the host": (NOT_THERE, f"open('/proc/{os.getpid()}/cmdline').read()"),
    "the program of the host": (NOT_THERE, f"os.readlink('/proc/{os.getpid()}/exe')"),
    "the folder of the host": (NOT_THERE, f"os.readlink('/proc/{os.getpid()}/cwd')"),
    "a descriptor of the host": (NOT_THERE, f"os.readlink('/proc/{os.getpid()}/fd/0')"),
    "a descriptor of the host, opened": (NOT_THERE, f"open('/proc/{os.getpid()}/fd/0')"),
    "the mounts": ("EACCES", "open('/proc/self/mountinfo').read()"),
    "the control group": ("EACCES", "open('/proc/self/cgroup').read()"),
    "the kernel's memory": (NOT_THERE, "open('/proc/kcore', 'rb').read(1)"),
    "the machine's memory": (NOT_THERE, "open('/dev/mem', 'rb').read(1)"),
    "the kernel's log": ("EPERM", "call('syslog', 3, 0, 0)"),
    "the core pattern": ("EACCES", "open('/proc/sys/kernel/core_pattern').read()"),
    "the keys of the kernel": (NOT_THERE, "open('/proc/keys').read()"),
    "the devices": (NOT_THERE, "os.listdir('/sys/class')"),
    "the root folder": ("EACCES", "os.listdir('/')"),
    "the home folder": ("EACCES", "os.listdir('/root')"),
    "temporary files": ("EACCES", "os.listdir('/tmp')"),
    "the host's tests": (NOT_THERE, f"os.listdir({str(PROJECT / 'tests')!r})"),
    "the host's problems and hidden tests": (NOT_THERE, f"open({str(PROJECT / 'problems' / 'two-sum' / 'tests' / 'hidden.json')!r}).read()"),
    "the host's git history": (NOT_THERE, f"open({str(HISTORY)!r}).read()"),
    "a file by a path through the library": ("EACCES", "open(os.path.dirname(os.__file__) + '/../' * 20 + 'etc/passwd').read()"),
    "a file by a descriptor of its folder": ("EACCES", "os.open('passwd', os.O_RDONLY, dir_fd=os.open('/etc', os.O_PATH))"),
    "a file by a handle": ("EPERM", "call('open_by_handle_at', -100, bytes(32), 0)"),
    "a handle of a file": ("EPERM", "call('name_to_handle_at', -100, b'/etc/passwd', bytes(128), bytes(8), 0)"),
    "a file by a module's loader": ("EACCES", "__import__('importlib.util').util.spec_from_file_location('m', '/etc/passwd.py').loader.get_data('/etc/passwd')"),
    "a file by mmap": ("EACCES", "mmap.mmap(os.open('/etc/passwd', os.O_RDONLY), 1, prot=mmap.PROT_READ)"),
    "an attribute of a file": ("EPERM", "call('getxattr', b'/etc/passwd', b'user.x', 0, 0)"),
    "another process's memory": ("EPERM", "call('process_vm_readv', os.getppid(), 0, 0, 0, 0, 0)"),
    "a child to trace": ("EPERM", "call('ptrace', 16, os.getppid(), 0, 0)"),
    "to be traced": ("EPERM", "call('ptrace', 0, 0, 0, 0)"),
    "another process's descriptors": ("EPERM", "call('pidfd_getfd', 0, 0, 0)"),
    "a comparison with another process": ("EPERM", "call('kcmp', os.getpid(), os.getppid(), 0, 0, 0)"),
    "to be readable again": ("EPERM", "call('prctl', 4, 1, 0, 0, 0)"),
}  # fmt: skip


@each(DENIED)
def test_is_not_shown(contain, case):
    contain.denied(*case)


def test_no_variable_of_the_hosts_environment_is_inside(contain, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a key of the host")
    monkeypatch.setenv("COVERED_BY_TEST", "a secret of the host")
    report = contain("WA", "import os\ndef f(x): return dict(os.environ)")
    assert report.cases[0].got == {}


@pytest.mark.parametrize("backend", ["local", "docker"])
def test_no_variable_of_the_hosts_environment_was_inside_when_the_sandbox_started(backend, monkeypatch):
    """The first bytes of a process's stack hold its environment for good, so the runner must not have been given it."""
    for name in ("OPENAI_API_KEY", "HTTPS_PROXY", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "http://secret-of-the-host.invalid")
    with open_or_skip(backend) as judge:
        report = judge.run(guess(limits=PATIENT), STACK)
    assert report.cases[0].got == [True, False]


# Walks up from a local variable of C to the end of the stack; returns whether it saw our own settings, and the secret.
STACK = (
    TRYING % "0"
    + """
def f(x):
    vector = ctypes.create_string_buffer(1)
    start = ctypes.c_void_p.in_dll(libc, '__libc_stack_end').value & ~4095
    found = b''
    while libc.mincore(ctypes.c_void_p(start), ctypes.c_size_t(4096), vector) == 0:
        found += ctypes.string_at(start, 4096)
        start += 4096
    return [b'PYTHONHASHSEED=0' in found, b'secret-of-the-host' in found]
"""
)


def test_what_is_readable_is_the_interpreters_library(contain):
    """The other side of the promise: a candidate can import what a solution may need."""
    report = contain("WA", TRYING % "len(open(os.__file__).read()) > 1000", guess(limits=PATIENT))
    assert report.cases[0].got == ["not denied", "True"]


def test_the_names_and_dates_of_files_are_not_hidden(contain):
    """A limit that SECURITY.md states: stat() is no reading, and Landlock does not cover it."""
    report = contain("WA", TRYING % "os.stat('/etc/passwd').st_size > 0", guess(limits=PATIENT))
    assert report.cases[0].got == ["not denied", "True"]


def test_the_candidate_holds_no_privilege(contain):
    """In a container it has a uid of its own; in the local sandbox, where it may keep uid 0, it holds no capability."""
    source = TRYING % "[os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]"
    report = contain("WA", source, guess(limits=PATIENT))
    uid, euid, gid, groups = eval(report.cases[0].got[1])
    if contain.worker().hello["changes_uid"]:
        assert uid == euid == gid in OWN_UIDS
        assert groups == []
    else:
        assert (uid, euid, gid) == (os.getuid(), os.geteuid(), os.getgid())


def test_a_candidates_process_has_no_capability_and_a_filter(contain):
    """Seen from outside, by the kernel's own account."""
    worker = contain.worker()
    if not contain.pids(worker):
        pytest.skip("the engine is on another machine")
    thread = threading.Thread(target=contain.judge.run, args=(guess(), "import time\ndef f(x): time.sleep(100)"))
    thread.start()
    time.sleep(0.4)
    states = {pid: status(pid) for pid in contain.pids(worker)}
    thread.join()
    leaves = states.keys() - {int(state["PPid"]) for state in states.values()}
    relay, running, spare = sorted(leaves, key=lambda pid: int(states[pid]["NSpid"].split()[-1]))
    assert states[relay]["Seccomp"] == ("2" if contain.judge.backend == "docker" else "0"), (
        "the container's filter, or none"
    )
    for candidate in (states[running], states[spare]):
        assert_confined(candidate, worker.hello["changes_uid"])


def assert_confined(candidate, changes_uid):
    assert (candidate["Seccomp"], candidate["NoNewPrivs"]) == ("2", "1")
    assert {int(candidate[f"Cap{name}"], 16) for name in ("Inh", "Prm", "Eff", "Amb")} == {0}
    if changes_uid:
        (uid,) = set(candidate["Uid"].split())
        assert int(uid) in OWN_UIDS


def status(pid):
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)
