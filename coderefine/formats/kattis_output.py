"""How a Kattis package compares outputs: by the default validator's rules, or by a validator of its own.

Either becomes a checker, which runs in the sandbox, in a process in which no candidate ever ran.
"""

from __future__ import annotations

import math
from typing import Any

from coderefine.folder.loading import decode_source
from coderefine.formats import places
from coderefine.formats.record import RowError
from coderefine.problem.compare import Compare
from coderefine.problem.folder import Folder

_FLAGS = ("output_validator_flags", "validator_flags", "output_validator_args")
_TOLERANCES = {
    "float_tolerance": ("absolute", "relative"),
    "float_absolute_tolerance": ("absolute",),
    "float_relative_tolerance": ("relative",),
}
_FOLDERS = ("output_validators", "output_validator")
_DEFAULT = """\
import re

NUMBER = re.compile(r"[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|[+-]?(?:inf|infinity|nan)", re.IGNORECASE)


def number(token):
    return float(token) if NUMBER.fullmatch(token) else None


def same(expected, got):
    if CASE_SENSITIVE and expected == got or not CASE_SENSITIVE and expected.lower() == got.lower():
        return True
    wanted = number(expected) if ABSOLUTE is not None or RELATIVE is not None else None
    given = number(got) if wanted is not None else None
    if given is None:
        return False
    apart = abs(wanted - given)
    return (ABSOLUTE is not None and apart <= ABSOLUTE) or (RELATIVE is not None and apart <= RELATIVE * abs(wanted))


def check(args, expected, got):
    parts = (lambda text: re.findall(r"\\s|\\S+", text)) if SPACE_SENSITIVE else str.split
    wanted, given = parts(expected), parts(got)
    return len(wanted) == len(given) and all(map(same, wanted, given))
"""
_OWN = """\
import builtins, io, os, sys

ACCEPTED = 42


def check(args, expected, got):
    texts = {"/input": args[0], "/answer": expected}

    def opened(file, mode="r", *rest, **named):
        name = os.fspath(file)
        if name in texts:
            return io.BytesIO(texts[name].encode()) if "b" in mode else io.StringIO(texts[name])
        if not set("wax") & set(mode):
            raise FileNotFoundError(name)
        return io.BytesIO() if "b" in mode else io.StringIO()  # what it says goes nowhere

    kept = sys.argv, sys.stdin, io.open
    sys.argv = ["validator", "/input", "/answer", "/feedback/", *FLAGS]
    sys.stdin, io.open = io.TextIOWrapper(io.BytesIO(got.encode("utf-8", "replace")), encoding="utf-8"), opened
    scope = {"__name__": "__main__", "__builtins__": {**vars(builtins), "open": opened}}
    try:
        exec(compile(SOURCE, "validator.py", "exec"), scope)
    except SystemExit as end:
        return end.code == ACCEPTED
    finally:
        sys.argv, sys.stdin, io.open = kept
    return False
"""


def comparison(folder: Folder, settings: dict[str, Any]) -> Compare:
    """Return how a package compares outputs; raises RowError where that is not possible here."""
    validation = settings.get("validation")
    named = validation if isinstance(validation, dict) else {}
    said = next((it for it in (settings.get(name, named.get(name)) for name in _FLAGS) if it), "")
    flags = said.split() if isinstance(said, str) else list(map(str, said))
    is_custom = "custom" in str(validation)
    own = [file for name in _FOLDERS for file in _inside(folder, name)]
    if is_custom or (own and validation is None):
        return _own(folder, own, flags)
    return _default(flags)


def _inside(folder: Folder, name: str) -> list[str]:
    """Return the names in the folder of validators: files, or folders."""
    top = folder.path / name
    below = [file for place in places.folders(top) for file in places.files(place, "*")] if top.is_dir() else []
    return [file.relative_to(folder.path).as_posix() for file in below if file.name[0] != "."]


def _own(folder: Folder, files: list[str], flags: list[str]) -> Compare:
    if len(files) != 1 or not files[0].endswith(".py"):
        found = ", ".join(files[:3]) or "none"
        raise RowError(f"expected an output validator of one file in Python, not {found}")
    source = decode_source(folder.data(files[0]), files[0]).replace("\r\n", "\n")
    return Compare("checker", checker=f"SOURCE = {source!r}\nFLAGS = {flags!r}\n{_OWN}")


def _default(flags: list[str]) -> Compare:
    tolerances: dict[str, float | None] = {"absolute": None, "relative": None}
    waiting = list(flags)
    while waiting:
        flag = waiting.pop(0)
        if flag in _TOLERANCES:
            value = _tolerance(flag, waiting.pop(0) if waiting else "")
            tolerances |= dict.fromkeys(_TOLERANCES[flag], value)
        elif flag not in ("case_sensitive", "space_change_sensitive"):
            raise RowError(f"expected a flag of the default validator, not {flag!r}")
    head = {
        "CASE_SENSITIVE": "case_sensitive" in flags,
        "SPACE_SENSITIVE": "space_change_sensitive" in flags,
        "ABSOLUTE": tolerances["absolute"],
        "RELATIVE": tolerances["relative"],
    }
    lines = "".join(f"{name} = {value!r}\n" for name, value in head.items())
    return Compare("checker", checker=lines + _DEFAULT)


def _tolerance(flag: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < math.inf:
        raise RowError(f"expected a number behind {flag!r}, not {text!r}")
    return value
