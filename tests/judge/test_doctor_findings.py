"""What the doctor finds, on this machine and on machines that lack something."""

import socket
import threading
import time
from contextlib import closing
from unittest import mock

import pytest

from coderefine import resources
from coderefine.errors import SandboxUnavailable
from coderefine.judge import bundle, container, docker, doctor, opening
from coderefine.judge.doctor import TIMEOUT_S, diagnose
from coderefine.judge.findings import Finding
from tests.conftest import need

NOWHERE = "unix:///nowhere/docker.sock"


def examined(name, **options):
    """Return one backend's findings, and its checks by their names; the other one is not examined."""
    other = {"docker": "_local", "local": "_docker"}[name]
    with mock.patch.object(doctor, other, lambda *_: iter(())):
        (backend,) = [backend for backend in diagnose(**options).backends if backend.name == name]
    return backend, {check.name: check for check in backend.checks}


@pytest.fixture
def no_docker(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", NOWHERE)


@pytest.mark.parametrize("sandbox", ["docker", "local"])
def test_the_doctor_and_the_judge_agree_on_what_is_usable(sandbox):
    backend, checks = examined(sandbox)
    if backend.usable:
        opening.open_judge(sandbox).close()
        assert checks["denial test"].state == "ok"
        assert backend.reason == ""
    else:
        with pytest.raises(SandboxUnavailable):
            opening.open_judge(sandbox)
        assert backend.reason


@pytest.mark.parametrize("sandbox", ["docker", "local"])
def test_pytest_is_examined_in_each_sandbox(sandbox):
    need(sandbox)
    _, checks = examined(sandbox)
    assert (checks["pytest"].state, checks["pytest"].detail) == ("ok", "starts, and passed the denial test")


def test_every_limit_of_the_container_is_read_back():
    need("docker")
    _, checks = examined("docker")
    limits = ("memory", "swap", "processes", "network", "root", "capabilities", "seccomp", "no-new-privileges")
    assert {name: checks[name].state for name in limits} == dict.fromkeys(limits, "ok")
    assert checks["memory"].detail == "768 MiB"


@pytest.fixture(scope="module")
def limits():
    """What was asked of the engine for a real container, and what it says that it gave."""
    need("docker")
    with mock.patch.object(container, "compare", wraps=container.compare) as looked:
        examined("docker")
    return looked.call_args.args


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("Memory", 0, "memory"),
        ("MemorySwap", -1, "swap"),
        ("PidsLimit", None, "processes"),
        ("NetworkMode", "bridge", "network"),
        ("ReadonlyRootfs", False, "root"),
        ("CapAdd", ["SYS_ADMIN"], "capabilities"),
        ("Privileged", True, "capabilities"),
        ("SecurityOpt", ["no-new-privileges", "seccomp=unconfined"], "seccomp"),
        ("SecurityOpt", ["seccomp={}"], "no-new-privileges"),
    ],
)
def test_a_limit_that_the_engine_does_not_keep_is_named(limits, field, value, name):
    asked, given, hello = limits
    (check,) = [check for check in container.compare(asked, {**given, field: value}, hello) if check.name == name]
    assert check.state == "missing"
    assert check.remedy


PODMANS = {"CapAdd": [], "CapDrop": ["CHOWN", "MKNOD"], "IpcMode": "shareable"}


@pytest.mark.parametrize(
    ("seen", "name"),
    [({}, ""), ({"capabilities": 0xE1}, "capabilities"), ({"has_shared_memory": True}, "shared memory")],
)
def test_where_an_engine_gives_another_account_what_the_sandbox_sees_decides(limits, seen, name):
    asked, given, hello = limits
    checks = container.compare(asked, {**given, **PODMANS}, {**hello, **seen})
    assert [check.name for check in checks if check.state == "missing"] == ([name] if name else [])


def test_the_doctor_leaves_no_container_behind(monkeypatch):
    need("docker")
    opened = []

    def open_channel(*args):
        opened.append(open_(*args))
        return opened[-1]

    open_ = docker.open_channel
    monkeypatch.setattr(docker, "open_channel", open_channel)
    examined("docker")
    (channel,) = opened
    with closing(docker.connect()) as client:
        deadline = time.monotonic() + 10
        while client.containers(all=True, filters={"id": channel.container}) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert client.containers(all=True, filters={"id": channel.container}) == []


