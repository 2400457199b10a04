"""Where an engine of containers is looked for, and what is said where none answers."""

import hashlib
import http.server
import json
import os
import socket
import socketserver
import threading
import time
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from coderefine.errors import SandboxUnavailable
from coderefine.judge import docker, engines, image
from coderefine.judge.worker import WorkerFault
from tests.conftest import need


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A user without any engine, whose folders are in `tmp_path`."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "COLIMA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    system = engines._sockets
    monkeypatch.setattr(engines, "_sockets", lambda: (it for it in system() if str(tmp_path) in it.address))
    monkeypatch.chdir(tmp_path)  # addresses of sockets are short
    return tmp_path


class Engine(http.server.BaseHTTPRequestHandler):
    """Says of itself what a client asks before anything else."""

    def do_GET(self):
        body = b'{"ApiVersion":"1.41","Version":"1"}' if self.path.endswith("/version") else b"OK"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "somebody"

    def log_message(self, *_):
        pass


@pytest.fixture
def listen(machine):
    """Return `listen(path, answers)`, which opens a socket below the user's home."""
    with ExitStack() as stack:

        def open_(path, answers=False):
            (machine / path).parent.mkdir(parents=True, exist_ok=True)
            if not answers:
                stack.enter_context(socket.socket(socket.AF_UNIX)).bind(path)
                return f"unix://{machine / path}"
            server = stack.enter_context(socketserver.ThreadingUnixStreamServer(path, Engine))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            return f"unix://{machine / path}"

        yield open_


def make_context(home, name, address, **endpoint):
    key = hashlib.sha256(name.encode()).hexdigest()
    folder = home / ".docker/contexts/meta" / key
    folder.mkdir(parents=True)
    found = {"Name": name, "Endpoints": {"docker": {"Host": address, **endpoint}}}
    (folder / "meta.json").write_text(json.dumps(found))
    return home / ".docker/contexts/tls" / key / "docker"


def choose_context(home, name):
    (home / ".docker").mkdir(exist_ok=True)
    (home / ".docker/config.json").write_text(json.dumps({"auths": {}, "currentContext": name}))


@pytest.mark.parametrize(
    "path",
    [
        "run/docker.sock",
        "run/podman/podman.sock",
        ".docker/run/docker.sock",
        ".docker/desktop/docker.sock",
        ".colima/default/docker.sock",
        ".colima/work/docker.sock",
        ".config/colima/default/docker.sock",
        ".rd/docker.sock",
        ".orbstack/run/docker.sock",
        ".lima/docker/sock/docker.sock",
        ".local/share/containers/podman/machine/podman.sock",
    ],
)
def test_the_socket_of_each_engine_is_found(machine, listen, path):
    address = listen(path)
    assert [place.address for place in engines.places()] == [address]


def test_the_first_that_answers_is_taken(listen):
    listen("run/docker.sock")
    address = listen(".rd/docker.sock", answers=True)
    client, place = engines.connect(5)
    client.close()
    assert place.address == address


def test_the_current_context_comes_before_any_socket_and_does_not_hide_them(machine, listen):
    make_context(machine, "far", "tcp://127.0.0.1:1")
    choose_context(machine, "far")
    address = listen("run/docker.sock", answers=True)
    assert [place.address for place in engines.places()] == ["tcp://127.0.0.1:1", address]
    client, place = engines.connect(5)
    client.close()
    assert place.address == address


def test_what_a_variable_names_is_meant_and_nothing_else_is_tried(machine, listen, monkeypatch):
    listen("run/docker.sock", answers=True)
    make_context(machine, "far", "tcp://127.0.0.1:1")
    monkeypatch.setenv("DOCKER_CONTEXT", "far")
    assert [str(place) for place in engines.places()] == ["tcp://127.0.0.1:1 (DOCKER_CONTEXT far)"]
    with pytest.raises(SandboxUnavailable, match="does not answer"):
        engines.connect(5)
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2")
    assert [str(place) for place in engines.places()] == ["tcp://127.0.0.1:2 (DOCKER_HOST)"]


def test_the_default_context_is_none_and_a_folder_of_settings_may_be_elsewhere(machine, listen, monkeypatch):
    address = listen("run/docker.sock")
    choose_context(machine, "default")
    assert [place.address for place in engines.places()] == [address]
    make_context(machine, "far", "tcp://127.0.0.1:1")
    choose_context(machine, "far")
    monkeypatch.setenv("DOCKER_CONTEXT", "default")
    assert [place.address for place in engines.places()] == [address]
    monkeypatch.delenv("DOCKER_CONTEXT")
    monkeypatch.setenv("DOCKER_CONFIG", str(machine / "elsewhere"))
    assert [place.address for place in engines.places()] == [address]


def test_the_certificates_of_a_context_are_shown_to_its_engine(machine):
    folder = make_context(machine, "far", "tcp://127.0.0.1:1", SkipTLSVerify=True)
    folder.mkdir(parents=True)
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (folder / name).touch()
    choose_context(machine, "far")
    (place,) = engines.places()
    assert (place.certificates, place.is_verified) == (folder, False)
    options = engines._tls(place.certificates, is_verified=place.is_verified)
    assert options.cert == (str(folder / "cert.pem"), str(folder / "key.pem"))
    assert options.verify is False


