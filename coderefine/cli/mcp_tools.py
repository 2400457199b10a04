"""The tools of `coderefine mcp`: the arguments of each, its command, and the part of its JSON that is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coderefine.rendering import cut, printable

_MAX_SECONDS = 600
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_BULKY = ("iterations", "log")
"""Fields of a result that are long, and in the record that the field `run` names."""


class Refused(Exception):
    """An argument that a tool does not accept."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A command that can be called."""

    description: str
    schema: dict[str, Any]
    arguments: Callable[[Path, dict[str, Any], Sequence[str]], list[str]]
    """Returns the command line for a root, the arguments, and the models; raises Refused."""

    @staticmethod
    def answer(found: dict[str, Any]) -> dict[str, Any]:
        """Return the part of the command's output that is answered."""
        return {name: value for name, value in found.items() if name not in _BULKY}


def _inside(root: Path, name: str) -> str:
    """Return the path of a file or folder from the root; raises Refused where it does not exist, or leads out."""
    shown = printable(cut(name))
    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise Refused(f"{shown} is outside of {root}")
        if not path.exists():
            raise Refused(f"{shown}: there is no such file below {root}")
    except (OSError, ValueError):
        raise Refused(f"{shown} is no name of a file") from None
    return f"./{path.relative_to(root)}"


def _problem(root: Path, name: str) -> str:
    return name if _SLUG.fullmatch(name) and not (root / name).exists() else _inside(root, name)


def _tests(root: Path, given: dict[str, Any]) -> list[str]:
    options = [f"--test={code}" for code in given.get("tests", ())]
    return options + ([f"--tests={_inside(root, given['tests_file'])}"] if "tests_file" in given else [])


def _judged(root: Path, given: dict[str, Any]) -> list[str]:
    """Return the arguments that name the problem and the solution."""
    problem = [_problem(root, given["problem"])] if "problem" in given else []
    return [*_tests(root, given), "--", *problem, _inside(root, given["file"])]


def _test(root: Path, given: dict[str, Any], models: Sequence[str]) -> list[str]:
    if "file" in given:
        return ["test", "--format=json", *_judged(root, given)]
    if given:
        raise Refused("tests are of a file; give its name, or nothing, to test what git says is changed")
    return ["hook", "--worktree", "--format=json"]


def _explain(root: Path, given: dict[str, Any], models: Sequence[str]) -> list[str]:
    return ["test", "--explain", "--format=json", *_judged(root, given)]


def _fix(root: Path, given: dict[str, Any], models: Sequence[str]) -> list[str]:
    options = ["--format=json", f"--max-seconds={given.get('max_seconds', 60)}", *(f"--model={it}" for it in models)]
    options += ["--in-place"] if given.get("write") else []
    if "problem" in given and "target" in given:
        raise Refused("a problem names what is called; leave out target")
    target = [given["target"]] if "target" in given else []
    return ["refine" if "problem" in given else "fix", *options, *_judged(root, given), *target]


def _certify(root: Path, given: dict[str, Any], models: Sequence[str]) -> list[str]:
    changes = f"--changes={given.get('changes', 200)}"
    return ["certify", changes, "--format=json", *_judged(root, given)]


_TEXT = {"type": "string", "minLength": 1, "maxLength": 10_000}
_FILE = {"file": {**_TEXT, "description": "A Python file, from the root of the workspace."}}
_PROBLEM = {"problem": {**_TEXT, "description": "The folder of a problem, or the name of a bundled one."}}
_OWN = {
    "tests": {
        "type": "array",
        "items": _TEXT,
        "maxItems": 100,
        "description": "Expressions that are to be true, such as f([1, 2]) == 3; those in the file count as well.",
    },
    "tests_file": {**_TEXT, "description": "A file of tests, which pytest runs."},
}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }


TOOLS = {
    "test": Tool(
        "Judge a Python file in a sandbox, by the tests in it or beside it, or by a problem: a verdict for each test. "
        "Without a file: run the tests that the changes of the git working tree concern.",
        _object({**_FILE, **_PROBLEM, **_OWN}),
        _test,
    ),
    "fix": Tool(
        "Look for a small patch of a Python file with which all its tests pass; answers a tested diff. Writes nothing "
        "unless asked, and then only what all tests accept.",
        _object(
            {
                **_FILE,
                **_PROBLEM,
                **_OWN,
                "target": {
                    "type": "string",
                    "pattern": r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$",
                    "description": "The function to repair, if only its own tests are to count.",
                },
                "max_seconds": {"type": "number", "exclusiveMinimum": 0, "maximum": _MAX_SECONDS, "default": 60},
                "write": {"type": "boolean", "default": False, "description": "Write an accepted repair to the file."},
            },
            "file",
        ),
        _fix,
    ),
    "certify": Tool(
        "Say which small changes of a right solution all tests of a problem let through, and propose tests.",
        _object(
            {**_FILE, **_PROBLEM, "changes": {"type": "integer", "minimum": 1, "maximum": 5000, "default": 200}},
            "file",
            "problem",
        ),
        _certify,
    ),
    "explain_failure": Tool(
        "Say why a Python file fails its tests: the smallest failure, suspicious lines and the values on them.",
        _object({**_FILE, **_PROBLEM, **_OWN}, "file"),
        _explain,
    ),
}
