"""Repairs Python code in a sandbox: tests judge it, criticisms guide it, the best tested candidate wins.

The names below are the public interface; they are imported when they are first used, so that importing the package
does nothing.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coderefine.autograd.variable import Variable
    from coderefine.budget import Budget, Meter
    from coderefine.engine import EngineOptions
    from coderefine.judge.judge import Judge
    from coderefine.judge.opening import open_judge
    from coderefine.judge.report import CaseResult, TestReport
    from coderefine.judge.verdict import Verdict
    from coderefine.loading import load_problem
    from coderefine.loss import CodeLoss
    from coderefine.models.factory import open_model
    from coderefine.optimizer import TextualGradientDescent
    from coderefine.problem import Problem, TestCase
    from coderefine.progress import Progress
    from coderefine.refine import refine
    from coderefine.result import Result

__version__ = "0.1.0"
__all__ = [
    "Budget",
    "CaseResult",
    "CodeLoss",
    "EngineOptions",
    "Judge",
    "Meter",
    "Problem",
    "Progress",
    "Result",
    "TestCase",
    "TestReport",
    "TextualGradientDescent",
    "Variable",
    "Verdict",
    "load_problem",
    "open_judge",
    "open_model",
    "refine",
]

_HOMES = {
    "Budget": "budget",
    "CaseResult": "judge.report",
    "CodeLoss": "loss",
    "EngineOptions": "engine",
    "Judge": "judge.judge",
    "Meter": "budget",
    "Problem": "problem",
    "Progress": "progress",
    "Result": "result",
    "TestCase": "problem",
    "TestReport": "judge.report",
    "TextualGradientDescent": "optimizer",
    "Variable": "autograd.variable",
    "Verdict": "judge.verdict",
    "load_problem": "loading",
    "open_judge": "judge.opening",
    "open_model": "models.factory",
    "refine": "refine",
}


class _Package(types.ModuleType):
    """A module whose submodules do not take the place of public names: `coderefine.refine` is the function."""

    def __getattr__(self, name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, types.ModuleType)):  # the import system binds submodules so
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
