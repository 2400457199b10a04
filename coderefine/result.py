"""The result of a refinement: frozen data with a JSON form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coderefine.engine import StepReport
from coderefine.errors import BudgetExhausted, CoderefineError
from coderefine.harden.hardening import Hardening
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.patch import make_diff
from coderefine.progress import Call


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program and its report on the visible tests."""

    source: str
    report: TestReport
    note: str = ""
    """What its patch does, in a few words."""

    def better_than(self, other: Candidate) -> bool:
        """Whether it passes all that `other` passes, and more tests, or has a milder verdict.

        Where an evaluator measures them, whether its figures are better.
        """
        if self.report.measured and other.report.measured:
            return self.report.standing > other.report.standing
        mine, theirs = self.report.passing, other.report.passing
        milder = self.report.verdict.rank < other.report.verdict.rank
        return mine >= theirs and (mine > theirs or milder)


@dataclass(frozen=True, slots=True)
class Iteration:
    """One step of an engine: its criticism, and the results of its patches."""

    number: int
    """From 1."""
    engine: str
    criticism: str
    tested: tuple[Candidate, ...]
    """The candidates of its patches, best first."""
    before: str = ""
    """The program that it criticised and patched."""
    step_report: StepReport = field(default_factory=StepReport)
    """What the engine reports besides its patches."""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            "number": self.number,
            "engine": self.engine,
            "criticism": self.criticism,
            "tested": [
                {
                    "note": candidate.note,
                    "diff": make_diff(self.before, candidate.source),
                    "source": candidate.source,
                    "report": candidate.report.to_json(),
                }
                for candidate in self.tested
            ],
            "account": self.step_report.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a refinement."""

    original: Candidate
    best: Candidate
    iterations: tuple[Iteration, ...]
    stopped: str
    """Why it ended, in words."""
    interrupted: bool
    exhausted: BudgetExhausted | None
    """The budget that ended the run; None where none did."""
    failure: CoderefineError | None
    """The error that ended the run after it had gained something; without a gain it is raised instead."""
    backend: str
    calls: int
    cached: int
    """Calls that the store answered; they are not in `calls` and cost nothing."""
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """None where a model was called whose price is not known."""
    candidates: int
    """Programs that were tried, as `Budget.max_candidates` counts them."""
    seconds: float
    hardening: Hardening | None = None
    """What was tried beyond the visible tests; None where nothing passed them, or where it was not wanted."""
    log: tuple[Call, ...] = ()
    """All answered calls in the order in which they ended, including those of an unfinished iteration."""
    passed_over: tuple[str, ...] = ()
    """A line for each engine that failed, for example because its model could not be reached."""
    accidents: tuple[str, ...] = ()
    """A line for each other failure, for example of hardening or an observer."""

    @property
    def source(self) -> str:
        """The best tested program; the input if none is better."""
        return self.best.source

    @property
    def verdict(self) -> Verdict:
        """The verdict of `source` on the visible tests."""
        return self.best.report.verdict

    @property
    def accepted(self) -> bool:
        """Whether `source` passes all visible tests."""
        return self.best.report.accepted

    @property
    def ended_by(self) -> BaseException | None:
        """What ended it early, if anything did."""
        return KeyboardInterrupt() if self.interrupted else self.exhausted or self.failure

    @property
    def diff(self) -> str:
        """The whole change as a unified diff; "" where nothing was better."""
        return make_diff(self.original.source, self.source)

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "verdict": self.verdict.value,
            "accepted": self.accepted,
            "source": self.source,
            "diff": self.diff,
            "stopped": self.stopped,
            "interrupted": self.interrupted,
            "exhausted": self.exhausted.limit if self.exhausted else None,
            "backend": self.backend,
            "calls": self.calls,
            "cached": self.cached,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost_usd": self.cost_usd,
            "candidates": self.candidates,
            "seconds": round(self.seconds, 3),
            "hardening": self.hardening.to_json() if self.hardening else None,
            "before": self.original.report.to_json(),
            "after": self.best.report.to_json(),
            "iterations": [iteration.to_json() for iteration in self.iterations],
            "log": [call.to_json() for call in self.log],
            "passed_over": list(self.passed_over),
            "accidents": list(self.accidents),
        }
