"""Why a report does not judge its program: all tests were skipped, or a module is missing."""

from __future__ import annotations

import difflib
import re
import sys

from coderefine.judge.report import TestReport

_MISSING = re.compile(r"No module named '([\w.]+)'")
_NEAR = 0.75
"""From which similarity on a name may be a misspelling of the other."""


def are_all_skipped(report: TestReport) -> bool:
    """Whether the report has cases, and all of them were skipped."""
    return bool(report.cases) and all(case.reason.startswith("skipped") for case in report.cases)


def missing_module(report: TestReport) -> str:
    """Return the missing package that kept every test from running; "" where that is not why they failed.

    A name close to that of a module of the standard library may be a misspelling, which is for a repair.
    """
    errors = [case.error for case in report.cases]
    if not errors or any(error is None or error.type != "ModuleNotFoundError" for error in errors):
        return ""
    names = {match[1] for error in errors if error and (match := _MISSING.search(error.message))}
    name = names.pop().partition(".")[0] if len(names) == 1 else ""
    return "" if difflib.get_close_matches(name, sys.stdlib_module_names, cutoff=_NEAR) else name


def remedy(name: str) -> str:
    """Return what to do about a missing package."""
    return f"no test can run: there is no module {name} in the sandbox; if that is a package, give --packages {name}"
