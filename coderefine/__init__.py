"""Repairs Python code in a sandbox: tests judge it, criticisms guide it, the best tested candidate wins.

The public names are imported when they are first used, so that importing the package does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

if _TYPE_CHECKING:
    from coderefine.accidents import Accidents as Accidents
    from coderefine.accidents import Survival as Survival
    from coderefine.autograd.calls import FormattedCall as FormattedCall
    from coderefine.autograd.calls import ModelCall as ModelCall
    from coderefine.autograd.function import Function as Function
    from coderefine.autograd.graph import to_dot as to_dot
    from coderefine.autograd.graph import to_text as to_text
    from coderefine.autograd.mode import no_grad as no_grad
    from coderefine.autograd.operations import aggregate as aggregate
    from coderefine.autograd.operations import sum as sum
    from coderefine.autograd.variable import AsRoot as AsRoot
    from coderefine.autograd.variable import Gradient as Gradient
    from coderefine.autograd.variable import InputGradients as InputGradients
    from coderefine.autograd.variable import Variable as Variable
    from coderefine.autograd.variable import zero_grad as zero_grad
    from coderefine.budget import Budget as Budget
    from coderefine.budget import Ceiling as Ceiling
    from coderefine.budget import Meter as Meter
    from coderefine.descent.code_loss import CodeLoss as CodeLoss
    from coderefine.descent.field_loss import FieldLoss as FieldLoss
    from coderefine.descent.field_loss import tagged_number as tagged_number
    from coderefine.descent.judged import judge_run as judge_run
    from coderefine.descent.losses import MultiObjectiveLoss as MultiObjectiveLoss
    from coderefine.descent.losses import SelfEvaluationLoss as SelfEvaluationLoss
    from coderefine.descent.losses import TextLoss as TextLoss
    from coderefine.descent.models import open_model as open_model
    from coderefine.descent.objectives import Objective as Objective
    from coderefine.descent.optimizer import TextualGradientDescent as TextualGradientDescent
    from coderefine.descent.patch_prompt import EditFormat as EditFormat
    from coderefine.descent.text_descent import TextDescent as TextDescent
    from coderefine.descent.text_descent import TextForm as TextForm
    from coderefine.descent.text_descent import TextStep as TextStep
    from coderefine.engine import Engine as Engine
    from coderefine.engine import EngineOptions as EngineOptions
    from coderefine.engine import Loss as Loss
    from coderefine.engine import Optimizer as Optimizer
    from coderefine.engine import StepReport as StepReport
    from coderefine.errors import Accident as Accident
    from coderefine.errors import BudgetExhausted as BudgetExhausted
    from coderefine.errors import CoderefineError as CoderefineError
    from coderefine.errors import JudgeError as JudgeError
    from coderefine.errors import ModelError as ModelError
    from coderefine.errors import NotRecordedError as NotRecordedError
    from coderefine.errors import PatchError as PatchError
    from coderefine.errors import ProblemError as ProblemError
    from coderefine.errors import SandboxUnavailable as SandboxUnavailable
    from coderefine.errors import StoreError as StoreError
    from coderefine.errors import UnchangedError as UnchangedError
    from coderefine.errors import UnreadableError as UnreadableError
    from coderefine.errors import UsageError as UsageError
    from coderefine.evolution.options import EvolutionOptions as EvolutionOptions
    from coderefine.folder.loading import load_problem as load_problem
    from coderefine.harden.bounds import Args as Args
    from coderefine.harden.growth import Growth as Growth
    from coderefine.harden.hardening import Hardening as Hardening
    from coderefine.harden.kind import Proposals as Proposals
    from coderefine.harden.vote import Ballot as Ballot
    from coderefine.judge.evaluators import Evaluators as Evaluators
    from coderefine.judge.evaluators import OpenEvaluator as OpenEvaluator
    from coderefine.judge.judge import Judge as Judge
    from coderefine.judge.kind import Ran as Ran
    from coderefine.judge.kind import RunPlan as RunPlan
    from coderefine.judge.kind import Sandboxes as Sandboxes
    from coderefine.judge.measured import Measured as Measured
    from coderefine.judge.opening import open_judge as open_judge
    from coderefine.judge.pool import Pool as Pool
    from coderefine.judge.report import Assurance as Assurance
    from coderefine.judge.report import CandidateError as CandidateError
    from coderefine.judge.report import CaseResult as CaseResult
    from coderefine.judge.report import TestReport as TestReport
    from coderefine.judge.verdict import Verdict as Verdict
    from coderefine.judge.worker import Channel as Channel
    from coderefine.judge.worker import Event as Event
    from coderefine.judge.worker import LoadedProgram as LoadedProgram
    from coderefine.judge.worker import SandboxProgram as SandboxProgram
    from coderefine.judge.worker import Worker as Worker
    from coderefine.judge.worker import WorkerFault as WorkerFault
    from coderefine.judge.worker import WorkerRefused as WorkerRefused
    from coderefine.kinds.base import ProblemKind as ProblemKind
    from coderefine.kinds.fields import Fields as Fields
    from coderefine.kinds.table import KINDS as KINDS
    from coderefine.loop import refine as refine
    from coderefine.models.deadline import Pulse as Pulse
    from coderefine.models.image import ImagePart as ImagePart
    from coderefine.models.model import Answer as Answer
    from coderefine.models.model import Model as Model
    from coderefine.models.model import Prompt as Prompt
    from coderefine.models.server import Accepted as Accepted
    from coderefine.models.server import Server as Server
    from coderefine.models.server import Servers as Servers
    from coderefine.models.turns import Turn as Turn
    from coderefine.models.turns import Turns as Turns
    from coderefine.patch.diff.apply import apply_diff as apply_diff
    from coderefine.patch.lines.edit import Patch as Patch
    from coderefine.patch.lines.edit import make_diff as make_diff
    from coderefine.pipeline.graph import Pipeline as Pipeline
    from coderefine.problem.compare import Compare as Compare
    from coderefine.problem.compare import Comparison as Comparison
    from coderefine.problem.evaluation import Aggregation as Aggregation
    from coderefine.problem.evaluation import CandidateForm as CandidateForm
    from coderefine.problem.evaluation import Direction as Direction
    from coderefine.problem.evaluation import Evaluation as Evaluation
    from coderefine.problem.evaluation import Metric as Metric
    from coderefine.problem.folder import Folder as Folder
    from coderefine.problem.problem import Case as Case
    from coderefine.problem.problem import Kind as Kind
    from coderefine.problem.problem import Limits as Limits
    from coderefine.problem.problem import Param as Param
    from coderefine.problem.problem import Problem as Problem
    from coderefine.problem.problem import TestCase as TestCase
    from coderefine.problem.problem import TestPart as TestPart
    from coderefine.problem.problem import Tests as Tests
    from coderefine.problem.suite import ProjectFile as ProjectFile
    from coderefine.problem.suite import Suite as Suite
    from coderefine.problem.typespec import TypeSpec as TypeSpec
    from coderefine.progress import Call as Call
    from coderefine.progress import Progress as Progress
    from coderefine.progress import ProgressReporter as ProgressReporter
    from coderefine.record.journal import Journal as Journal
    from coderefine.record.journal import JournalRow as JournalRow
    from coderefine.record.journal import RowKind as RowKind
    from coderefine.record.store import Store as Store
    from coderefine.record.writer import Recording as Recording
    from coderefine.refining.engines import EngineSource as EngineSource
    from coderefine.refining.observers import Observers as Observers
    from coderefine.refining.options import RefineOptions as RefineOptions
    from coderefine.refining.workbench import Workbench as Workbench
    from coderefine.result import Candidate as Candidate
    from coderefine.result import Iteration as Iteration
    from coderefine.result import Result as Result
    from coderefine.search.given.plan import SearchPlan as SearchPlan

__version__ = "0.1.0"

_HOMES = {
    "Accepted": "models.server",
    "Accident": "errors",
    "Accidents": "accidents",
    "aggregate": "autograd.operations",
    "Aggregation": "problem.evaluation",
    "Answer": "models.model",
    "apply_diff": "patch.diff.apply",
    "Args": "harden.bounds",
    "AsRoot": "autograd.variable",
    "Assurance": "judge.report",
    "Ballot": "harden.vote",
    "Budget": "budget",
    "BudgetExhausted": "errors",
    "Call": "progress",
    "Candidate": "result",
    "CandidateError": "judge.report",
    "CandidateForm": "problem.evaluation",
    "Case": "problem.problem",
    "CaseResult": "judge.report",
    "Ceiling": "budget",
    "Channel": "judge.worker",
    "CodeLoss": "descent.code_loss",
    "CoderefineError": "errors",
    "Compare": "problem.compare",
    "Comparison": "problem.compare",
    "Direction": "problem.evaluation",
    "EditFormat": "descent.patch_prompt",
    "Engine": "engine",
    "EngineOptions": "engine",
    "EngineSource": "refining.engines",
    "Evaluation": "problem.evaluation",
    "Evaluators": "judge.evaluators",
    "Event": "judge.worker",
    "EvolutionOptions": "evolution.options",
    "FieldLoss": "descent.field_loss",
    "Fields": "kinds.fields",
    "Folder": "problem.folder",
    "FormattedCall": "autograd.calls",
    "Function": "autograd.function",
    "Gradient": "autograd.variable",
    "Growth": "harden.growth",
    "Hardening": "harden.hardening",
    "ImagePart": "models.image",
    "InputGradients": "autograd.variable",
    "Iteration": "result",
    "Journal": "record.journal",
    "JournalRow": "record.journal",
    "Judge": "judge.judge",
    "judge_run": "descent.judged",
    "JudgeError": "errors",
    "Kind": "problem.problem",
    "KINDS": "kinds.table",
    "Limits": "problem.problem",
    "load_problem": "folder.loading",
    "LoadedProgram": "judge.worker",
    "Loss": "engine",
    "make_diff": "patch.lines.edit",
    "Measured": "judge.measured",
    "Meter": "budget",
    "Metric": "problem.evaluation",
    "Model": "models.model",
    "ModelCall": "autograd.calls",
    "ModelError": "errors",
    "MultiObjectiveLoss": "descent.losses",
    "no_grad": "autograd.mode",
    "NotRecordedError": "errors",
    "Objective": "descent.objectives",
    "Observers": "refining.observers",
    "open_judge": "judge.opening",
    "open_model": "descent.models",
    "OpenEvaluator": "judge.evaluators",
    "Optimizer": "engine",
    "Param": "problem.problem",
    "Patch": "patch.lines.edit",
    "PatchError": "errors",
    "Pipeline": "pipeline.graph",
    "Pool": "judge.pool",
    "Problem": "problem.problem",
    "ProblemError": "errors",
    "ProblemKind": "kinds.base",
    "Progress": "progress",
    "ProgressReporter": "progress",
    "ProjectFile": "problem.suite",
    "Prompt": "models.model",
    "Proposals": "harden.kind",
    "Pulse": "models.deadline",
    "Ran": "judge.kind",
    "Recording": "record.writer",
    "refine": "loop",
    "RefineOptions": "refining.options",
    "Result": "result",
    "RowKind": "record.journal",
    "RunPlan": "judge.kind",
    "Sandboxes": "judge.kind",
    "SandboxProgram": "judge.worker",
    "SandboxUnavailable": "errors",
    "SearchPlan": "search.given.plan",
    "SelfEvaluationLoss": "descent.losses",
    "Server": "models.server",
    "Servers": "models.server",
    "StepReport": "engine",
    "Store": "record.store",
    "StoreError": "errors",
    "Suite": "problem.suite",
    "sum": "autograd.operations",
    "Survival": "accidents",
    "tagged_number": "descent.field_loss",
    "TestCase": "problem.problem",
    "TestPart": "problem.problem",
    "TestReport": "judge.report",
    "Tests": "problem.problem",
    "TextDescent": "descent.text_descent",
    "TextForm": "descent.text_descent",
    "TextLoss": "descent.losses",
    "TextStep": "descent.text_descent",
    "TextualGradientDescent": "descent.optimizer",
    "to_dot": "autograd.graph",
    "to_text": "autograd.graph",
    "Turn": "models.turns",
    "Turns": "models.turns",
    "TypeSpec": "problem.typespec",
    "UnchangedError": "errors",
    "UnreadableError": "errors",
    "UsageError": "errors",
    "Variable": "autograd.variable",
    "Verdict": "judge.verdict",
    "Workbench": "refining.workbench",
    "Worker": "judge.worker",
    "WorkerFault": "judge.worker",
    "WorkerRefused": "judge.worker",
    "zero_grad": "autograd.variable",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> _Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return list(__all__)
