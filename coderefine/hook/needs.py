"""Names what failing tests need and do not have, and how to get it: a plugin's fixture, or an environment variable."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coderefine.judge.report import CaseResult

PLUGINS = {
    **dict.fromkeys(("mocker", "class_mocker", "module_mocker", "package_mocker", "session_mocker"), "pytest-mock"),
    **dict.fromkeys(("httpserver", "make_httpserver"), "pytest-httpserver"),
    **dict.fromkeys(("db", "client", "admin_client", "rf", "settings", "django_user_model"), "pytest-django"),
    **dict.fromkeys(("benchmark", "benchmark_weave"), "pytest-benchmark"),
    **dict.fromkeys(("datadir", "shared_datadir", "original_datadir", "lazy_datadir"), "pytest-datadir"),
    **dict.fromkeys(("file_regression", "data_regression", "num_regression"), "pytest-regressions"),
    **dict.fromkeys(("aiohttp_client", "aiohttp_server"), "pytest-aiohttp"),
    "httpx_mock": "pytest-httpx",
    "requests_mock": "requests-mock",
    "freezer": "pytest-freezer",
    "time_machine": "time-machine",
    "snapshot": "syrupy",
    "subtests": "pytest-subtests",
    "faker": "Faker",
    "qtbot": "pytest-qt",
    "event_loop": "pytest-asyncio",
    "fs": "pyfakefs",
}
"""Fixtures of well-known plugins, and the packages to install for them."""
_FIXTURE = re.compile(r"no fixture '(\w+)'")
_VARIABLE = re.compile(r"'(\w+)' \(an environment variable\)")


def needs(failed: Iterable[CaseResult], *, autoload: bool) -> list[str]:
    """Return a line for each thing that failing tests need; `autoload` says whether installed plugins are loaded."""
    found: dict[str, None] = {}
    for case in failed:
        message = case.error.message if case.error else ""
        if variable := _VARIABLE.fullmatch(message):
            told = f"{variable[1]} is not set: tests see no variables of yours; have conftest.py or pytest-env set it"
            found[told] = None
        elif (fixture := _FIXTURE.fullmatch(message)) and (plugin := PLUGINS.get(fixture[1])):
            way = "install it in the project's environment" if autoload else "name it in [tool.coderefine] plugins"
            found[f"no fixture {fixture[1]!r}: that is {plugin}'s; {way}"] = None
    return list(found)
