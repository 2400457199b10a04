"""What a session of pytest takes over from the project: its settings, its options and its plugins.

Options are dropped that write reports to files, measure, run tests elsewhere or stop to ask: an option of a plugin that
is not installed must not keep tests from being run, and files of reports could not be written.

Standard library only (but for pytest), Python 3.8 or newer.
"""

from __future__ import annotations

import importlib
import os
import pathlib
import shlex
from typing import Any, Dict, List, Sequence, Tuple

SETTINGS = (
    "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg",
)  # fmt: skip
# Options that are dropped, and whether the next word is their value. A prefix ends with a star.
_DROPPED = {
    "-n": True, "--numprocesses": True, "--dist": True, "--maxprocesses": True, "--tx": True, "--px": True,
    "--max-worker-restart": True, "-f": False, "--looponfail": False, "--boxed": False, "--forked": False,
    "--cov": True, "--no-cov": False, "--no-cov-on-fail": False, "--cov-append": False, "--cov-branch": False,
    "--cov-reset": False, "--cov*": True, "--junitxml": True, "--junit-xml": True, "--junit-prefix": True,
    "--junitprefix": True, "--html": True, "--self-contained-html": False, "--css": True, "--json-report": False,
    "--json-report*": True, "--resultlog": True, "--result-log": True, "--report-log": True, "--alluredir": True,
    "--pdb": False, "--pdbcls": True, "--trace": False, "--lf": False, "--last-failed": False, "--ff": False,
    "--failed-first": False, "--nf": False, "--new-first": False, "--sw": False, "--stepwise": False,
    "--sw-skip": False, "--stepwise-skip": False, "--sw-reset": False, "--stepwise-reset": False, "--lfnf": True,
    "--last-failed-no-failures": True, "--cache-clear": False, "--cache-show": False, "--reruns": True,
    "--reruns-delay": True, "--only-rerun": True, "--rerun-except": True, "--pastebin": True, "--basetemp": True,
    "--rootdir": True, "-c": True, "--config-file": True, "--confcutdir": True, "-x": False, "--exitfirst": False,
    "--maxfail": True, "--collect-only": False, "--co": False, "--collectonly": False, "--setup-plan": False,
    "--setup-only": False, "--pyargs": False, "--log-file": True, "--testmon*": False, "--sugar": False,
    "--force-sugar": False, "--picked*": False, "--emoji": False, "--instafail": False, "--pspec": False,
    "--flake8": False, "--black": False, "--ruff": False, "--ruff-format": False, "--mypy": False, "--pylint": False,
    "--isort": False, "--codestyle": False, "--pycodestyle": False, "--pydocstyle": False, "--flakes": False,
}  # fmt: skip
# Options whose value is the next word, so that this word is not a path to run.
_VALUED = ("-k", "-m", "-p", "-o", "-W", "-r", "--override-ini", "--pythonwarnings", "--ignore", "--deselect",
           "--ignore-glob", "--import-mode", "--tb", "--color", "--capture", "--durations", "--durations-min",
           "--verbosity", "--doctest-glob", "--doctest-report", "--log-level", "--log-format", "--ds", "--dc",
           "--asyncio-mode", "--timeout", "--timeout-method", "--show-capture", "--code-highlight")  # fmt: skip
# A plugin that opens a socket, unless the other plugin is installed as well.
BLOCKED = {"rerunfailures": "flaky: run again where it fails"}


def settings(root: str, project: str, tests: Sequence[str]) -> Tuple[str, Dict[str, Any]]:
    """Return the file with pytest's settings for tests that are run from the folder `root`, and the settings in it.

    The file in `root` comes first, then files in the folders up to the project's root, then files in the folders down
    to the tests. A file that cannot be read is returned as well, so that pytest reports why; os.devnull stands for
    none.
    """
    folders = [root]
    while folders[-1] != project and os.path.dirname(folders[-1]) != folders[-1]:
        folders.append(os.path.dirname(folders[-1]))
    common = os.path.commonpath([root, *(os.path.join(project, os.path.dirname(test)) for test in tests)])
    inner = os.path.commonpath([os.path.join(project, os.path.dirname(test)) for test in tests]) if tests else common
    while inner.startswith(root + os.sep):
        folders.append(inner)
        inner = os.path.dirname(inner)
    load = importlib.import_module("_pytest.config.findpaths").load_config_dict_from_file
    for folder in folders:
        for name in SETTINGS:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                try:
                    found = load(pathlib.Path(path))
                except Exception:  # pytest's own message is better
                    return path, {}
                if found is not None:
                    return path, found
    return os.devnull, {}


def options(found: Dict[str, Any], root: str) -> List[str]:
    """Return the `addopts` of settings without the options that must not reach this session."""
    value = found.get("addopts", "")
    value = getattr(value, "value", value)
    try:
        words = shlex.split(value) if isinstance(value, str) else [str(word) for word in value]
    except ValueError:
        return []
    kept: List[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        name, has_value = word.partition("=")[0], "=" in word
        at += 1
        takes = _dropped(word, name)
        if takes is not None:
            at += takes and not has_value and at < len(words) and not words[at].startswith("-")
        elif not word.startswith("-") and not (kept and kept[-1] in _VALUED) and _is_path(root, word):
            continue  # what to run is given already
        else:
            kept.append(word)
    return kept


def _dropped(word: str, name: str) -> Any:
    """Return whether the next word is the option's value; None where the option is not dropped."""
    if name in _DROPPED:
        return _DROPPED[name]
    if word.startswith("-n") and word[2:].strip("=") and not word.startswith("--"):
        return False  # -n4, -nauto
    return next((it for key, it in _DROPPED.items() if key.endswith("*") and name.startswith(key[:-1])), None)


def _is_path(root: str, word: str) -> bool:
    return os.path.exists(os.path.join(root, word.partition("::")[0]))