@pytest.mark.parametrize(
    "text", ["", "[]", '{"currentContext": 3}', "[" * 5000, '{"currentContext": "none"}', "\udcff"]
)
def test_settings_that_make_no_sense_hide_no_engine(machine, listen, text):
    address = listen("run/docker.sock")
    (machine / ".docker").mkdir()
    (machine / ".docker/config.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert [place.address for place in engines.places()] == [address]


@pytest.mark.parametrize("text", ["", "[]", '{"Endpoints": {}}', '{"Endpoints": {"docker": {"Host": 3}}}'])
def test_a_context_that_is_none_is_named_with_the_command_that_lists_them(machine, monkeypatch, text):
    make_context(machine, "far", "tcp://127.0.0.1:1")
    (meta,) = machine.glob(".docker/contexts/meta/*/meta.json")
    meta.write_text(text)
    monkeypatch.setenv("DOCKER_CONTEXT", "far")
    with pytest.raises(engines.EngineUnavailable, match="no context 'far'") as raised:
        engines.places()
    assert raised.value.remedy == "docker context ls"


def test_without_any_engine_the_remedy_is_to_install_one(machine):
    with pytest.raises(engines.EngineUnavailable, match="no socket of one") as raised:
        engines.connect(5)
    assert raised.value.remedy == engines.INSTALL


@pytest.mark.parametrize(
    ("path", "gid", "members", "remedy"),
    [
        ("run/docker.sock", 990, [], "sudo usermod -aG engineers $USER, and log in again"),
        ("run/docker.sock", 990, ["me"], "log in again: you are in the group engineers"),
        ("run/docker.sock", 0, [], "groupadd -f docker"),
        ("run/podman/podman.sock", 990, [], "systemctl --user enable --now podman.socket"),
    ],
)
def test_a_socket_that_this_user_may_not_use_is_said_so(machine, listen, monkeypatch, path, gid, members, remedy):
    listen(path)
    listen(".rd/docker.sock")  # does not answer either, which is said last
    os.chmod(path, 0o660)  # noqa: PTH101
    group = SimpleNamespace(gr_name="engineers" if gid else "root", gr_gid=gid, gr_mem=members)
    monkeypatch.setattr("grp.getgrgid", lambda _: group)
    monkeypatch.setattr("getpass.getuser", lambda: "me")
    monkeypatch.setattr("os.access", lambda it, _: ".rd" in str(it))
    with pytest.raises(engines.EngineUnavailable, match="may not be used by this user") as raised:
        engines.connect(5)
    assert remedy in raised.value.remedy
    assert "does not answer" in str(raised.value)


def inline_refused(client, where):
    """Have an engine behave as Podman does: what it is given as a profile is the path of one, on its own machine."""
    create, paths = client.create_container, []

    def open_profile(*args, host_config, **kwargs):
        (given,) = [it.removeprefix("seccomp=") for it in host_config["SecurityOpt"] if it.startswith("seccomp=")]
        try:
            text = (where / given).read_text()
        except OSError as error:
            raise docker_errors().APIError(f"opening seccomp profile failed: {error}") from None
        paths.append(given)
        options = [it for it in host_config["SecurityOpt"] if not it.startswith("seccomp=")]
        return create(*args, host_config={**host_config, "SecurityOpt": [*options, f"seccomp={text}"]}, **kwargs)

    client.create_container = open_profile
    return paths


def docker_errors():
    from docker import errors

    return errors


def test_an_engine_that_takes_a_profile_as_a_path_is_given_one(tmp_path):
    need("docker")
    client = docker.connect()
    paths = inline_refused(client, tmp_path)
    try:
        docker.open_worker(client, image.DEFAULT, 64).close()
    finally:
        client.close()
    (path,) = paths
    assert not os.path.exists(path), "it was needed for a moment"


def test_an_engine_that_cannot_read_it_is_said_so(monkeypatch):
    need("docker")
    client = docker.connect()

    def refuse(*_, **__):
        raise docker_errors().APIError("opening seccomp profile failed: open /tmp/x: no such file")

    monkeypatch.setattr(client, "create_container", refuse)
    with pytest.raises(WorkerFault, match="from its own machine"):
        docker.open_worker(client, image.DEFAULT, 64)
    client.close()


def test_what_a_killed_host_left_unstarted_is_removed_and_what_another_is_about_to_start_is_not(monkeypatch):
    need("docker")
    client = docker.connect()
    made = client.create_container(image.DEFAULT, ["true"], labels={docker.LABEL: "1"})["Id"]

    def is_there():
        return bool(client.containers(all=True, filters={"id": made}))

    try:
        docker.reap(client)
        assert is_there()
        monkeypatch.setattr(client, "containers", lambda **_: [{"Id": made, "Created": time.time() - 3600}])
        docker.reap(client)
        monkeypatch.undo()
        assert not is_there()
    finally:
        if is_there():
            client.remove_container(made, force=True)
        client.close()
