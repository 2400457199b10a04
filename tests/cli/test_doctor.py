"""`coderefine doctor` as a user meets it."""

import json
import platform
import shutil

import pytest

from tests.conftest import need

NOWHERE = {"DOCKER_HOST": "unix:///nowhere"}


def test_it_says_of_each_sandbox_whether_it_is_usable(coderefine):
    need("local")
    done = coderefine("doctor", env=NOWHERE)
    assert done.code == 0
    assert (
        "docker  not usable: the Docker engine at unix:///nowhere (DOCKER_HOST) does not answer (No such file"
        in done.out
    )
    assert "local  usable" in done.out
    assert "✗  engine" in done.out
    assert "✓  landlock" in done.out
    assert "→ docker info, or unset DOCKER_HOST" in done.out
    assert done.out.endswith("candidates run in the local sandbox\n")
    assert "Traceback" not in done.err


def test_json_is_one_document_with_the_same_findings(coderefine):
    need("local")
    done = coderefine("doctor", "--format", "json", env=NOWHERE)
    data = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert data["chosen"] == "local"
    assert data["backends"]["docker"]["usable"] is False
    names = [check["name"] for check in data["backends"]["local"]["checks"]]
    first, last = ["landlock", "seccomp", "namespaces", "candidates' uid", "threads"], ["denial test", "pytest"]
    assert (names[:5], names[-2:]) == (first, last)  # and between them, what this machine does not offer


def test_docker_is_named_with_its_image_and_limits(coderefine):
    need("docker")
    done = coderefine("doctor", "--image", "coderefine-sandbox:1")
    assert done.code == 0
    for part in (
        "docker  usable",
        "sha256:",
        "768 MiB",
        "read-only",
        "no-new-privileges",
        "candidates run in the docker",
    ):
        assert part in done.out


def test_an_image_that_is_not_there_is_named(coderefine):
    need("docker")
    done = coderefine("doctor", "--image", "no-such-image:1")
    assert "docker  not usable: no image no-such-image:1 here" in done.out
    assert "→ docker pull no-such-image:1" in done.out


@pytest.mark.skipif(
    platform.machine() != "x86_64" or not shutil.which("setarch"), reason="setarch shows another processor"
)
def test_where_no_sandbox_can_run_it_exits_with_3(process):
    done = process("doctor", env=NOWHERE, under=["setarch", "i686"])
    assert done.code == 3
    assert "✗  seccomp" in done.out
    assert done.out.endswith("no sandbox can run here\n")
    assert "Traceback" not in done.err
