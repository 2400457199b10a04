"""A server in this process, over real HTTP on 127.0.0.1."""

import contextlib

import httpx
import pytest

pytest.importorskip("uvicorn")

from coderefine.serve.bounds import Bounds
from coderefine.serve.server import served

TOKEN = "a-token-of-the-tests"
HEAD = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="session")
def url(any_judge):
    """The address of a server with the usual bounds."""
    with served(any_judge, TOKEN) as address:
        yield address


@pytest.fixture
def http(url):
    with httpx.Client(base_url=url, headers=HEAD, timeout=60) as client:
        yield client


@pytest.fixture
def small(any_judge):
    """Return `open(**bounds)`: a client of a server with bounds of its own."""
    with contextlib.ExitStack() as opened:

        def open_(**bounds):
            address = opened.enter_context(served(any_judge, TOKEN, Bounds(**bounds)))
            return opened.enter_context(httpx.Client(base_url=address, headers=HEAD, timeout=60))

        yield open_
