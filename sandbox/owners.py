"""The pytest plugin that says which test the functions and files belong to that a session reaches (see reach.py).

What runs while a file of tests is collected, and in fixtures of a class or a module, belongs to the file. What runs in
a test belongs to the test. Everything else belongs to all tests.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

from typing import Any, Callable, Collection

from sandbox import reach


class Owners:
    """Given to pytest as a plugin. `id_of` turns pytest's ids into ours, `tests` are the files of tests."""

    def __init__(self, reached: reach.Reach, id_of: Callable[[str], str], tests: Collection[str]) -> None:
        self._reach, self._id_of, self._tests = reached, id_of, frozenset(tests)
        self._file = ""

    def pytest_collectstart(self, collector: Any) -> None:
        path = self._id_of(collector.nodeid).partition("::")[0]
        self._reach.switch(path if path in self._tests else "")

    def pytest_collection_finish(self, session: Any) -> None:
        self._reach.switch("")

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        test = self._id_of(nodeid)
        self._file = test.partition("::")[0]
        self._reach.switch(test.partition("[")[0])

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._reach.switch("")

    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        """Have what a fixture of several tests runs belong to all of them, and not only to the first."""
        if fixturedef.scope == "function":
            yield
            return
        before = self._reach.switch(self._file if fixturedef.scope in ("class", "module") else "")
        yield
        self._reach.switch(before)


def mark_hooks(pytest: Any) -> None:
    """Tell pytest which of the hooks wrap others; called once, after pytest was imported."""
    wrap = pytest.hookimpl(hookwrapper=True, tryfirst=True)
    Owners.pytest_fixture_setup = wrap(Owners.pytest_fixture_setup)  # type: ignore[method-assign]
