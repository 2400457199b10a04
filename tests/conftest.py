"""Fixtures: real sandboxes, opened once a session, and a scripted model server."""

import contextlib
import functools
import gc
import os
import shutil
import signal
from pathlib import Path

import hypothesis
import pytest

from coderefine import resources
from coderefine.errors import SandboxUnavailable
from coderefine.judge import opening
from coderefine.judge.opening import open_judge

# On a busy machine anything may take long once.
hypothesis.settings.register_profile("busy", deadline=None, max_examples=50)
hypothesis.settings.load_profile("busy")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Thousands of tests are made, and all are kept: nothing of them is looked through for garbage, now or later.

    What tests leave is looked through, but seldom: it is little.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


@pytest.fixture(autouse=True, scope="session")
def runs_of_tests(tmp_path_factory):
    """Runs that tests start are recorded in a folder of their own, not in the user's."""
    os.environ["CODEREFINE_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Ctrl-C means what it does in a terminal, though a shell starts background jobs with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


REQUIRED = set(filter(None, os.environ.get("CODEREFINE_REQUIRE", "").split(",")))
PROBLEMS = Path(__file__).parent.parent / "problems"


def open_or_skip(sandbox):
    """Open a judge; where this machine has no such sandbox, skip, or fail if CODEREFINE_REQUIRE names it."""
    try:
        return open_judge(sandbox)
    except SandboxUnavailable as error:
        if sandbox in REQUIRED:
            pytest.fail(f"CODEREFINE_REQUIRE names {sandbox}, but {error}")
        pytest.skip(str(error))


def need(sandbox):
    """Skip, or fail, where this machine has no such sandbox; one is opened only to find out the first time."""
    if not _is_there(sandbox):
        open_or_skip(sandbox).close()


@functools.cache
def _is_there(sandbox):
    try:
        open_judge(sandbox).close()
    except SandboxUnavailable:
        return False
    return True


@pytest.fixture(scope="session", params=["local", "docker"])
def judge(request):
    """Each backend in turn."""
    with open_or_skip(request.param) as opened:
        yield opened


@pytest.fixture(scope="session")
def any_judge():
    """One judge, for tests of what stands on top of it."""
    with open_or_skip("local") as opened:
        yield opened


@pytest.fixture(scope="session")
def warm_judge():
    """Return an `open_judge` whose local sandbox stays open from one command to the next: opening it takes longest."""
    real = opening.open_judge
    with contextlib.ExitStack() as opened:
        judges = []

        def open_warm(sandbox="auto", **options):
            if sandbox != "local" or options.get("image_name") or options.get("packages"):
                return real(sandbox, **options)
            if not judges:
                judges.append(opened.enter_context(real(sandbox, **options)))
            return contextlib.nullcontext(judges[0])

        yield open_warm


@pytest.fixture(scope="session")
def hook_sandboxes():
    """Return an `open_sandbox` of the hook; those of our own Python stay open from one run of it to the next."""
    from coderefine.hook.sandbox import open_sandbox

    with contextlib.ExitStack() as opened:
        judges = {}

        def open_warm(settings, environment, progress):
            if environment is None or not environment.is_ours:
                return open_sandbox(settings, environment, progress)
            if settings.allow not in judges:
                judges[settings.allow] = opened.enter_context(open_sandbox(settings, environment, progress))
            return contextlib.nullcontext(judges[settings.allow])

        yield open_warm


@pytest.fixture
def warm_hook(monkeypatch, hook_sandboxes):
    """The hook runs in this process with sandboxes that are open: opening takes longest."""
    monkeypatch.setattr("coderefine.hook.sandbox.open_sandbox", hook_sandboxes)


@pytest.fixture(scope="session")
def forks():
    """Runs the command line in processes of their own, without what imports take."""
    from tests.forks import Forks

    with Forks() as opened:
        yield opened


@pytest.fixture
def brief_search(monkeypatch):
    """A search that tries a tenth of what it usually does after the first program that passes: for all but the search."""
    from coderefine.search.given import plan

    monkeypatch.setattr(plan, "_AFTERWARDS", 40)
    monkeypatch.setattr(plan, "_LEAST_AFTERWARDS", 2)


@pytest.fixture
def changed_sandbox(monkeypatch, tmp_path):
    """Return `change(old, new)`, which makes this machine's sandbox one that was changed so, in the one module with it."""
    folder = shutil.copytree(resources.sandbox_dir(), tmp_path / "sandbox")

    def change(old, new):
        (module,) = [path for path in folder.glob("*.py") if old in path.read_text()]
        module.write_text(module.read_text().replace(old, new))
        monkeypatch.setattr(resources, "sandbox_dir", lambda: folder)

    return change


@pytest.fixture
def scripted_server(monkeypatch):
    """Return `serve(replies)`: a context manager that runs a scripted model server, with a key in the environment."""
    from tests.scripted_server import serve

    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key-of-the-tests")
    return serve
