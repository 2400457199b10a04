"""Why a report says nothing of its program: the tests were all skipped, or a module is not there."""

from __future__ import annotations

import difflib
import re
import sys

from coderefine.judge.report import TestReport

_MISSING = re.compile(r"No module named '([\w.]+)'")
_NEAR = 0.75
"""How alike two names are if one may be a slip of the other."""


def are_all_skipped(report: TestReport) -> bool:
    """Whether no test said anything."""
    return bool(report.cases) and all(case.reason.startswith("skipped") for case in report.cases)


def missing_module(report: TestReport) -> str:
    """Return the package without which no test could run; "" where that is not why they failed.

    A name that is near to that of a module which is there may be a slip, and so for a repair.
    """
    errors = [case.error for case in report.cases]
    if not errors or any(error is None or error.type != "ModuleNotFoundError" for error in errors):
        return ""
    names = {match[1] for error in errors if error and (match := _MISSING.search(error.message))}
    name = names.pop().partition(".")[0] if len(names) == 1 else ""
    return "" if difflib.get_close_matches(name, sys.stdlib_module_names, cutoff=_NEAR) else name


def remedy(name: str) -> str:
    """Return what to do about a package that is missing."""
    return f"no test can run: there is no module {name} in the sandbox; if that is a package, give --packages {name}"
