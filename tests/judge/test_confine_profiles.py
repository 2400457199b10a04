"""What a profile changes of the confinement, and what it leaves alone."""

import pytest

from coderefine.judge import bundle

profiles = bundle.module("profiles")
SUITE = profiles.Profile((), "/mnt/project", "/mnt/temporary")
FORBIDDEN = [
    "socket",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "fork",
    "vfork",
    "execve",
    "execveat",
    "kill",
    "tkill",
    "tgkill",
    "ptrace",
    "mount",
    "umount2",
    "unshare",
    "setns",
    "chroot",
    "pivot_root",
    "mknod",
    "mknodat",
    "bpf",
    "keyctl",
    "io_uring_setup",
    "memfd_create",
    "userfaultfd",
    "open_by_handle_at",
    "setxattr",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "landlock_create_ruleset",
    "landlock_add_rule",
    "inotify_init1",
    "fanotify_init",
]


def test_a_plain_profile_has_the_usual_calls_and_nothing_to_write():
    assert profiles.PLAIN.syscalls is profiles.SYSCALLS
    assert (profiles.PLAIN.writable, profiles.PLAIN.readable, profiles.PLAIN.limits["RLIMIT_FSIZE"]) == ((), (), 0)


def test_a_suite_has_the_calls_of_files_and_of_connected_pairs_on_top():
    assert profiles.SYSCALLS.items() <= SUITE.syscalls.items()
    assert not profiles.FILE_SYSCALLS.keys() & profiles.SYSCALLS.keys()
    assert SUITE.syscalls.keys() - profiles.SYSCALLS.keys() == profiles.FILE_SYSCALLS.keys() | profiles.PAIR_SYSCALLS
    assert SUITE.conditions["socketpair"] == ((0, 0xFFFFFFFF, (1,)), (1, 0xF, (1,)))
    assert SUITE.limits["RLIMIT_FSIZE"] == profiles.MAX_FILE_BYTES


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_profile_has(name):
    assert name not in SUITE.syscalls


def test_a_loopback_network_adds_sockets_of_two_families():
    profile = profiles.Profile((), "/mnt/project", "/mnt/temporary", loopback=True)
    assert profile.syscalls.keys() - SUITE.syscalls.keys() == profiles.LOOPBACK_SYSCALLS.keys()
    assert profile.conditions["socket"][0][2] == (2, 10) and profile.conditions["socketpair"][1] == (1, 0xF, (1,))
    assert not {"fork", "vfork", "execve", "ptrace", "setns", "unshare", "io_uring_setup"} & profile.syscalls.keys()


@pytest.mark.parametrize("signals", [False, True])
def test_processes_add_signals_only_where_they_can_be_kept_within(signals):
    folders = {"project": "/mnt/project", "temporary": "/mnt/temporary", "shared": "/dev/shm"}
    profile = profiles.Profile(**folders, programs=["/usr/bin"], signals=signals)
    added = set(profiles.PROCESS_SYSCALLS)
    added |= profiles.SIGNAL_SYSCALLS.keys() if signals else set()
    assert profile.syscalls.keys() - SUITE.syscalls.keys() == added
    assert profile.kept == ("/mnt/temporary", "/dev/shm")


@pytest.mark.parametrize(
    "flag",
    ["NEWNS", "NEWCGROUP", "NEWUTS", "NEWIPC", "NEWUSER", "NEWPID", "NEWNET", "PARENT", "PTRACE"],
)
def test_no_process_is_cloned_into_a_namespace_or_beside_its_parent(flag):
    flags = {
        "NEWNS": 0x20000, "NEWCGROUP": 0x2000000, "NEWUTS": 0x4000000, "NEWIPC": 0x8000000, "NEWUSER": 0x10000000,
        "NEWPID": 0x20000000, "NEWNET": 0x40000000, "PARENT": 0x8000, "PTRACE": 0x2000,
    }  # fmt: skip
    profile = profiles.Profile((), "/mnt/project", "/mnt/temporary", programs=["/usr/bin"])
    ((index, mask, allowed),) = profile.conditions["clone"]
    assert (index, allowed) == (0, (0,)) and flags[flag] & mask
    for usual in (0x11, 0x1200011, 0x4111, 0x3D0F00):  # fork, glibc's fork, vfork, a thread
        assert usual & mask == 0
