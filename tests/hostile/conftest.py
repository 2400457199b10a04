"""The fixture of the hostile suite."""

import pytest

from coderefine.errors import SandboxUnavailable
from coderefine.judge import docker

pytest.register_assert_rewrite("tests.hostile.containment")


@pytest.fixture(scope="session")
def engine():
    """A client of the Docker engine; None where there is none."""
    try:
        client = docker.connect()
    except SandboxUnavailable:
        yield None
        return
    yield client
    client.close()


@pytest.fixture(scope="session")
def contain(judge, engine):
    """Return `contain(verdicts, source, problem=GUESS)`; see containment.py."""
    from tests.hostile.containment import Containment

    return Containment(judge, engine)
