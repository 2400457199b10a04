"""What a profile changes of the confinement, and what it leaves alone."""

import pytest

from coderefine.judge import bundle

confine = bundle.module("confine")
SUITE = confine.Profile((), "/mnt/project", "/mnt/temporary")
FORBIDDEN = [
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
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
    assert confine.PLAIN.syscalls is confine.SYSCALLS
    assert (confine.PLAIN.writable, confine.PLAIN.readable, confine.PLAIN.limits["RLIMIT_FSIZE"]) == ((), (), 0)


def test_a_suite_has_the_calls_of_files_on_top():
    assert confine.SYSCALLS.items() <= SUITE.syscalls.items()
    assert not confine.FILE_SYSCALLS.keys() & confine.SYSCALLS.keys()
    assert SUITE.limits["RLIMIT_FSIZE"] == confine.MAX_FILE_BYTES


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_profile_has(name):
    assert name not in SUITE.syscalls


def test_a_loopback_network_adds_sockets_of_two_families_and_connected_streams():
    profile = confine.Profile((), "/mnt/project", "/mnt/temporary", loopback=True)
    assert profile.syscalls.keys() - SUITE.syscalls.keys() == confine.LOOPBACK_SYSCALLS.keys()
    assert profile.conditions["socket"][2] == (2, 10) and profile.conditions["socketpair"] == (1, 0xF, (1,))
    assert not {"fork", "vfork", "execve", "ptrace", "setns", "unshare", "io_uring_setup"} & profile.syscalls.keys()
