"""The probe that decides whether a sandbox is one: it passes where it must, and it can fail."""

import sys

import pytest

from coderefine.errors import SandboxUnavailable
from coderefine.judge import bundle, denial, local
from coderefine.judge.opening import UNREADABLE
from coderefine.judge.worker import Worker

# Each takes one protection away, in the program that is sent to the sandbox; the probe must notice.
HOLES = {
    # but for the end with the runner, which is the only end that a child without a namespace has
    "no confinement": ("Confinement.enter = lambda *a: sandbox.confine.die_with_parent()", "/etc/passwd"),
    "no Landlock": ("Confinement._has_landlock = property(lambda s: False, lambda s, v: None)", "/etc/passwd"),
    # allows everything
    "no filter": ("syscall_filter.assembled = lambda *a: bytes.fromhex('060000000000ff7f')", "open a socket"),
}


def worker(hole=""):
    program = bundle.program(separate=False, require_landlock=True)
    start = b'sys.modules["sandbox.runner"].main'
    assert start in program
    patch = f"import sandbox.confine\nsandbox.confine.{hole}\n".encode() if hole else b""
    return Worker(local.LocalChannel(program.replace(start, patch + start), sys.executable), 512)


@pytest.mark.parametrize("hole", HOLES)
def test_it_finds_an_open_sandbox(hole):
    patch, found = HOLES[hole]
    opened = worker(patch)
    try:
        with pytest.raises(SandboxUnavailable, match=found):
            denial.check(opened, unreadable=UNREADABLE)
    finally:
        opened.close()


def test_it_passes_without_namespaces():
    opened = worker()
    try:
        denial.check(opened, unreadable=UNREADABLE)
    finally:
        opened.close()


def test_a_probe_that_does_not_answer_is_a_failure():
    opened = worker("Confinement.enter = lambda *a: __import__('os')._exit(0)")
    try:
        with pytest.raises(SandboxUnavailable):
            denial.check(opened, unreadable=UNREADABLE)
    finally:
        opened.close()


def test_a_child_that_cannot_confine_itself_runs_nothing():
    opened = worker("Confinement.enter = lambda *a: 1 / 0")
    try:
        with pytest.raises(SandboxUnavailable):
            denial.check(opened, unreadable=UNREADABLE)
    finally:
        opened.close()
