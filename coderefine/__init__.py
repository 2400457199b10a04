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
    from coderefine.autograd.variable import Gradient, Variable
    from coderefine.budget import Budget, Meter
    from coderefine.descent.code_loss import CodeLoss
    from coderefine.descent.models import open_model
    from coderefine.descent.optimizer import TextualGradientDescent
    from coderefine.engine import Engine, EngineOptions, StepReport
    from coderefine.folder.loading import load_problem
    from coderefine.judge.judge import Judge
    from coderefine.judge.opening import open_judge
    from coderefine.judge.report import CaseResult, TestReport
    from coderefine.judge.verdict import Verdict
    from coderefine.loop import refine
    from coderefine.patch import Patch
    from coderefine.problem.problem import Problem, TestCase
    from coderefine.progress import Progress
    from coderefine.refining.observers import Observers
    from coderefine.refining.options import RefineOptions
    from coderefine.refining.workbench import Workbench
    from coderefine.result import Result

__version__ = "0.1.0"
__all__ = [
    "Budget",
    "CaseResult",
    "CodeLoss",
    "Engine",
    "EngineOptions",
    "Gradient",
    "Judge",
    "Meter",
    "Observers",
    "Patch",
    "Problem",
    "Progress",
    "RefineOptions",
    "Result",
    "StepReport",
    "TestCase",
    "TestReport",
    "TextualGradientDescent",
    "Variable",
    "Verdict",
    "Workbench",
    "load_problem",
    "open_judge",
    "open_model",
    "refine",
]

_HOMES = {
    "Budget": "budget",
    "CaseResult": "judge.report",
    "CodeLoss": "descent.code_loss",
    "Engine": "engine",
    "EngineOptions": "engine",
    "Gradient": "autograd.variable",
    "Judge": "judge.judge",
    "Meter": "budget",
    "Observers": "refining.observers",
    "Patch": "patch",
    "Problem": "problem.problem",
    "Progress": "progress",
    "RefineOptions": "refining.options",
    "Result": "result",
    "StepReport": "engine",
    "TestCase": "problem.problem",
    "TestReport": "judge.report",
    "TextualGradientDescent": "descent.optimizer",
    "Variable": "autograd.variable",
    "Verdict": "judge.verdict",
    "Workbench": "refining.workbench",
    "load_problem": "folder.loading",
    "open_judge": "judge.opening",
    "open_model": "descent.models",
    "refine": "loop",
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