def test_a_missing_image_is_named_with_the_command_that_gets_it():
    need("docker")
    backend, checks = examined("docker", image_name="no-such-image:1")
    assert not backend.usable
    assert checks["image"] == Finding(
        "image", "missing", "no image no-such-image:1 here", "docker pull no-such-image:1"
    )
    assert "container" not in checks


def test_an_image_without_the_interpreter_is_not_usable():
    need("docker")
    client = docker.connect()
    name = "coderefine-test-without-python:1"
    try:
        client.import_image_from_data(b"\0" * 10240, repository=name.partition(":")[0], tag="1")
        backend, checks = examined("docker", image_name=name)
    finally:
        client.remove_image(name, force=True)
        client.close()
    assert not backend.usable
    assert checks["container"].state == "missing"
    assert "python3" in backend.reason


@pytest.mark.parametrize(
    "address",
    [NOWHERE, "nonsense", "tcp://x:abc", "tcp://[::1", "tcp://127.0.0.1:1", "ssh://127.0.0.1", "fd://", " "],
)
def test_an_engine_that_cannot_be_reached_is_said_in_words(monkeypatch, address):
    monkeypatch.setenv("DOCKER_HOST", address)
    backend, checks = examined("docker")
    assert not backend.usable
    assert checks["engine"].remedy
    assert "Docker engine" in backend.reason


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{"ApiVersion":"1.41"}',
    ],
)
def test_an_engine_that_says_nothing_or_nonsense_does_not_hold_the_doctor_up(monkeypatch, tmp_path, answer):
    def serve(listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            if answer:
                connection.recv(1 << 16)
                connection.sendall(answer)
                connection.close()

    held = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "engine.sock"))
        listener.listen()
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
        started = time.monotonic()
        backend, _ = examined("docker", timeout_s=1)
        assert time.monotonic() - started < TIMEOUT_S
        listener.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()
    assert not backend.usable
    assert backend.reason


def test_a_socket_that_is_not_ours_to_use_gets_the_command_that_opens_it(monkeypatch, tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "engine.sock"))
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
        monkeypatch.setattr("os.access", lambda *_: False)
        assert "usermod -aG docker" in examined("docker")[1]["engine"].remedy


def test_a_kernel_whose_landlock_is_too_old_is_named_with_both_versions(no_docker, changed_sandbox):
    changed_sandbox("MIN_ABI = 3", "MIN_ABI = 999")
    backend, checks = examined("local")
    assert not backend.usable
    assert checks["landlock"].state == "missing"
    assert "at least 999 is needed" in checks["landlock"].detail
    assert "999 is needed" in backend.reason


def test_a_processor_without_a_system_call_table_is_named(no_docker, changed_sandbox):
    changed_sandbox('MACHINES = {"x86_64"', 'MACHINES = {"pdp11"')
    changed_sandbox('"aarch64": (1, 0x', '"vax": (1, 0x')
    backend, checks = examined("local")
    assert not backend.usable
    assert "no system call table" in checks["seccomp"].detail


def test_a_sandbox_that_fails_the_denial_test_is_not_usable(no_docker, changed_sandbox):
    need("local")
    changed_sandbox("        check(libc.prctl(_PR_SET_SECCOMP", "        0 and check(libc.prctl(_PR_SET_SECCOMP")
    backend, checks = examined("local")
    assert not backend.usable
    assert checks["denial test"].state == "missing"
    assert "denial test" in backend.reason


def test_without_namespaces_the_local_sandbox_is_weaker_but_usable(no_docker, changed_sandbox):
    need("local")
    changed_sandbox("    if os.waitpid(pid, 0)[1] != 0:", "    if os.waitpid(pid, 0):")
    backend, checks = examined("local")
    assert backend.usable
    assert checks["namespaces"].state == "weaker"
    assert checks["namespaces"].remedy


def test_nothing_is_chosen_where_nothing_is_usable(no_docker, changed_sandbox):
    changed_sandbox("MIN_ABI = 3", "MIN_ABI = 999")
    found = diagnose()
    assert found.chosen is None
    assert [backend.usable for backend in found.backends] == [False, False]


def test_the_modules_of_the_sandbox_can_be_asked_without_starting_one():
    before = sorted(resources.sandbox_dir().rglob("*"))
    assert bundle.module("landlock").abi() >= 0
    assert bundle.module("profiles").PLAIN.syscalls
    assert sorted(resources.sandbox_dir().rglob("*")) == before
